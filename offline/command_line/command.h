// The command line of a program: commands below commands, each with options and
// flags that write into the caller's variables.
//
//   void AddSynth(Command program) {
//     const auto options = std::make_shared<SynthOptions>();
//     Command synth = program.Add("synth", "A service that does not exist");
//     synth.AddOption("--users", options->users).Check(WholeNumber(1, 1000));
//     synth.Does([options] { return Synth(*options); });
//   }
//   int main(int argc, char** argv) {
//     return RunProgram({"tool", "makes data", "1.0"}, AddSynth, argc, argv);
//   }
//
// No other file includes the parsing library, whose templates are slow to
// compile.
#ifndef MARQUEE_OFFLINE_COMMAND_LINE_COMMAND_H_
#define MARQUEE_OFFLINE_COMMAND_LINE_COMMAND_H_

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "offline/command_line/value_check.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace marquee {

// The types that an option may write to.
template <typename T>
concept OptionValue = std::same_as<T, std::string> || std::same_as<T, float> ||
    std::same_as<T, double> || std::same_as<T, int32_t> ||
    std::same_as<T, uint32_t> || std::same_as<T, uint64_t> ||
    std::same_as<T, std::optional<int32_t>> ||
    std::same_as<T, std::optional<uint64_t>> ||
    std::same_as<T, std::vector<std::string>> ||
    std::same_as<T, std::vector<double>> ||
    std::same_as<T, std::vector<uint64_t>>;

// A handle: copies are the same option. RunProgram owns options and commands,
// and destroys them. The variables that they write to must live as long.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  Option& Required();
  // Makes --help show the variable's current value.
  Option& ShowDefault();
  // Checks every word that is given.
  Option& Check(const ValueCheck& check);
  // For a list: one word may hold several values, separated by `delimiter`.
  Option& Split(char delimiter);
  // Sets `given` to true if the option is given.
  Option& Marks(bool& given);
  // Makes the option an error without the option `name`, which the command must
  // have already.
  Option& Needs(const std::string& name);

 private:
  CLI::Option* option_;
};

// The work of a command, after its options are read. InvalidArgument means that
// the call was wrong (exit code 2), any other error that the work failed (exit
// code 1).
using Work = std::function<absl::Status()>;

// A handle: copies are the same command.
class Command {
 public:
  Command(CLI::App* app, Work* chosen) : app_(app), chosen_(chosen) {}

  // Adds a command below this one. One of these must then be given, and does
  // the work.
  Command Add(const std::string& name, const std::string& help);

  // `name` begins with "--", or is the name in --help of a word by its place.
  // An empty text is refused: it most often comes from an unset variable.
  template <OptionValue T>
  Option AddOption(const std::string& name, T& value,
                   const std::string& help = "");

  // `name` may include a second flag that means the opposite: "--a,!--no-a".
  Option AddFlag(const std::string& name, bool& value, const std::string& help);

  // Two options that exclude each other. The command must have both.
  void Exclude(const std::string& name, const std::string& other);

  void Does(Work work);

 private:
  CLI::App* app_;
  Work* chosen_;  // of the program
};

struct ProgramText {
  std::string name;
  std::string what;  // it does
  std::string version;
};

// Parses the command line, does the work of the given command, and reports
// errors on the standard error, also a full disk under the standard output.
// Returns the exit code of the program: 0, 1 or 2, as for Work.
int RunProgram(const ProgramText& text,
               const std::function<void(Command program)>& add_commands,
               int argc, char** argv);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_COMMAND_LINE_COMMAND_H_
