// The commands of `marquee`: one source file each, with one Register function.
// It declares the command's options and the work that it does.
#ifndef MARQUEE_OFFLINE_CLI_COMMANDS_H_
#define MARQUEE_OFFLINE_CLI_COMMANDS_H_

#include "offline/command_line/command.h"

namespace marquee {

void RegisterBuild(Command program);
void RegisterEvaluate(Command program);
void RegisterImport(Command program);
void RegisterSynth(Command program);
void RegisterTrain(Command program);
void RegisterVersions(Command program);
void RegisterVerify(Command program);
void RegisterInspect(Command program);
void RegisterRecommend(Command program);
void RegisterScore(Command program);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_COMMANDS_H_
