#include "core/pipeline/explain.h"

#include <algorithm>
#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "core/pipeline/guard.h"
#include "core/simd/dot.h"

namespace marquee {
namespace {

std::string Day(CalendarSecond second) {
  if (second == 0) return "ever";
  if (second == kNeverEnds) return "ever";
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(second),
                          absl::UTCTimeZone());
}

// For each title its rank, had retrieval been exact; 0 for those that it could
// not have found.
std::vector<size_t> MeasureExactRanks(
    const Snapshot& snapshot, const PipelineScratch& scratch,
    std::span<const std::optional<ItemRow>> rows) {
  const ItemVectors& vectors = snapshot.item_vectors();
  const ViewerContext& viewer = scratch.viewer;
  std::vector<size_t> ranks(rows.size(), 0);
  if (!viewer.has_vector()) return ranks;
  const auto score = [&](ItemRow row) {
    return simd::Dot(viewer.vector.data(), vectors[row].data(),
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

class Account {
 public:
  Account(const Pipeline& pipeline, const RecommendRequest& request,
          const PipelineScratch& scratch, const RecommendResponse& response,
          const Trace& trace, ItemRow row, size_t exact_rank)
      : pipeline_(pipeline),
        snapshot_(pipeline.snapshot()),
        request_(request),
        scratch_(scratch),
        response_(response),
        trace_(trace),
        row_(row) {
    fate_.exact_rank = exact_rank;
  }

  Fate Make() {
    if (const auto refusal =
            FindUnshowable(snapshot_, request_, scratch_.viewer, row_)) {
      Refused(*refusal);
      return fate_;
    }
    MeasureRankerRank();
    if (IsShown()) return fate_;
    if (HeldBackByRule()) return fate_;
    if (IsCandidate()) {
      Ended(End::kRankedBelow, "",
            absl::StrCat("was a candidate, ", Ranks(),
                         ", and others had higher scores"));
    } else if (response_.tier == Tier::kPopular) {
      Ended(End::kNotRetrieved, "",
            "is not among the most watched or newest titles, and nothing "
            "else was looked at for this request");
    } else if (!snapshot_.item_vectors().Has(row_)) {
      Ended(End::kNoVector, "",
            "has no vector in this snapshot, so retrieval can not find it");
    } else {
      Ended(End::kNotRetrieved, "",
            absl::StrCat("was not among the ", trace_.retrieved.size(),
                         " candidates: its inner "
                         "product with the person's vector is rank ",
                         fate_.exact_rank));
    }
    return fate_;
  }

 private:
  void Ended(End end, absl::string_view rule, absl::string_view what) {
    fate_.end = end;
    fate_.rule = std::string(rule);
    fate_.detail =
        absl::StrCat("'", snapshot_.catalog().Title(row_), "' ", what);
  }

  void Refused(Unshowable refusal) {
    const PolicyContext& policy = scratch_.viewer.policy;
    switch (refusal) {
      case Unshowable::kNotLicensed:
        return Ended(End::kNotLicensed, "",
                     absl::StrCat("is not licensed in ", Country(), " at ",
                                  Day(policy.now), LicenceStory()));
      case Unshowable::kTooMature:
        return Ended(
            End::kTooMature, "",
            absl::StrCat(snapshot_.catalog().DescribeMaturity(row_),
                         ", the profile's limit is ", policy.maturity_limit));
      case Unshowable::kSeen:
        return Ended(End::kSeen, "", "was seen already");
      case Unshowable::kNotSeen:
        return Ended(End::kNotSeen, "",
                     "was not seen, and only seen titles are asked for");
      case Unshowable::kExcluded:
        return Ended(End::kExcluded, "", "is excluded by the request");
      case Unshowable::kFiltered:
        return Ended(End::kFiltered, "",
                     "does not match the filters of the request");
      case Unshowable::kBlocked: {
        const BlockRule* const block =
            snapshot_.policy().HiddenBy(policy, row_);
        return Ended(End::kBlocked, block->name,
                     absl::StrCat("is hidden by block '", block->name,
                                  "' (line ", block->line, " of the policy)"));
      }
    }
  }

  std::string Country() const {
    const absl::string_view country = scratch_.viewer.policy.country;
    return country.empty() ? "an unknown country" : std::string(country);
  }

  // The windows that concern the country.
  std::string LicenceStory() const {
    std::string story;
    for (const StoredWindow& window : snapshot_.licences().Windows(row_)) {
      if (window.country != scratch_.viewer.country &&
          window.country != kEveryCountry)
        continue;
      absl::StrAppend(&story,
                      story.empty() ? "; there it is from " : " and from ",
                      Day(window.start), " until ", Day(window.end));
    }
    return story.empty() ? "; there it has no licence at all" : story;
  }

  void MeasureRankerRank() {
    const std::optional<size_t> at = RetrievedAt();
    if (!at || trace_.ranker_scores.empty()) return;
    const double score = trace_.ranker_scores[*at];
    fate_.ranker_rank = 1;
    for (size_t i = 0; i < trace_.ranker_scores.size(); ++i) {
      const double other = trace_.ranker_scores[i];
      const bool before =
          other != score ? other > score : trace_.retrieved[i].row < row_;
      if (before) ++fate_.ranker_rank;
    }
  }

  std::optional<size_t> RetrievedAt() const {
    for (size_t i = 0; i < trace_.retrieved.size(); ++i) {
      if (trace_.retrieved[i].row == row_) return i;
    }
    return std::nullopt;
  }

  bool IsCandidate() const {
    return std::any_of(
        trace_.boosted.begin(), trace_.boosted.end(),
        [this](const SlateCandidate& c) { return c.row == row_; });
  }

  std::string Ranks() const {
    std::string ranks;
    if (fate_.exact_rank != 0)
      absl::StrAppend(&ranks, "rank ", fate_.exact_rank, " of retrieval");
    if (fate_.ranker_rank != 0) {
      absl::StrAppend(&ranks, ranks.empty() ? "" : ", ", "rank ",
                      fate_.ranker_rank, " of the ranker");
    }
    return ranks.empty() ? "without a rank" : ranks;
  }

  bool IsShown() {
    for (size_t i = 0; i < response_.items.size(); ++i) {
      if (response_.items[i].row != row_) continue;
      fate_.position = i + 1;
      Ended(End::kShown, "",
            absl::StrCat("is shown at position ", i + 1, ", ", Ranks()));
      return true;
    }
    return false;
  }

  bool HeldBackByRule() {
    for (const HeldBack& held : trace_.held_back) {
      if (held.row != row_) continue;
      if (held.cap != nullptr) {
        Ended(End::kCapped, held.cap->name,
              absl::StrCat("was held back by cap '", held.cap->name, "' (line ",
                           held.cap->line, " of the policy), ", Ranks()));
      } else {
        Ended(End::kNotDiverse, snapshot_.policy().diversity_name,
              absl::StrCat(
                  "was passed over for titles less like those above them, ",
                  Ranks()));
      }
      return true;
    }
    return false;
  }

  const Pipeline& pipeline_;
  const Snapshot& snapshot_;
  const RecommendRequest& request_;
  const PipelineScratch& scratch_;
  const RecommendResponse& response_;
  const Trace& trace_;
  const ItemRow row_;
  Fate fate_;
};

}  // namespace

absl::string_view EndName(End end) {
  static constexpr std::array<absl::string_view, 14> kNames = {
      "shown",       "unknown_item",  "not_licensed", "too_mature",
      "seen",        "excluded",      "filtered",     "blocked",
      "no_vector",   "not_retrieved", "ranked_below", "capped",
      "not_diverse", "not_seen"};
  return kNames[static_cast<size_t>(end)];
}

std::vector<Fate> AccountFor(const Pipeline& pipeline,
                             const RecommendRequest& request,
                             const PipelineScratch& scratch,
                             const RecommendResponse& response,
                             const Trace& trace,
                             std::span<const absl::string_view> item_ids) {
  const Snapshot& snapshot = pipeline.snapshot();
  std::vector<std::optional<ItemRow>> rows;
  for (const absl::string_view id : item_ids) {
    rows.push_back(snapshot.catalog().Find(id));
  }
  const std::vector<size_t> exact_ranks =
      MeasureExactRanks(snapshot, scratch, rows);
  std::vector<Fate> fates(item_ids.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i]) {
      fates[i] = Account(pipeline, request, scratch, response, trace, *rows[i],
                         exact_ranks[i])
                     .Make();
    } else {
      fates[i].detail =
          absl::StrCat("the catalogue has no title '", item_ids[i], "'");
    }
  }
  return fates;
}

}  // namespace marquee
