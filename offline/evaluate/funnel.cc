#include "offline/evaluate/funnel.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/clock.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"
#include "core/pipeline/pipeline.h"
#include "core/retrieval/exact_scan.h"
#include "core/sources/sources.h"

namespace marquee {
namespace {

// The trending lists are in the order of Horizon.
enum : size_t {
  kPopularity,
  kTrending,
  kAls = kTrending + kHorizons,
  kNew,
  kBecause,
  kGenre,
  kWithoutRanker,
  kFunnel,
  kContenders
};
constexpr std::array<const char*, kContenders> kNames = {
    "popularity", "trending 6h", "trending 1d", "trending 7d", "trending 30d",
    "als",        "new",         "because",     "genre",       "without ranker",
    "funnel"};

// The list of a contender and the set that it chose from, best first, as rows
// of the catalogue.
struct Answer {
  std::vector<uint32_t> list;
  std::vector<uint32_t> candidates;
  Trace trace;  // of a pipeline
};

// Sums over users.
struct Tally {
  double recall = 0, ndcg = 0, retrieval_recall = 0, novelty = 0;
  size_t shown = 0;
  absl::flat_hash_set<uint32_t> distinct;
};

struct Question {
  absl::string_view user;
  int64_t first = 0;            // Unix seconds
  std::vector<uint32_t> items;  // of the test set
};

std::vector<Question> QuestionsOf(const InteractionSet& test) {
  std::vector<Question> questions(test.users.size());
  for (size_t i = 0; i < test.size(); ++i) {
    Question& question = questions[test.user[i]];
    if (question.items.empty() || test.timestamp[i] < question.first)
      question.first = test.timestamp[i];
    question.items.push_back(test.item[i]);
  }
  for (uint32_t u = 0; u < questions.size(); ++u)
    questions[u].user = test.users[u];
  return questions;
}

std::vector<ItemRow> MostWatched(const Popularity& popularity) {
  const std::span<const uint64_t> watches = popularity.watches();
  std::vector<ItemRow> rows;
  for (uint32_t row = 0; row < watches.size(); ++row)
    rows.push_back(ItemRow{row});
  std::stable_sort(rows.begin(), rows.end(), [&](ItemRow a, ItemRow b) {
    return watches[Index(a)] > watches[Index(b)];
  });
  return rows;
}

class Evaluation {
 public:
  Evaluation(const Snapshot& snapshot, const InteractionSet& test,
             const FunnelOptions& options)
      : snapshot_(snapshot),
        test_(test),
        options_(options),
        funnel_(snapshot, {.candidates = options.k_retrieval}, Clock::Real()),
        without_ranker_(
            snapshot, {.candidates = options.k_retrieval, .use_ranker = false},
            Clock::Real()),
        exact_(snapshot_.item_vectors()),
        most_watched_(MostWatched(snapshot.popularity())),
        scratch_(snapshot_, options.k_retrieval),
        breakdown_(snapshot.popularity()) {}

