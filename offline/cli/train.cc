// marquee train: one subcommand for each kind of model, one file each.
#include "offline/cli/train.h"

#include "CLI/CLI.hpp"
#include "offline/cli/command.h"

namespace marquee {

void RegisterTrain(CLI::App& app, Action* action) {
  CLI::App* train = app.add_subcommand("train", "Learn embeddings or a ranker");
  train->require_subcommand(1);
  RegisterTrainAls(*train, action);
  RegisterTrainRanker(*train, action);
}

}  // namespace marquee
