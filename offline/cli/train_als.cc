// marquee train als: embeddings by implicit alternating least squares.
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/status_macros.h"
#include "nlohmann/json.hpp"
#include "offline/cli/print_json.h"
#include "offline/cli/train.h"
#include "offline/cli/warn.h"
#include "offline/command_line/value_check.h"
#include "offline/train/als.h"
#include "offline/train/als_vectors.h"

namespace marquee {
namespace {

// The least regularization and alpha, which must be above 0. Useful values are
// far from it.
constexpr double kLeastReal = 1e-9;
constexpr double kMostReal = 1e9;

void PrintText(const TrainAlsCall& call, const TrainedAls& trained) {
  std::string text;
  absl::StrAppend(&text, "interactions  ", trained.used, " used of ",
                  trained.rows_read, ", ", trained.pairs, " pairs\n");
  absl::StrAppend(&text, "users         ", trained.users, "\n");
  absl::StrAppend(&text, "items         ", trained.items, "\n");
  absl::StrAppend(&text, "factors       ", call.als.factors, "\n");
  for (size_t i = 0; i < trained.losses.size(); ++i) {
    absl::StrAppendFormat(&text, "loss %-8d %.6g\n", static_cast<int>(i + 1),
                          trained.losses[i]);
  }
  absl::StrAppendFormat(&text, "trained in    %.1f s\nwritten to    %s\n",
                        trained.seconds, call.out);
  std::fputs(text.c_str(), stdout);
}

absl::Status Run(const TrainAlsCall& call, bool json) {
  MARQUEE_ASSIGN_OR_RETURN(const TrainedAls trained, TrainAlsVectors(call));
  for (const std::string& remark : trained.remarks) Warn(remark);
  if (!json) {
    PrintText(call, trained);
    return absl::OkStatus();
  }
  nlohmann::ordered_json result = trained.parameters;
  result["seconds"] = trained.seconds;
  PrintJson(result);
  return absl::OkStatus();
}

void DeclareOptions(Command command, TrainAlsCall* options) {
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
}

}  // namespace

void RegisterTrainAls(Command train) {
  const auto options = std::make_shared<TrainAlsCall>();
  const auto json = std::make_shared<bool>(false);
  Command command =
      train.Add("als", "Embeddings by implicit alternating least squares");
  DeclareOptions(command, options.get());
  command.AddFlag("--json", *json, "print the result as JSON");
  command.Does([options, json] { return Run(*options, *json); });
}

}  // namespace marquee