  absl::Status Ask(const Question& question) {
    RecommendRequest request;
    request.user_id = question.user;
    request.limit = std::max(options_.k_recall, options_.k_ndcg);
    // The moment of the user's first item of the test: its licences count.
    request.now = absl::FromUnixSeconds(question.first);
    // The pipelines first: they leave the eligible items in the scratch memory,
    // from which the other contenders and the relevant items are taken.
    std::array<Answer, kContenders> answers;
    MARQUEE_RETURN_IF_ERROR(
        AskPipeline(without_ranker_, request, answers[kWithoutRanker]));
    MARQUEE_RETURN_IF_ERROR(AskPipeline(funnel_, request, answers[kFunnel]));
    const RelevantSet relevant = RelevantOf(question);
    if (relevant.empty()) return absl::OkStatus();
    answers[kPopularity] = FirstEligible(most_watched_);
    for (size_t h = 0; h < kHorizons; ++h) {
      answers[kTrending + h] = FirstEligible(
          snapshot_.popularity().Everywhere(static_cast<Horizon>(h)).rows);
    }
    answers[kAls] = AskAls(answers[kPopularity]);
    AskSources(answers);
    ++report_.users;
    report_.relevant += relevant.size();
    std::array<double, kContenders> recall, ndcg;
    for (size_t c = 0; c < kContenders; ++c) {
      recall[c] = RecallAt(answers[c].list, relevant, options_.k_recall);
      ndcg[c] = NdcgAt(answers[c].list, relevant, options_.k_ndcg);
      Count(answers[c], recall[c], ndcg[c], relevant, tallies_[c]);
    }
    // The differences are paired by user, so that the interval does not contain
    // how users differ in both lists.
    for (size_t c = 0; c < kContenders; ++c) {
      recall_gains_[c].push_back(recall[kFunnel] - recall[c]);
      ndcg_gains_[c].push_back(ndcg[kFunnel] - ndcg[c]);
    }
    const Answer& funnel = answers[kFunnel];
    breakdown_.Add({.candidates = funnel.trace.candidates,
                    .origins = funnel.trace.origins,
                    .list = funnel.list,
                    .moment = question.first,
                    .has_vector = scratch_.user.has_vector(),
                    .recall = recall[kFunnel],
                    .ndcg = ndcg[kFunnel],
                    .retrieval_recall = RecallAt(funnel.candidates, relevant,
                                                 options_.k_retrieval)},
                   relevant);
    return absl::OkStatus();
  }

  absl::StatusOr<FunnelReport> Report() {
    if (report_.users == 0) {
      return absl::FailedPreconditionError(
          "no user of the test file likes an item that could have been shown: "
          "does the snapshot hold the test interactions too?");
    }
    const auto users = static_cast<double>(report_.users);
    for (size_t c = 0; c < kContenders; ++c) {
      const Tally& tally = tallies_[c];
      report_.contenders.push_back(
          {.name = kNames[c],
           .recall = tally.recall / users,
           .ndcg = tally.ndcg / users,
           .retrieval_recall = tally.retrieval_recall / users,
           .coverage = static_cast<double>(tally.distinct.size()) /
                       static_cast<double>(snapshot_.catalog().size()),
           .novelty = tally.novelty /
                      static_cast<double>(std::max<size_t>(tally.shown, 1)),
           .recall_gain = BootstrapMean(recall_gains_[c], options_.resamples,
                                        options_.seed),
           .ndcg_gain = BootstrapMean(ndcg_gains_[c], options_.resamples,
                                      options_.seed)});
    }
    report_.sources = breakdown_.Sources();
    report_.ages = breakdown_.Ages();
    report_.users_with_vector = breakdown_.WithVector();
    report_.users_without_vector = breakdown_.WithoutVector();
    return std::move(report_);
  }

 private:
  absl::Status AskPipeline(const Pipeline& pipeline,
                           const RecommendRequest& request, Answer& answer) {
    RecommendResponse response;
    MARQUEE_RETURN_IF_ERROR(
        pipeline.Recommend(request, scratch_, response, &answer.trace));
    for (const RecommendedItem& item : response.items)
      answer.list.push_back(Index(item.row));
    for (const Candidate& candidate : answer.trace.candidates)
      answer.candidates.push_back(Index(candidate.row));
    return absl::OkStatus();
  }

  // Requires: the scratch of this user's request.
  RelevantSet RelevantOf(const Question& question) const {
    RelevantSet relevant;
    for (const uint32_t item : question.items) {
      const auto row = snapshot_.catalog().Find(test_.items[item]);
      if (row && TestBit(scratch_.eligible.items, Index(*row)))
        relevant.insert(Index(*row));
    }
    return relevant;
  }

  // Chooses from a list that is the same for all users.
  Answer FirstEligible(std::span<const ItemRow> rows) const {
    Answer answer;
    for (const ItemRow row : rows) {
      if (answer.list.size() == options_.k_retrieval) break;
      if (TestBit(scratch_.eligible.items, Index(row)))
        answer.list.push_back(Index(row));
    }
    answer.candidates = answer.list;
    return answer;
  }

