// marquee train als: embeddings by implicit alternating least squares.
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/files/output_directory.h"
#include "core/files/output_file.h"
#include "nlohmann/json.hpp"
#include "offline/cli/print_json.h"
#include "offline/cli/timestamp.h"
#include "offline/cli/train.h"
#include "offline/cli/warn.h"
#include "offline/command_line/value_check.h"
#include "offline/data/interaction_set.h"
#include "offline/data/seen_json.h"
#include "offline/data/vector_probe.h"
#include "offline/formats/progress.h"
#include "offline/train/als.h"
#include "offline/train/embeddings.h"
#include "offline/train/sparse_rows.h"

namespace marquee {
namespace {

// The least regularization and alpha, which must be above 0. Useful values are
// far from it.
constexpr double kLeastReal = 1e-9;
constexpr double kMostReal = 1e9;

struct TrainAlsOptions {
  std::string interactions;
  std::string out;
  std::vector<std::string> events;
  std::string until;
  AlsOptions als;
  bool json = false;
};

nlohmann::ordered_json Parameters(const TrainAlsOptions& options,
                                  const InteractionSet& set, uint64_t pairs) {
  nlohmann::ordered_json result = {
      {"model", "als"},
      {"factors", options.als.factors},
      {"iterations", options.als.iterations},
      {"regularization", options.als.regularization},
      {"alpha", options.als.alpha},
      {"seed", options.als.seed},
      {"events", options.events},
      {"until", nullptr},
      {"users", set.users.size()},
      {"items", set.items.size()},
      {"rows_read", set.rows_read},
      {"rows_used", set.size()},
      {"pairs", pairs},
      {"seen", SeenAsJson(set.seen)}};
  if (!options.until.empty()) result["until"] = options.until;
  return result;
}

nlohmann::ordered_json Probe(const IdDictionary& ids,
                             std::span<const float> vectors, size_t dim) {
  return ProbeAsJson(ProbeVectors(
      DigestOfIds(ids), ids.size(), dim, [&](size_t row, std::span<float> out) {
        absl::c_copy(vectors.subspan(row * dim, dim), out.begin());
      }));
}

absl::StatusOr<AlsModel> Train(const TrainAlsOptions& options,
                               const SparseRows& user_items) {
  const uint64_t total = static_cast<uint64_t>(options.als.iterations) *
                         (user_items.rows() + user_items.columns_count);
  Progress progress(
      absl::StrCat("als, ", options.als.iterations, " iterations"), total,
      "rows");
  return TrainAls(user_items, options.als,
                  [&](uint64_t rows, uint64_t) { progress.Update(rows); });
}

void PrintText(const TrainAlsOptions& options, const InteractionSet& set,
               uint64_t pairs, const AlsModel& model, double seconds) {
  std::string text;
  absl::StrAppend(&text, "interactions  ", set.size(), " used of ",
                  set.rows_read, ", ", pairs, " pairs\n");
  absl::StrAppend(&text, "users         ", set.users.size(), "\n");
  absl::StrAppend(&text, "items         ", set.items.size(), "\n");
  absl::StrAppend(&text, "factors       ", model.factors, "\n");
  for (size_t i = 0; i < model.losses.size(); ++i) {
    absl::StrAppendFormat(&text, "loss %-8d %.6g\n", static_cast<int>(i + 1),
                          model.losses[i]);
  }
  absl::StrAppendFormat(&text, "trained in    %.1f s\nwritten to    %s\n",
                        seconds, options.out);
  std::fputs(text.c_str(), stdout);
}

absl::StatusOr<InteractionFilter> FilterOf(const TrainAlsOptions& options) {
  InteractionFilter filter;
  filter.events.names = options.events;
  if (!options.until.empty()) {
    MARQUEE_ASSIGN_OR_RETURN(filter.until,
                             ParseTimestamp("--until", options.until));
  }
  return filter;
}

absl::Status Run(const TrainAlsOptions& options) {
  MARQUEE_RETURN_IF_ERROR(CheckAlsOptions(options.als));
  MARQUEE_ASSIGN_OR_RETURN(const InteractionFilter filter, FilterOf(options));
  // Outputs are checked before the long work, not after it.
  MARQUEE_ASSIGN_OR_RETURN(const auto directory,
                           OutputDirectory::Create(options.out));
  MARQUEE_RETURN_IF_ERROR(
      CheckCanCreate(absl::StrCat(options.out, "/als.json")));
  MARQUEE_ASSIGN_OR_RETURN(const InteractionSet set,
                           LoadInteractions(options.interactions, filter));
  for (const std::string& remark : set.remarks) Warn(remark);
  const SparseRows user_items = SparseFromPairs(
      set.user, set.item, set.weight, set.users.size(), set.items.size());
  const SteadyTime start = Clock::Real().Steady();
  MARQUEE_ASSIGN_OR_RETURN(const AlsModel model, Train(options, user_items));
  const double seconds = absl::ToDoubleSeconds(Clock::Real().Steady() - start);
  const uint64_t pairs = user_items.columns.size();
  nlohmann::ordered_json result = Parameters(options, set, pairs);
  if (!model.losses.empty()) result["losses"] = model.losses;
  // The probes are for ReadEmbeddings, not for the terminal.
  nlohmann::ordered_json file = result;
  file["user_vectors"] = Probe(set.users, model.users, model.factors);
  file["item_vectors"] = Probe(set.items, model.items, model.factors);
  const Embeddings embeddings = {model.factors, set.users, set.items,
                                 model.users, model.items};
  MARQUEE_RETURN_IF_ERROR(
      WriteEmbeddings(options.out, embeddings, "als.json", FormatJson(file)));
  if (options.json) {
    result["seconds"] = seconds;
    PrintJson(result);
  } else {
    PrintText(options, set, pairs, model, seconds);
  }
  return absl::OkStatus();
}

void DeclareOptions(Command command, TrainAlsOptions* options) {
  command
      .AddOption("--interactions", options->interactions,
                 "user_id,item_id,timestamp[,event][,weight]")
      .Required();
  command
      .AddOption("--out", options->out,
                 "the folder for user_embeddings.npy, item_embeddings.npy, "
                 "users.txt, items.txt and als.json")
      .Required();
  command
      .AddOption("--events", options->events,
                 "learn from these events only, for example like,play; "
                 "otherwise from all. Rows of weight 0 (seen, no sign of "
                 "liking) never count")
      .Split(',');
  command.AddOption("--until", options->until,
                    "learn from what was before this time only");
  AlsOptions& als = options->als;
  command.AddOption("--factors", als.factors, "dimensions of the vectors")
      .ShowDefault()
      .Check(WholeNumber(1, 1024));
  command.AddOption("--iterations", als.iterations)
      .ShowDefault()
      .Check(WholeNumber(1, 100000));
  command
      .AddOption("--regularization", als.regularization,
                 "larger: smaller vectors, rare items pulled to zero")
      .ShowDefault()
      .Check(RealNumber(kLeastReal, kMostReal));
  command
      .AddOption("--alpha", als.alpha,
                 "confidence is 1 + alpha x weight; larger: what occurred "
                 "counts more against what did not")
      .ShowDefault()
      .Check(RealNumber(kLeastReal, kMostReal));
  command
      .AddOption("--threads", als.threads,
                 "0: one for each processor; does not change the result")
      .ShowDefault()
      .Check(WholeNumber(0, 256));
  command.AddOption("--seed", als.seed).ShowDefault().Check(Seed());
  command.AddFlag("--loss", als.compute_loss,
                  "compute the loss after every iteration");
  command.AddFlag("--json", options->json, "print the result as JSON");
}

}  // namespace

void RegisterTrainAls(Command train) {
  auto options = std::make_shared<TrainAlsOptions>();
  Command command =
      train.Add("als", "Embeddings by implicit alternating least squares");
  DeclareOptions(command, options.get());
  command.Does([options] { return Run(*options); });
}

}  // namespace marquee
