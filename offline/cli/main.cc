// marquee: the offline tool. Trains what the server serves, builds and checks
// snapshots.
#include <string>

#include "core/base/version.h"
#include "offline/cli/commands.h"

namespace marquee {
namespace {

void RegisterAll(Command program) {
  RegisterImport(program);
  RegisterSynth(program);
  RegisterTrain(program);
  RegisterBuild(program);
  RegisterInspect(program);
  RegisterVerify(program);
  RegisterVersions(program);
  RegisterRecommend(program);
  RegisterScore(program);
  RegisterEvaluate(program);
}

}  // namespace
}  // namespace marquee

int main(int argc, char** argv) {
  return marquee::RunProgram(
      {.name = "marquee",
       .what =
           "learns, builds, checks and evaluates what marquee-server serves",
       .version = std::string(marquee::Version())},
      marquee::RegisterAll, argc, argv);
}
