// marquee: the offline tool. Learns what the server serves, builds and checks
// snapshots.
#include <cstdio>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "core/base/version.h"
#include "offline/cli/command.h"

int main(int argc, char** argv) {
  CLI::App app{
      "marquee: learns, builds, checks and evaluates what marquee-server "
      "serves"};
  app.name("marquee");
  app.set_version_flag("--version",
                       absl::StrCat("marquee ", marquee::Version()));
  app.footer("Exit codes: 0 done, 1 the work failed, 2 the call was wrong.");
  app.require_subcommand(1);
  marquee::Action action;
  marquee::RegisterImport(app, &action);
  marquee::RegisterSynth(app, &action);
  marquee::RegisterTrain(app, &action);
  marquee::RegisterBuild(app, &action);
  marquee::RegisterInspect(app, &action);
  marquee::RegisterVerify(app, &action);
  marquee::RegisterVersions(app, &action);
  marquee::RegisterRecommend(app, &action);
  marquee::RegisterScore(app, &action);
  marquee::RegisterEvaluate(app, &action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Of a misspelt word, only what is missing without it is complained of.
    const std::vector<std::string> unknown = app.remaining(/*recurse=*/true);
    if (error.get_name() == "RequiredError" && !unknown.empty()) {
      std::fprintf(stderr, "marquee: '%s' is not known here\n",
                   unknown[0].c_str());
    }
    return app.exit(error) == 0 ? 0 : 2;
  }
  const absl::Status status = action();
  // What was printed is the result; a full disk must not pass for success.
  if (status.ok() && (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)) {
    std::fprintf(stderr, "marquee: standard output can not be written\n");
    return 1;
  }
  if (status.ok()) return 0;
  std::fprintf(stderr, "marquee: %s\n", std::string(status.message()).c_str());
  return status.code() == absl::StatusCode::kInvalidArgument ? 2 : 1;
}
