#include "core/pipeline/explain.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/pipeline/final_check.h"
#include "core/simd/dot.h"

namespace marquee {
namespace {

std::string Day(CalendarSecond second) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(second),
                          absl::UTCTimeZone());
}

std::string TellWindow(const StoredWindow& window) {
  if (window.end == kNeverEnds) {
    return absl::StrCat("from ", Day(window.start), " on");
  }
  if (window.start == 0) return absl::StrCat("until ", Day(window.end));
  return absl::StrCat("from ", Day(window.start), " until ", Day(window.end));
}

// Returns the rank of each item as if retrieval were exact; 0 for an item that
// it could not have found.
std::vector<size_t> MeasureExactRanks(
    const Snapshot& snapshot, const PipelineScratch& scratch,
    std::span<const std::optional<ItemRow>> rows) {
  const ItemVectors& vectors = snapshot.item_vectors();
  const ResolvedUser& user = scratch.user;
  std::vector<size_t> ranks(rows.size(), 0);
  if (rows.empty() || !user.has_vector()) return ranks;
  const auto score = [&](ItemRow row) {
    return simd::Dot(user.vector.data(), vectors[row].data(),
                     vectors.dimension());
  };
  std::vector<Candidate> own(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    const bool found = rows[i] && vectors.Has(*rows[i]) &&
                       TestBit(scratch.eligible.retrievable, Index(*rows[i]));
    if (!found) continue;
    ranks[i] = 1;
    own[i] = {*rows[i], score(*rows[i])};
  }
  ForEachBit(scratch.eligible.retrievable, [&](uint32_t row) {
    const Candidate other{ItemRow{row}, score(ItemRow{row})};
    for (size_t i = 0; i < ranks.size(); ++i) {
      if (ranks[i] > 0 && Better(other, own[i])) ++ranks[i];
    }
  });
  return ranks;
}

// Returns the rank by the ranker, from 1, by position in trace.candidates.
// Empty if the ranker did not run.
std::vector<size_t> RankerRanks(const Trace& trace) {
  std::vector<size_t> order(trace.ranker_scores.size());
  std::iota(order.begin(), order.end(), 0);
  // Linear trees may give NaN. It is the lowest score, as in the list: a sort
  // by numbers that do not compare is undefined.
  const auto score = [&](size_t i) {
    const double score = trace.ranker_scores[i];
    return std::isnan(score) ? -std::numeric_limits<double>::infinity() : score;
  };
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    if (score(a) != score(b)) return score(a) > score(b);
    return trace.candidates[a].row < trace.candidates[b].row;
  });
  std::vector<size_t> ranks(order.size());
  for (size_t i = 0; i < order.size(); ++i) ranks[order[i]] = i + 1;
  return ranks;
}

std::optional<size_t> CandidateAt(const Trace& trace, ItemRow row) {
  const auto found =
      std::find_if(trace.candidates.begin(), trace.candidates.end(),
                   [row](const Candidate& c) { return c.row == row; });
  if (found == trace.candidates.end()) return std::nullopt;
  return static_cast<size_t>(found - trace.candidates.begin());
}

ExplainedItem ExplainItem(const TracedAnswer& answer, ItemRow row,
                          std::span<const size_t> ranker_ranks) {
  ExplainedItem item{.row = row};
  const std::optional<size_t> at = CandidateAt(answer.trace, row);
  if (!at) return item;
  item.origin = answer.trace.origins[*at];
  item.retrieval_score = answer.trace.candidates[*at].score;
  if (ranker_ranks.empty()) return item;
  item.ranker_rank = ranker_ranks[*at];
  item.ranker_score = answer.trace.ranker_scores[*at];
  const FeatureMatrix& features = answer.scratch.ranker.features;
  for (size_t f = 0; f < features.features(); ++f) {
    item.features.push_back(features.At(*at, f));
  }
  return item;
}

