// marquee synth: writes a synthetic streaming service.
#include "offline/synth/synth.h"

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_format.h"
#include "core/base/status_macros.h"
#include "nlohmann/json.hpp"
#include "offline/cli/commands.h"
#include "offline/cli/print_json.h"
#include "offline/command_line/value_check.h"
#include "offline/formats/timestamp.h"
#include "offline/synth/synth_names.h"

namespace marquee {
namespace {

struct SynthCommand {
  SynthOptions world;
  SynthOutput output;
  std::string now;
  bool float16 = false;
  bool json = false;
};

void Print(const SynthCommand& command, const SynthSummary& summary) {
  if (command.json) {
    PrintJson({{"users", summary.users},
               {"items", summary.items},
               {"franchises", summary.franchises},
               {"interactions", summary.interactions},
               {"licensed_share_at_now", summary.licensed_share},
               {"now", command.world.now},
               {"seed", command.world.seed}});
    return;
  }
  const std::string text = absl::StrFormat(
      "users         %d\nitems         %d, %d franchises\n"
      "interactions  %d\nlicensed      %.1f %% of items x countries at the "
      "end of the data\nwritten to    %s%s\n",
      summary.users, summary.items, summary.franchises, summary.interactions,
      100 * summary.licensed_share, command.output.directory,
      command.output.embeddings ? ", with the latent vectors as embeddings"
                                : "");
  std::fputs(text.c_str(), stdout);
}

absl::Status Run(SynthCommand command) {
  if (!command.now.empty()) {
    MARQUEE_ASSIGN_OR_RETURN(command.world.now,
                             ParseTimestamp("--now", command.now));
  }
  if (command.float16 && !command.output.embeddings) {
    return absl::InvalidArgumentError(
        "--float16 is for the vectors of --embeddings");
  }
  if (command.float16) command.output.user_type = NpyType::kFloat16;
  MARQUEE_ASSIGN_OR_RETURN(const SynthSummary summary,
                           WriteSynth(command.world, command.output));
  Print(command, summary);
  return absl::OkStatus();
}

}  // namespace

void RegisterSynth(Command program) {
  auto command = std::make_shared<SynthCommand>();
  Command synth =
      program.Add("synth", "A synthetic streaming service with known tastes");
  SynthOptions& world = command->world;
  synth.AddOption("--users", world.users)
      .Required()
      .Check(WholeNumber(1, 100'000'000));
  synth.AddOption("--items", world.items)
      .Required()
      .Check(WholeNumber(10, 10'000'000));
  synth.AddOption("--out", command->output.directory, "the folder to write")
      .Required();
  synth.AddOption("--seed", world.seed, "equal options give equal bytes")
      .ShowDefault()
      .Check(Seed());
  synth
      .AddOption("--interactions-per-user", world.interactions_per_user,
                 "mean; 0: none")
      .ShowDefault()
      .Check(RealNumber(0, 1000));
  synth.AddOption("--countries", world.countries)
      .ShowDefault()
      .Check(WholeNumber(1, kSynthMaxCountries));
  synth.AddOption("--days", world.days, "how far back the interactions go")
      .ShowDefault()
      .Check(WholeNumber(1, 3650));
  synth.AddOption("--now", command->now,
                  "end of the data, around which licences open and close; "
                  "default 2026-06-01");
  synth.AddFlag("--embeddings", command->output.embeddings,
                "also write the latent vectors as embeddings, for tests of "
                "scale without training");
  synth.AddFlag("--float16", command->float16, "user vectors as float16");
  synth.AddFlag("--json", command->json, "print the result as JSON");
  synth.Does([command] { return Run(*command); });
}

}  // namespace marquee
