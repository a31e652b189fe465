// The shape of a subcommand of `marquee`: one source file each, with one
// Register function that declares its options on the parser and says what to
// run when it is the one that was called.
#ifndef MARQUEE_OFFLINE_CLI_COMMAND_H_
#define MARQUEE_OFFLINE_CLI_COMMAND_H_

#include <functional>

#include "absl/status/status.h"

namespace CLI {
class App;
}

namespace marquee {

// What the chosen subcommand does. InvalidArgument means that the call was
// wrong (exit code 2), any other error that the work failed (exit code 1); main
// prints the message.
using Action = std::function<absl::Status()>;

// Each sets *action when its subcommand is the one on the command line.
void RegisterBuild(CLI::App& app, Action* action);
void RegisterEvaluate(CLI::App& app, Action* action);
void RegisterImport(CLI::App& app, Action* action);
void RegisterSynth(CLI::App& app, Action* action);
void RegisterTrain(CLI::App& app, Action* action);
void RegisterVersions(CLI::App& app, Action* action);
void RegisterVerify(CLI::App& app, Action* action);
void RegisterInspect(CLI::App& app, Action* action);
void RegisterRecommend(CLI::App& app, Action* action);
void RegisterScore(CLI::App& app, Action* action);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_COMMAND_H_
