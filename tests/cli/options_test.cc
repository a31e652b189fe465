// The options of all subcommands: what is out of range is told with the option
// and what is possible, before anything is read or written.
#include <string>
#include <utility>

#include "core/base/version.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cli/run.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

constexpr char kAnySeed[] =
    "--seed: is '-1', must be a whole number of 0 to 18446744073709551615";

TEST(Options, SayTheirRange) {
  const std::string synth = "synth --out nowhere/x --items 60 --users ";
  const std::string als = "train als --interactions nowhere --out nowhere/x ";
  const std::string ranker =
      "train ranker --data nowhere --embeddings nowhere --out nowhere/x ";
  const std::string build =
      "build --data nowhere --embeddings nowhere --out nowhere/x ";
  const std::string split =
      "evaluate split --interactions nowhere --out nowhere/x ";
  const std::string funnel =
      "evaluate funnel --snapshot nowhere --test nowhere ";
  const std::pair<std::string, std::string> faults[] = {
      {synth + "-1", "--users: is '-1', must be a whole number of 1 to "},
      {synth + "x", "--users: is 'x', must be a whole number of 1 to "},
      {synth + "5 --seed -1", kAnySeed},
      {synth + "5 --days 0", "--days: is '0', must be a whole number of 1 to "},
      {synth + "5 --countries 41", "must be a whole number of 1 to 40"},
      {als + "--seed -1", kAnySeed},
      {als + "--factors 0",
       "--factors: is '0', must be a whole number of 1 to "
       "1024"},
      {als + "--factors 010", "--factors: is '010', must be a whole number of"},
      {als + "--factors 0x10", "--factors: is '0x10', must be a whole"},
      {als + "--seed 00", "--seed: is '00', must be a whole number of 0 to"},
      {als + "--seed -01", "--seed: is '-01', must be a whole number of 0 to"},
      {als + "--iterations 1.5", "--iterations: is '1.5', must be a whole"},
      {ranker + "--seed -1", kAnySeed},
      {ranker + "--leaves 1", "--leaves: is '1', must be a whole number of 2"},
      {build + "--graph --links -1",
       "--links: is '-1', must be a whole number of 4 to "
       "128"},
      {build + "--no-graph --links 8", "--no-graph: goes with neither --links"},
      {build + "--graph --build-width -1",
       "must be a whole number of 4 to 10000"},
      {build + "--seed -1", kAnySeed},
      {split + "--until 2026",
       "--until '2026' is a moment of January 1970: write 2026-01-01 for the"},
      {als + "--until 202605", "write 2026-05-01 for the day, or seconds"},
      {als + "--until ''", "--until: is empty: is a variable of a script not"},
      {split + "--by 1", "--by: is '1', must be of user, time"},
      {funnel + "--k-recall -1",
       "--k-recall: is '-1', must be a whole number "
       "of 1 to 200"},
      {funnel + "--k-retrieval 49", "must be a whole number of 50 to 2000"},
      {funnel + "--seed -1", kAnySeed},
      {"score --model nowhere --input nowhere --iterations -1",
       "--iterations: is '-1', must be a whole number of 1 to "},
      {"import movielens nowhere --out nowhere/x --like-from nan",
       "--like-from: is 'nan', must be a number of 0.5 to 5"},
      {synth + "5 --interactions-per-user inf",
       "--interactions-per-user: is 'inf', must be a number of 0 to 1000"},
      {als + "--alpha inf",
       "--alpha: is 'inf', must be a number of 1e-09 to 1e+09"},
      {als + "--alpha 0", "--alpha: is '0', must be a number of 1e-09"},
      {als + "--regularization nan",
       "--regularization: is 'nan', must be a number of 1e-09"},
      {als + "--regularization 1x", "--regularization: is '1x', must be a"},
      {ranker + "--learning-rate nan",
       "--learning-rate: is 'nan', must be a number of 0.0001 to 1"},
      {ranker + "--learning-rate 1.01", "--learning-rate: is '1.01', must be"},
      {ranker + "--min-leaf-weight inf",
       "--min-leaf-weight: is 'inf', must be a number of 0 to 1e+06"},
      {build + "--recall nan",
       "--recall: is 'nan', must be a number of 0 to 1"},
      {split + "--holdout nan",
       "--holdout: is 'nan', must be a number of 0 to 1"},
  };
  for (const auto& [call, message] : faults) {
    const Result result = Marquee(call);
    EXPECT_EQ(result.exit_code, 2) << call;
    EXPECT_THAT(result.output, HasSubstr(message)) << call;
  }
}

TEST(Options, AMisspeltWordIsNamed) {
  for (const std::string word : {"scroe", "--modle"}) {
    const Result result =
        Marquee((word[0] == '-' ? "score " : "") + word + " x");
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.output,
                HasSubstr(absl::StrCat("'", word, "' is not known here")));
  }
}

TEST(Options, VersionIsTheProjects) {
  EXPECT_EQ(Marquee("--version").output,
            absl::StrCat("marquee ", Version(), "\n"));
}

}  // namespace
}  // namespace marquee
