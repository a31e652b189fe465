// marquee train: one subcommand for each kind of model, one file each.
#include "offline/cli/train.h"

#include "offline/cli/commands.h"

namespace marquee {

void RegisterTrain(Command program) {
  Command train = program.Add("train", "Learn embeddings or a ranker");
  RegisterTrainAls(train);
  RegisterTrainRanker(train);
}

}  // namespace marquee
