// The commands of `marquee train`.
#ifndef MARQUEE_OFFLINE_CLI_TRAIN_H_
#define MARQUEE_OFFLINE_CLI_TRAIN_H_

#include "offline/command_line/command.h"

namespace marquee {

void RegisterTrainAls(Command train);
void RegisterTrainRanker(Command train);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_TRAIN_H_
