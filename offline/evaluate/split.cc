#include "offline/evaluate/split.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <numeric>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/files/atomic_file.h"
#include "core/files/output_file.h"
#include "nlohmann/json.hpp"
#include "offline/data/interaction_set.h"
#include "offline/data/interactions.h"
#include "offline/data/seen_json.h"
#include "offline/formats/json_text.h"

namespace marquee {
namespace {

using ::nlohmann::json;
using ::nlohmann::ordered_json;

constexpr const char* kSplitFile = "split.json";

// Marks the rows of the test.
std::vector<bool> LastOfEachUser(const InteractionSet& set, double holdout) {
  std::vector<uint32_t> order(set.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return set.user[a] != set.user[b] ? set.user[a] < set.user[b]
                                      : set.timestamp[a] < set.timestamp[b];
  });
  std::vector<bool> test(set.size(), false);
  for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && set.user[order[end]] == set.user[order[begin]])
      ++end;
    // Rounded down: of a user with few interactions none may be in the test.
    const auto held =
        static_cast<size_t>(holdout * static_cast<double>(end - begin));
    for (size_t i = end - held; i < end; ++i) test[order[i]] = true;
  }
  return test;
}

int64_t MomentOf(const InteractionSet& set, double holdout) {
  std::vector<int64_t> times = set.timestamp;
  if (times.empty()) return 0;
  std::sort(times.begin(), times.end());
  const auto kept =
      static_cast<size_t>((1 - holdout) * static_cast<double>(times.size()));
  // 1 minus a tiny share is 1.
  return times[std::min(kept, times.size() - 1)];
}

std::vector<bool> Since(const InteractionSet& set, int64_t moment) {
  std::vector<bool> test(set.size());
  for (size_t i = 0; i < set.size(); ++i) test[i] = set.timestamp[i] >= moment;
  return test;
}

uint64_t UsersOf(const InteractionSet& set, const std::vector<bool>& test,
                 bool which) {
  std::vector<bool> has(set.users.size(), false);
  for (size_t i = 0; i < set.size(); ++i) {
    if (test[i] == which) has[set.user[i]] = true;
  }
  return static_cast<uint64_t>(std::count(has.begin(), has.end(), true));
}

// `test`: for the rows that are not copies.
absl::Status WriteBoth(const SplitOptions& options,
                       const std::vector<bool>& copies,
                       const std::vector<bool>& test) {
  MARQUEE_RETURN_IF_ERROR(MakeDirectory(options.out));
  MARQUEE_ASSIGN_OR_RETURN(
      const auto train_out,
      InteractionWriter::Create(absl::StrCat(options.out, "/train.csv")));
  MARQUEE_ASSIGN_OR_RETURN(
      const auto test_out,
      InteractionWriter::Create(absl::StrCat(options.out, "/test.csv")));
  MARQUEE_ASSIGN_OR_RETURN(const auto reader,
                           InteractionReader::Open(options.interactions));
  SeenInteractions train_likes, test_likes;
  InteractionView row;
  for (size_t kept = 0, read = 0; true;) {
    MARQUEE_ASSIGN_OR_RETURN(const bool more, reader->Next(&row));
    if (!more) break;
    if (row.timestamp >= options.until) continue;
    // The same rows in the same order as LoadInteractions read, whose set lacks
    // the events and the copies.
    const size_t at = read++;
    if (at < copies.size() && copies[at]) continue;
    if (kept >= test.size()) {
      return absl::AbortedError(absl::StrCat(
          options.interactions, ": grew while it was read; split it again"));
    }
    const bool of_test = test[kept++];
    (of_test ? *test_out : *train_out).Append(row);
    (of_test ? test_likes : train_likes).Add(row);
  }
  MARQUEE_ASSIGN_OR_RETURN(
      const auto split_out,
      OutputFile::Create(absl::StrCat(options.out, "/", kSplitFile)));
  split_out->Append(ordered_json{{"train", SeenAsJson(train_likes)},
                                 {"test", SeenAsJson(test_likes)}}
                        .dump(2));
  split_out->Append("\n");
  return PublishAll({train_out->Finish(), test_out->Finish(), split_out.get()});
}

absl::Status Check(const SplitOptions& options) {
  if (!(options.holdout > 0 && options.holdout < 1)) {
    return absl::InvalidArgumentError(
        "--holdout must be more than 0 and less than 1");
  }
  if (options.test_from && options.by != SplitBy::kTime) {
    return absl::InvalidArgumentError(
        "--test-from is one moment for all: it goes with --by time");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SplitSummary> SplitInteractions(const SplitOptions& options) {
  MARQUEE_RETURN_IF_ERROR(Check(options));
  InteractionFilter filter;
  filter.until = options.until;
  filter.positive_only = false;
  MARQUEE_ASSIGN_OR_RETURN(const InteractionSet set,
                           LoadInteractions(options.interactions, filter));
  SplitSummary summary{.remarks = set.remarks};
  std::vector<bool> test;
  if (options.by == SplitBy::kUser) {
    test = LastOfEachUser(set, options.holdout);
  } else {
    summary.test_from =
        options.test_from ? *options.test_from : MomentOf(set, options.holdout);
    test = Since(set, *summary.test_from);
  }
  summary.test =
      static_cast<uint64_t>(std::count(test.begin(), test.end(), true));
  summary.train = set.size() - summary.test;
  summary.left_out = set.rows_read - std::max(set.size(), set.copies.size());
  summary.train_users = UsersOf(set, test, false);
  summary.test_users = UsersOf(set, test, true);
  if (summary.test == 0 || summary.train == 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(options.interactions, ": the split puts all ", set.size(),
                     " interactions into the ",
                     summary.test == 0 ? "training" : "test", " part"));
  }
  MARQUEE_RETURN_IF_ERROR(WriteBoth(options, set.copies, test));
  return summary;
}

absl::StatusOr<std::optional<SeenInteractions>> ReadSplit(
    const std::string& test_path, const SeenInteractions& test) {
  const std::string path =
      (std::filesystem::path(test_path).parent_path() / kSplitFile).string();
  const absl::StatusOr<std::string> text = ReadFile(path, 1 << 16);
  if (absl::IsNotFound(text.status())) return std::nullopt;
  if (!text.ok()) return text.status();
  json split;
  const std::optional<JsonFault> fault = ParseJson(*text, split);
  if (fault && fault->twice) {
    return absl::DataLossError(
        absl::StrCat(path, ":", LineOf(*text, fault->byte), ": ", fault->what));
  }
  if (fault || !split.is_object() || !split.contains("train") ||
      !split.contains("test")) {
    return absl::DataLossError(
        absl::StrCat(path, ": is damaged; split the interactions again"));
  }
  MARQUEE_ASSIGN_OR_RETURN(
      const SeenInteractions of_test,
      SeenFromJson(split["test"], absl::StrCat(path, ": 'test'")));
  if (of_test != test) return std::nullopt;
  return SeenFromJson(split["train"], absl::StrCat(path, ": 'train'"));
}

}  // namespace marquee
