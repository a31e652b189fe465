// marquee evaluate: divides interactions by time, and evaluates a snapshot on
// the later ones.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"
#include "core/rerank/policy.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/snapshot_directory.h"
#include "marquee/config/manifest.pb.h"
#include "nlohmann/json.hpp"
#include "offline/cli/commands.h"
#include "offline/cli/print_json.h"
#include "offline/cli/warn.h"
#include "offline/command_line/value_check.h"
#include "offline/data/interaction_set.h"
#include "offline/data/seen_interactions.h"
#include "offline/doubts/interaction_match.h"
#include "offline/evaluate/funnel.h"
#include "offline/evaluate/split.h"
#include "offline/formats/progress.h"
#include "offline/formats/timestamp.h"

namespace marquee {
namespace {

constexpr const char* kSplitsBy[] = {"user", "time"};

struct SplitCall {
  SplitOptions options;
  std::string by = "user";
  std::string test_from, until;
  bool json = false;
};

struct FunnelCall {
  std::string snapshot, test;
  std::vector<std::string> events;
  FunnelOptions options;
  bool allow_other_history = false;
  bool allow_unmatched = false;
  bool json = false;
};

absl::Status Split(SplitCall call) {
  call.options.by = call.by == "time" ? SplitBy::kTime : SplitBy::kUser;
  if (!call.test_from.empty()) {
    MARQUEE_ASSIGN_OR_RETURN(call.options.test_from,
                             ParseTimestamp("--test-from", call.test_from));
  }
  if (!call.until.empty()) {
    MARQUEE_ASSIGN_OR_RETURN(call.options.until,
                             ParseTimestamp("--until", call.until));
  }
  MARQUEE_ASSIGN_OR_RETURN(const SplitSummary summary,
                           SplitInteractions(call.options));
  for (const std::string& remark : summary.remarks) Warn(remark);
  if (call.json) {
    nlohmann::ordered_json result = {{"train", summary.train},
                                     {"test", summary.test},
                                     {"train_users", summary.train_users},
                                     {"test_users", summary.test_users},
                                     {"left_out", summary.left_out},
                                     {"test_from", nullptr}};
    if (summary.test_from) result["test_from"] = *summary.test_from;
    PrintJson(result);
    return absl::OkStatus();
  }
  std::string text = absl::StrFormat(
      "train       %d interactions of %d users\n"
      "test        %d interactions of %d users\n",
      summary.train, summary.train_users, summary.test, summary.test_users);
  if (summary.left_out > 0)
    absl::StrAppend(&text, "left out    ", summary.left_out, " later ones\n");
  if (summary.test_from) {
    absl::StrAppend(&text, "test from   ",
                    absl::FormatTime("%Y-%m-%dT%H:%M:%SZ",
                                     absl::FromUnixSeconds(*summary.test_from),
                                     absl::UTCTimeZone()),
                    "\n");
  }
  absl::StrAppend(&text, "written to  ", call.options.out, "\n");
  std::fputs(text.c_str(), stdout);
  return absl::OkStatus();
}

nlohmann::ordered_json AsJson(const Interval& interval) {
  return {
      {"mean", interval.mean}, {"low", interval.low}, {"high", interval.high}};
}

nlohmann::ordered_json AsJson(const UserGroupReport& group) {
  return {{"users", group.users},
          {"recall", group.recall},
          {"ndcg", group.ndcg},
          {"retrieval_recall", group.retrieval_recall}};
}

nlohmann::ordered_json AsJson(const FunnelCall& call,
                              const FunnelReport& report, uint64_t version) {
  nlohmann::ordered_json result = {{"snapshot_version", version},
                                   {"users", report.users},
                                   {"relevant", report.relevant},
                                   {"without_vector", report.without_vector},
                                   {"k_recall", call.options.k_recall},
                                   {"k_ndcg", call.options.k_ndcg},
                                   {"k_retrieval", call.options.k_retrieval}};
  for (const Contender& contender : report.contenders) {
    result["contenders"].push_back(
        {{"name", contender.name},
         {"recall", contender.recall},
         {"ndcg", contender.ndcg},
         {"retrieval_recall", contender.retrieval_recall},
         {"coverage", contender.coverage},
         {"novelty_bits", contender.novelty},
         {"funnel_gain",
          {{"recall", AsJson(contender.recall_gain)},
           {"ndcg", AsJson(contender.ndcg_gain)}}}});
  }
  for (const SourceReport& source : report.sources) {
    result["sources"].push_back({{"name", source.name},
                                 {"candidates", source.candidates},
                                 {"liked", source.liked},
                                 {"liked_alone", source.liked_alone}});
  }
  for (const AgeReport& age : report.ages) {
    result["ages"].push_back({{"name", age.name},
                              {"liked", age.liked},
                              {"retrieved", age.retrieved},
                              {"listed", age.listed}});
  }
  result["users_with_vector"] = AsJson(report.users_with_vector);
  result["users_without_vector"] = AsJson(report.users_without_vector);
  return result;
}

// The funnel beside each other contender, paired by user.
std::string TellGains(const FunnelReport& report, const std::string& recall,
                      const std::string& ndcg) {
  std::string text =
      absl::StrFormat("\n%-16s%-34s%s\n", "funnel -", recall, ndcg);
  for (const Contender& contender : report.contenders) {
    if (contender.name == "funnel") continue;
    absl::StrAppendFormat(
        &text,
        "%-16s%+.4f  (95%%: %+.4f to %+.4f)  %+.4f  (95%%: %+.4f to %+.4f)\n",
        contender.name, contender.recall_gain.mean, contender.recall_gain.low,
        contender.recall_gain.high, contender.ndcg_gain.mean,
        contender.ndcg_gain.low, contender.ndcg_gain.high);
  }
  return text;
}

std::string TellBreakdown(const FunnelReport& report) {
  std::string text = absl::StrFormat("\n%-16s%12s%14s%14s\n", "source",
                                     "candidates", "liked", "it alone");
  for (const SourceReport& source : report.sources) {
    absl::StrAppendFormat(&text, "%-16s%12.1f%14.4f%14.4f\n", source.name,
                          source.candidates, source.liked, source.liked_alone);
  }
  absl::StrAppendFormat(&text, "\n%-16s%12s%14s%14s\n", "age of the liked",
                        "items", "retrieved", "in the list");
  for (const AgeReport& age : report.ages) {
    if (age.liked == 0) continue;
    absl::StrAppendFormat(&text, "%-16s%12d%14.4f%14.4f\n", age.name, age.liked,
                          age.retrieved, age.listed);
  }
  absl::StrAppendFormat(&text, "\n%-16s%12s%12s%12s%14s\n", "users", "",
                        "Recall", "NDCG", "retrieved");
  const auto group = [&](const char* name, const UserGroupReport& users) {
    absl::StrAppendFormat(&text, "%-16s%12d%12.4f%12.4f%14.4f\n", name,
                          users.users, users.recall, users.ndcg,
                          users.retrieval_recall);
  };
  group("with a vector", report.users_with_vector);
  group("without one", report.users_without_vector);
  return text;
}

void PrintText(const FunnelCall& call, const FunnelReport& report) {
  const auto heading = [](const char* name, size_t k) {
    return absl::StrCat(name, "@", k);
  };
  std::string text = absl::StrFormat(
      "%d users, %d liked items; %d users without a vector\n\n"
      "%-16s%12s%12s%14s%12s%12s\n",
      report.users, report.relevant, report.without_vector, "",
      heading("Recall", call.options.k_recall),
      heading("NDCG", call.options.k_ndcg),
      heading("retrieved", call.options.k_retrieval), "coverage", "novelty");
  for (const Contender& contender : report.contenders) {
    absl::StrAppendFormat(&text, "%-16s%12.4f%12.4f%14.4f%11.2f%%%7.2f bits\n",
                          contender.name, contender.recall, contender.ndcg,
                          contender.retrieval_recall, 100 * contender.coverage,
                          contender.novelty);
  }
  absl::StrAppend(&text,
                  TellGains(report, heading("Recall", call.options.k_recall),
                            heading("NDCG", call.options.k_ndcg)),
                  TellBreakdown(report));
  std::fputs(text.c_str(), stdout);
}

std::optional<SeenInteractions> SeenOf(bool known,
                                       const config::Manifest::Seen& seen) {
  if (!known) return std::nullopt;
  return SeenInteractions{.rows = seen.rows(),
                          .last = seen.last_unix_seconds(),
                          .digest = seen.digest()};
}

// For a test that `evaluate split` did not write: only the times can tell.
absl::Status CheckEarlier(const FunnelCall& call,
                          const SeenInteractions& history,
                          const InteractionSet& test) {
  const int64_t first =
      *std::min_element(test.timestamp.begin(), test.timestamp.end());
  if (history.last < first) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      call.snapshot, ": its history has ", history.Tell(), ", and the test ",
      call.test, " begins at ",
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(first),
                       absl::UTCTimeZone()),
      ": it may have seen the test, and no split.json beside that tells "
      "otherwise; divide with `marquee evaluate split`, or insist with "
      "--allow-other-history"));
}