  // The sources that are not a list for all users, each alone. Where one has
  // nothing, popularity, so that all contenders have the same users.
  void AskSources(std::array<Answer, kContenders>& answers) {
    SourceMix mix = SourceMix::Default();
    mix.weights.fill(1);
    // Beside the nearest by vector, a source would list few.
    mix.weight(Source::kPersonal) = 0;
    ListSources({.catalog = &snapshot_.catalog(),
                 .popularity = &snapshot_.popularity(),
                 .related_items = &snapshot_.related_items()},
                mix,
                {.user = scratch_.user.context,
                 .eligible = scratch_.eligible.items,
                 .count = options_.k_retrieval},
                scratch_.user.latest, scratch_.sources);
    const auto take = [&](Source source, Answer& answer) {
      for (const ItemRow row : scratch_.sources.list(source).rows) {
        answer.list.push_back(Index(row));
      }
      if (answer.list.empty()) answer.list = answers[kPopularity].list;
      answer.candidates = answer.list;
    };
    take(Source::kNew, answers[kNew]);
    take(Source::kBecause, answers[kBecause]);
    take(Source::kGenre, answers[kGenre]);
  }

  Answer AskAls(const Answer& popular) {
    std::vector<float> vector(snapshot_.item_vectors().dimension());
    const std::optional<UserRow> user = scratch_.user.row;
    if (!user || !snapshot_.user_vectors().Read(*user, vector)) {
      // The user gets the popular items, so that all contenders have the same
      // users.
      ++report_.without_vector;
      return popular;
    }
    std::vector<Candidate> found(options_.k_retrieval);
    found.resize(
        exact_.Retrieve({.vector = vector,
                         .eligible = scratch_.eligible.retrievable,
                         .eligible_count = scratch_.eligible.retrievable_count,
                         .k = options_.k_retrieval},
                        scratch_.retrieval, found));
    Answer answer;
    for (const Candidate& c : found) answer.list.push_back(Index(c.row));
    answer.candidates = answer.list;
    return answer;
  }

  void Count(const Answer& answer, double recall, double ndcg,
             const RelevantSet& relevant, Tally& tally) const {
    tally.recall += recall;
    tally.ndcg += ndcg;
    tally.retrieval_recall +=
        RecallAt(answer.candidates, relevant, options_.k_retrieval);
    const size_t depth = std::min(options_.k_ndcg, answer.list.size());
    for (const uint32_t item : std::span(answer.list).first(depth)) {
      tally.distinct.insert(item);
      tally.novelty += SelfInformation(
          static_cast<double>(snapshot_.popularity().Watches(ItemRow{item})),
          std::max(snapshot_.popularity().TotalWatches(), 1.0));
    }
    tally.shown += depth;
  }

  const Snapshot& snapshot_;
  const InteractionSet& test_;
  const FunnelOptions options_;
  const Pipeline funnel_;
  const Pipeline without_ranker_;
  const ExactScan exact_;
  const std::vector<ItemRow> most_watched_;
  PipelineScratch scratch_;
  std::array<Tally, kContenders> tallies_;
  std::array<std::vector<double>, kContenders> recall_gains_, ndcg_gains_;
  Breakdown breakdown_;
  FunnelReport report_;
};

absl::Status Check(const FunnelOptions& options) {
  const auto between = [](const char* name, size_t value, size_t least,
                          size_t most) {
    if (value >= least && value <= most) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(name, " must be ", least, " to ", most, ", not ", value));
  };
  MARQUEE_RETURN_IF_ERROR(
      between("--k-recall", options.k_recall, 1, kMaxLimit));
  MARQUEE_RETURN_IF_ERROR(between("--k-ndcg", options.k_ndcg, 1, kMaxLimit));
  return between("--k-retrieval", options.k_retrieval, kMinCandidates,
                 kMaxCandidates);
}

}  // namespace

absl::StatusOr<FunnelReport> EvaluateFunnel(
    const Snapshot& snapshot, const InteractionSet& test,
    const FunnelOptions& options,
    const std::function<void(size_t users)>& progress) {
  MARQUEE_RETURN_IF_ERROR(Check(options));
  Evaluation evaluation(snapshot, test, options);
  size_t done = 0;
  for (const Question& question : QuestionsOf(test)) {
    MARQUEE_RETURN_IF_ERROR(evaluation.Ask(question));
    if (progress) progress(++done);
  }
  return evaluation.Report();
}

}  // namespace marquee
