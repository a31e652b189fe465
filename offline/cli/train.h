// The subcommands of `marquee train`.
#ifndef MARQUEE_OFFLINE_CLI_TRAIN_H_
#define MARQUEE_OFFLINE_CLI_TRAIN_H_

#include "offline/cli/command.h"

namespace marquee {

// `train` is the parser of `marquee train`.
void RegisterTrainAls(CLI::App& train, Action* action);
void RegisterTrainRanker(CLI::App& train, Action* action);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_TRAIN_H_