// Checks that the snapshot was made from the training part that belongs to the
// test, and that its vectors know no more.
absl::Status CheckSplit(const FunnelCall& call, const Snapshot& snapshot,
                        const InteractionSet& test) {
  const config::Manifest& manifest = snapshot.manifest();
  const auto history = SeenOf(manifest.has_history(), manifest.history());
  MARQUEE_RETURN_IF_ERROR(CheckSameHistory(
      SeenOf(manifest.has_vectors_seen(), manifest.vectors_seen()),
      call.snapshot, history, "its history"));
  if (!history) {
    Warn(absl::StrCat(call.snapshot,
                      ": does not say what its history is: whether it has seen "
                      "the test is not known"));
    return absl::OkStatus();
  }
  MARQUEE_ASSIGN_OR_RETURN(const auto train, ReadSplit(call.test, test.seen));
  if (!train) return CheckEarlier(call, *history, test);
  if (*train == *history) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      call.snapshot, ": its history has ", history->Tell(),
      ", the train.csv of ", call.test, " has ", train->Tell(),
      ": it is not made of the training part and may have seen the test; "
      "build it from that train.csv, or insist with --allow-other-history"));
}

absl::Status Funnel(const FunnelCall& call) {
  MARQUEE_ASSIGN_OR_RETURN(
      const InteractionSet test,
      LoadInteractions(call.test, {.events = {call.events}}));
  for (const std::string& remark : test.remarks) Warn(remark);
  MARQUEE_ASSIGN_OR_RETURN(const std::string version,
                           ResolveVersion(call.snapshot));
  MARQUEE_ASSIGN_OR_RETURN(const auto snapshot, Snapshot::Load(version));
  const InteractionMatch match(test, call.test, *snapshot, version);
  if (!call.allow_unmatched) MARQUEE_RETURN_IF_ERROR(match.Check());
  for (const std::string& line : match.Tell()) Warn(line);
  if (!call.allow_other_history) {
    MARQUEE_RETURN_IF_ERROR(CheckSplit(call, *snapshot, test));
  }
  FunnelReport report;
  {
    Progress progress("asking", test.users.size(), "users");
    MARQUEE_ASSIGN_OR_RETURN(
        report, EvaluateFunnel(*snapshot, test, call.options,
                               [&](size_t users) { progress.Update(users); }));
  }
  if (call.json) {
    PrintJson(AsJson(call, report, snapshot->version()));
  } else {
    PrintText(call, report);
  }
  return absl::OkStatus();
}

