#include "offline/command_line/command.h"

#include <concepts>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"

namespace marquee {
namespace {

// For a misspelt word, the library would only report what is missing without
// it.
int Report(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<std::string> unknown = app.remaining(/*recurse=*/true);
  if (error.get_name() == "RequiredError" && !unknown.empty()) {
    std::fprintf(stderr, "%s: '%s' is not known here\n", app.get_name().c_str(),
                 unknown[0].c_str());
  }
  return app.exit(error) == 0 ? 0 : 2;
}

std::string FaultOfEmpty(const std::string& word) {
  return word.empty() ? "is empty: is a variable of a script not set?" : "";
}

}  // namespace

Option& Option::Required() {
  option_->required();
  return *this;
}

Option& Option::ShowDefault() {
  option_->capture_default_str();
  return *this;
}

Option& Option::Check(const ValueCheck& check) {
  option_->transform(CLI::Validator(check.fault, check.possible));
  return *this;
}

Option& Option::Split(char delimiter) {
  option_->delimiter(delimiter);
  return *this;
}

Option& Option::Marks(bool& given) {
  option_->each([&given](const std::string&) { given = true; });
  return *this;
}

Option& Option::Needs(const std::string& name) {
  option_->needs(name);
  return *this;
}

Command Command::Add(const std::string& name, const std::string& help) {
  app_->require_subcommand(1);
  return Command(app_->add_subcommand(name, help), chosen_);
}

template <OptionValue T>
Option Command::AddOption(const std::string& name, T& value,
                          const std::string& help) {
  Option option(app_->add_option(name, value, help));
  // Numbers refuse it without this check.
  if constexpr (std::same_as<T, std::string> ||
                std::same_as<T, std::vector<std::string>>) {
    option.Check({FaultOfEmpty, ""});
  }
  return option;
}

// Instantiates the types of OptionValue.
#define MARQUEE_OPTION_OF(T) \
  template Option Command::AddOption(const std::string&, T&, const std::string&)
MARQUEE_OPTION_OF(std::string);
MARQUEE_OPTION_OF(std::vector<std::string>);
MARQUEE_OPTION_OF(float);
MARQUEE_OPTION_OF(double);
MARQUEE_OPTION_OF(std::vector<double>);
MARQUEE_OPTION_OF(int32_t);
MARQUEE_OPTION_OF(uint32_t);
MARQUEE_OPTION_OF(uint64_t);
MARQUEE_OPTION_OF(std::vector<uint64_t>);
MARQUEE_OPTION_OF(std::optional<int32_t>);
MARQUEE_OPTION_OF(std::optional<uint64_t>);
#undef MARQUEE_OPTION_OF

Option Command::AddFlag(const std::string& name, bool& value,
                        const std::string& help) {
  return Option(app_->add_flag(name, value, help));
}

void Command::Exclude(const std::string& name, const std::string& other) {
  app_->get_option(name)->excludes(app_->get_option(other));
}

void Command::Does(Work work) {
  app_->callback(
      [chosen = chosen_, work = std::move(work)] { *chosen = work; });
}

int RunProgram(const ProgramText& text,
               const std::function<void(Command program)>& add_commands,
               int argc, char** argv) {
  CLI::App app(absl::StrCat(text.name, ": ", text.what));
  app.name(text.name);
  app.set_version_flag("--version", absl::StrCat(text.name, " ", text.version));
  app.footer("Exit codes: 0 done, 1 the work failed, 2 the call was wrong.");
  Work work;
  add_commands(Command(&app, &work));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return Report(app, error);
  }
  absl::Status status = work();
  // The printed text is the result.
  if (status.ok() && (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)) {
    status = absl::DataLossError("standard output can not be written");
  }
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s: %s\n", text.name.c_str(),
               std::string(status.message()).c_str());
  return status.code() == absl::StatusCode::kInvalidArgument ? 2 : 1;
}

}  // namespace marquee
