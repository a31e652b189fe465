#include "server/app/command_line.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "server/app/server_config.h"

namespace marquee {
namespace {

using google::protobuf::FieldDescriptor;

struct Flag {
  std::string name;  // with _ inside
  std::optional<std::string> value;
};

const FieldDescriptor* FindField(const std::string& name) {
  return config::ServerConfig::descriptor()->FindFieldByName(name);
}

bool StandsAlone(const std::string& name) {
  if (name == "help" || name == "version") return true;
  const FieldDescriptor* const field = FindField(name);
  return field != nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL;
}

bool IsTruth(absl::string_view text) {
  return text == "true" || text == "false";
}

absl::StatusOr<std::vector<Flag>> ReadFlags(
    std::span<const char* const> arguments) {
  std::vector<Flag> flags;
  for (size_t i = 0; i < arguments.size(); ++i) {
    absl::string_view text = arguments[i];
    if (!absl::ConsumePrefix(&text, "--") || text.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "'", arguments[i], "': is not a flag (--help lists them)"));
    }
    const size_t equals = text.find('=');
    Flag flag{.name = std::string(text.substr(0, equals))};
    std::replace(flag.name.begin(), flag.name.end(), '-', '_');
    if (equals != absl::string_view::npos) {
      flag.value = std::string(text.substr(equals + 1));
    } else if (StandsAlone(flag.name)) {
      const bool has_value =
          i + 1 < arguments.size() && IsTruth(arguments[i + 1]);
      if (has_value) flag.value = arguments[++i];
    } else {
      if (i + 1 == arguments.size()) {
        return absl::InvalidArgumentError(
            absl::StrCat("--", flag.name, ": needs a value"));
      }
      flag.value = arguments[++i];
    }
    flags.push_back(std::move(flag));
  }
  return flags;
}

absl::Status Wrong(const Flag& flag, absl::string_view must) {
  return absl::InvalidArgumentError(absl::StrCat(
      "--", flag.name, ": is '", flag.value.value_or(""), "', must be ", must));
}

// Adds the values between commas.
absl::Status AddValues(const FieldDescriptor& field, const Flag& flag,
                       config::ServerConfig& config) {
  for (const absl::string_view value : absl::StrSplit(*flag.value, ',')) {
    if (value.empty()) return Wrong(flag, "values between commas");
    config.GetReflection()->AddString(&config, &field, std::string(value));
  }
  return absl::OkStatus();
}

absl::Status SetField(const FieldDescriptor& field, const Flag& flag,
                      config::ServerConfig& config) {
  const google::protobuf::Reflection& fields = *config.GetReflection();
  if (field.is_repeated()) return AddValues(field, flag, config);
  const std::string value = flag.value.value_or("true");
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: {
      int32_t number = 0;
      if (!absl::SimpleAtoi(value, &number)) {
        return Wrong(flag, "a whole number");
      }
      fields.SetInt32(&config, &field, number);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_UINT64: {
      uint64_t number = 0;
      if (!absl::SimpleAtoi(value, &number)) {
        return Wrong(flag, "a whole number that is not negative");
      }
      fields.SetUInt64(&config, &field, number);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_BOOL: {
      bool on = false;
      if (!absl::SimpleAtob(value, &on)) return Wrong(flag, "true or false");
      fields.SetBool(&config, &field, on);
      return absl::OkStatus();
    }
    default:
      fields.SetString(&config, &field, value);
      return absl::OkStatus();
  }
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(
    std::span<const char* const> arguments) {
  MARQUEE_ASSIGN_OR_RETURN(const std::vector<Flag> flags, ReadFlags(arguments));
  CommandLine line;
  // The file first, even if its flag is not the first: flags override it.
  for (const Flag& flag : flags) {
    if (flag.name != "config") continue;
    MARQUEE_ASSIGN_OR_RETURN(line.sourced, ReadConfigFile(*flag.value));
  }
  std::set<std::string> overridden;
  for (const Flag& flag : flags) {
    if (flag.name == "config") continue;
    if (flag.name == "help") {
      line.help = true;
    } else if (flag.name == "version") {
      line.version = true;
    } else if (const FieldDescriptor* const field = FindField(flag.name)) {
      // The first flag of a repeated field overrides the file; further ones add
      // to it.
      if (field->is_repeated() && !overridden.contains(flag.name)) {
        line.sourced.config.GetReflection()->ClearField(&line.sourced.config,
                                                        field);
      }
      overridden.insert(flag.name);
      MARQUEE_RETURN_IF_ERROR(SetField(*field, flag, line.sourced.config));
      line.sourced.where[flag.name] = absl::StrCat("--", flag.name);
    } else {
      return absl::InvalidArgumentError(absl::StrCat(
          "--", flag.name, ": there is no such flag (--help lists them)"));
    }
  }
  return line;
}

std::string Usage() {
  std::string text =
      "marquee-server: answers what to watch next, from a snapshot.\n\n"
      "  marquee-server --snapshots DIR [--config FILE] [--FIELD VALUE ...]\n\n"
      "FIELD is any of the configuration "
      "(proto/marquee/config/server.proto says what each does):\n";
  const google::protobuf::Descriptor& descriptor =
      *config::ServerConfig::descriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    absl::StrAppend(&text, "  --", field.name(), " ", field.cpp_type_name(),
                    field.is_repeated()
                        ? ",... (between commas, or the flag several times)\n"
                        : "\n");
  }
  return text;
}

}  // namespace marquee