void RegisterSplit(Command evaluate) {
  Command split = evaluate.Add(
      "split",
      "Divide interactions by time into train.csv and test.csv; split.json "
      "beside them tells `evaluate funnel` which part a snapshot may know");
  const auto call = std::make_shared<SplitCall>();
  SplitOptions& options = call->options;
  split.AddOption("--interactions", options.interactions, "CSV file")
      .Required();
  split.AddOption("--out", options.out, "Directory for both files").Required();
  split
      .AddOption("--by", call->by,
                 "user: the last share of each user's interactions is the "
                 "test; time: all from one moment on")
      .ShowDefault()
      .Check(OneOf(kSplitsBy));
  split.AddOption("--holdout", options.holdout, "Share of the test")
      .ShowDefault()
      .Check(RealNumber(0, 1));
  split.AddOption("--test-from", call->test_from,
                  "With --by time: where the test begins");
  split.AddOption("--until", call->until,
                  "Leave out what is at or after this moment");
  split.AddFlag("--json", call->json, "Print the summary as JSON");
  split.Does([call] { return Split(*call); });
}

void RegisterFunnel(Command evaluate) {
  Command funnel = evaluate.Add(
      "funnel",
      "Popular lists, each source alone, and the whole funnel, by what "
      "users liked later");
  const auto call = std::make_shared<FunnelCall>();
  FunnelOptions& options = call->options;
  funnel
      .AddOption("--snapshot", call->snapshot,
                 "A version, or the directory of the versions: the newest "
                 "that is not blocked. "
                 "It must not have seen the test")
      .Required();
  funnel.AddOption("--test", call->test, "CSV of later interactions")
      .Required();
  funnel.AddOption("--k-recall", options.k_recall, "Length of the lists")
      .ShowDefault()
      .Check(WholeNumber(1, kMaxLimit));
  funnel.AddOption("--k-ndcg", options.k_ndcg, "Depth of NDCG")
      .ShowDefault()
      .Check(WholeNumber(1, kMaxLimit));
  funnel
      .AddOption("--k-retrieval", options.k_retrieval,
                 "Depth of the candidates' recall")
      .ShowDefault()
      .Check(WholeNumber(kMinCandidates, kMaxCandidates));
  funnel
      .AddOption("--resamples", options.resamples,
                 "Of the bootstrap of the intervals")
      .ShowDefault()
      .Check(WholeNumber(100, 1000000));
  funnel.AddOption("--seed", options.seed, "Of the bootstrap")
      .ShowDefault()
      .Check(Seed());
  funnel.AddFlag("--allow-other-history", call->allow_other_history,
                 "Judge although the vectors know other interactions than "
                 "the snapshot, or the snapshot knows the test");
  funnel
      .AddOption("--events", call->events,
                 "Judge by these events of the test alone, for example "
                 "like,play; otherwise by all")
      .Split(',');
  funnel.AddFlag("--allow-unmatched", call->allow_unmatched,
                 "Judge although most ids of the test are not in the snapshot");
  funnel.AddFlag("--json", call->json, "Print JSON");
  funnel.Does([call] { return Funnel(*call); });
}

}  // namespace

void RegisterEvaluate(Command program) {
  Command evaluate = program.Add(
      "evaluate", "Judge what a snapshot shows by what users liked later");
  RegisterSplit(evaluate);
  RegisterFunnel(evaluate);
}

}  // namespace marquee