// Finds where one item ended.
class ItemTracer {
 public:
  ItemTracer(const TracedAnswer& answer, ItemRow row, size_t exact_rank,
             std::span<const size_t> ranker_ranks)
      : snapshot_(answer.pipeline.snapshot()),
        request_(answer.request),
        user_(answer.scratch.user),
        shown_before_(answer.scratch.shown),
        response_(answer.response),
        trace_(answer.trace),
        row_(row) {
    outcome_.exact_rank = exact_rank;
    const std::optional<size_t> at = CandidateAt(trace_, row);
    if (at && !ranker_ranks.empty()) outcome_.ranker_rank = ranker_ranks[*at];
  }

  ItemOutcome Find() {
    if (const auto why = FindIneligibility(snapshot_, request_, user_, row_)) {
      EndIneligible(*why);
      return outcome_;
    }
    if (IsShown() || WasShownBefore()) return outcome_;
    if (HeldBackByRule()) return outcome_;
    if (IsCandidate()) {
      End(Outcome::kRankedBelow, "",
          absl::StrCat("was a candidate, ", Ranks(),
                       ", and others had higher scores"));
    } else if (!response_.engine) {
      End(Outcome::kNotRetrieved, "",
          absl::StrCat("was not among the ", trace_.candidates.size(),
                       " candidates, for which no vector was used"));
    } else if (!snapshot_.item_vectors().Has(row_)) {
      End(Outcome::kNoVector, "",
          "has no vector in this snapshot, so retrieval can not find it, and "
          "no other source brought it");
    } else {
      End(Outcome::kNotRetrieved, "",
          absl::StrCat("was not among the ", trace_.candidates.size(),
                       " candidates: its inner "
                       "product with the user's vector is rank ",
                       outcome_.exact_rank,
                       ", and no other source brought it"));
    }
    return outcome_;
  }

 private:
  void End(Outcome outcome, absl::string_view rule, absl::string_view what) {
    outcome_.outcome = outcome;
    outcome_.rule = std::string(rule);
    outcome_.detail =
        absl::StrCat("'", snapshot_.catalog().Title(row_), "' ", what);
  }

  void EndIneligible(Ineligibility why) {
    const UserContext& context = user_.context;
    switch (why) {
      case Ineligibility::kNotLicensed:
        return End(Outcome::kNotLicensed, "",
                   absl::StrCat("is not licensed in ", Country(), " at ",
                                Day(context.now), LicenceStory()));
      case Ineligibility::kTooMature:
        return End(
            Outcome::kTooMature, "",
            absl::StrCat(snapshot_.catalog().DescribeMaturity(row_),
                         ", the profile's limit is ", context.maturity_limit));
      case Ineligibility::kSeen:
        return End(Outcome::kSeen, "", "was seen already");
      case Ineligibility::kNotSeen:
        return End(Outcome::kNotSeen, "",
                   "was not seen, and only seen items are requested");
      case Ineligibility::kExcluded:
        return End(Outcome::kExcluded, "", "is excluded by the request");
      case Ineligibility::kFiltered:
        return End(Outcome::kFiltered, "",
                   "does not match the filters of the request");
      case Ineligibility::kBlocked: {
        const BlockRule* const block =
            snapshot_.policy().HiddenBy(context, row_);
        return End(Outcome::kBlocked, block->name,
                   absl::StrCat("is hidden by block '", block->name, "' (line ",
                                block->line, " of the policy)"));
      }
    }
  }

  std::string Country() const {
    const absl::string_view country = user_.context.country;
    return country.empty() ? "an unknown country" : std::string(country);
  }

  // The licence windows of the country.
  std::string LicenceStory() const {
    std::string story;
    for (const StoredWindow& window : snapshot_.licences().Windows(row_)) {
      if (window.country != user_.country && window.country != kEveryCountry)
        continue;
      absl::StrAppend(&story,
                      story.empty() ? "; there it is licensed " : " and ",
                      TellWindow(window));
    }
    return story.empty() ? "; there it has no licence at all" : story;
  }

