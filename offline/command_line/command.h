// The command line of a program: commands below commands, each with options
// and flags that are written into the caller's variables. The one place that
// knows the library that parses it, whose templates are slow to compile.
#ifndef MARQUEE_OFFLINE_COMMAND_LINE_COMMAND_H_
#define MARQUEE_OFFLINE_COMMAND_LINE_COMMAND_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "offline/command_line/value_check.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace marquee {

// A handle: copies are the same option.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  Option& Required();
  // --help says what the variable holds now.
  Option& ShowDefault();
  // Of every word that is given.
  Option& Check(const ValueCheck& check);
  // Of a list: one word may hold several values with `delimiter` between them.
  Option& Split(char delimiter);
  // Becomes true when the option is given.
  Option& Marks(bool& given);
  // An error without the option `name` of the same command beside it.
  Option& Needs(const std::string& name);

 private:
  CLI::Option* option_;
};

// What a command does once its options are read. InvalidArgument means that the
// call was wrong (exit code 2), any other error that the work failed (exit code
// 1).
using Work = std::function<absl::Status()>;

// A handle: copies are the same command.
class Command {
 public:
  Command(CLI::App* app, Work* chosen) : app_(app), chosen_(chosen) {}

  // One of the commands below this one must then be given, and does the work.
  Command Add(const std::string& name, const std::string& help);

  // `name` begins with "--", or is what --help calls a word by its place. The
  // option writes into `value`, which must outlive the parsing: a text, a
  // number, an optional or a list of them.
  template <typename T>
  Option AddOption(const std::string& name, T& value,
                   const std::string& help = "");

  // `name` may have another beside it that means the opposite: "--a,!--no-a".
  Option AddFlag(const std::string& name, bool& value, const std::string& help);

  // Two options that may not stand together.
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

// Parses, does the work of the command that was given, and reports on the
// standard error what is wrong, a full disk under the standard output too. The
// result is the exit code of the program: 0, 1 or 2 as Work says.
int RunProgram(const ProgramText& text,
               const std::function<void(Command program)>& add_commands,
               int argc, char** argv);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_COMMAND_LINE_COMMAND_H_