  bool IsCandidate() const {
    return std::any_of(trace_.boosted.begin(), trace_.boosted.end(),
                       [this](const Candidate& c) { return c.row == row_; });
  }

  std::string Ranks() const {
    std::string ranks;
    if (outcome_.exact_rank != 0)
      absl::StrAppend(&ranks, "rank ", outcome_.exact_rank, " of retrieval");
    if (outcome_.ranker_rank != 0) {
      absl::StrAppend(&ranks, ranks.empty() ? "" : ", ", "rank ",
                      outcome_.ranker_rank, " of the ranker");
    }
    return ranks.empty() ? "without a rank" : ranks;
  }

  bool IsShown() {
    for (size_t i = 0; i < response_.items.size(); ++i) {
      if (response_.items[i].row != row_) continue;
      outcome_.position = i + 1;
      End(Outcome::kShown, "",
          absl::StrCat("is shown at position ", i + 1, ", ", Ranks()));
      return true;
    }
    return false;
  }

  bool WasShownBefore() {
    const auto end = shown_before_.end();
    if (std::find(shown_before_.begin(), end, row_) == end) return false;
    End(Outcome::kShownBefore, "", "is shown on a page before this one");
    return true;
  }

  bool HeldBackByRule() {
    for (const HeldBack& held : trace_.held_back) {
      if (held.row != row_) continue;
      if (held.cap != nullptr) {
        End(Outcome::kCapped, held.cap->name,
            absl::StrCat("was held back by cap '", held.cap->name, "' (line ",
                         held.cap->line, " of the policy), ", Ranks()));
      } else {
        End(Outcome::kNotDiverse, snapshot_.policy().diversity_name,
            absl::StrCat(
                "was passed over for items less like those above them, ",
                Ranks()));
      }
      return true;
    }
    return false;
  }

  const Snapshot& snapshot_;
  const RecommendRequest& request_;
  const ResolvedUser& user_;
  const std::vector<ItemRow>& shown_before_;
  const RecommendResponse& response_;
  const Trace& trace_;
  const ItemRow row_;
  ItemOutcome outcome_;
};

std::vector<ItemOutcome> FindOutcomes(
    const TracedAnswer& answer, std::span<const absl::string_view> item_ids,
    std::span<const size_t> ranker_ranks) {
  const Snapshot& snapshot = answer.pipeline.snapshot();
  std::vector<std::optional<ItemRow>> rows;
  for (const absl::string_view id : item_ids) {
    rows.push_back(snapshot.catalog().Find(id));
  }
  const std::vector<size_t> exact_ranks =
      MeasureExactRanks(snapshot, answer.scratch, rows);
  std::vector<ItemOutcome> outcomes(item_ids.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i]) {
      outcomes[i] =
          ItemTracer(answer, *rows[i], exact_ranks[i], ranker_ranks).Find();
    } else {
      outcomes[i].detail =
          absl::StrCat("the catalogue has no item '", item_ids[i], "'");
    }
  }
  return outcomes;
}

}  // namespace

absl::string_view OutcomeName(Outcome outcome) {
  static constexpr std::array<absl::string_view, kOutcomes> kNames = {
      "shown",       "unknown_item",  "not_licensed", "too_mature",
      "seen",        "excluded",      "filtered",     "blocked",
      "no_vector",   "not_retrieved", "ranked_below", "capped",
      "not_diverse", "not_seen",      "shown_before"};
  return kNames[static_cast<size_t>(outcome)];
}

Explanation Explain(const TracedAnswer& answer,
                    std::span<const absl::string_view> item_ids) {
  const std::vector<size_t> ranker_ranks = RankerRanks(answer.trace);
  Explanation explanation;
  for (const RecommendedItem& item : answer.response.items) {
    explanation.items.push_back(ExplainItem(answer, item.row, ranker_ranks));
  }
  explanation.outcomes = FindOutcomes(answer, item_ids, ranker_ranks);
  return explanation;
}

}  // namespace marquee
