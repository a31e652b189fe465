#include "core/rerank/policy_loader.h"

#include <google/protobuf/text_format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/request_limits.h"
#include "core/catalog/locale_codes.h"
#include "core/rerank/policy_check.h"
#include "core/rerank/policy_text.h"
#include "core/rerank/title_names.h"
#include "marquee/config/policy.pb.h"

namespace marquee {
namespace {

using ::google::protobuf::TextFormat;

// Turns messages into rules. Keeps every fault with its line, so that an editor
// sees all at once.
class Compiler {
 public:
  Compiler(const Catalog& catalog, std::vector<PolicyFault>& faults)
      : catalog_(catalog), title_names_(catalog), faults_(faults) {}

  Policy Compile(const config::Policy& in,
                 const TextFormat::ParseInfoTree& places);

 private:
  void Fault(absl::string_view what) {
    faults_.push_back({rule_->line, absl::StrCat(rule_kind_, " '", rule_->name,
                                                 "': ", what)});
  }
  void CheckRange(absl::string_view field, double value, bool ok,
                  absl::string_view range) {
    if (!ok) Fault(absl::StrCat(field, " is ", value, ": must be ", range));
  }

  // Compiles the fields of every rule.
  template <typename Message>
  void CompileCommon(const Message& in, absl::string_view kind, int index,
                     Rule& out);
  template <typename Message>
  void CompileWindow(const Message& in, Rule& out);
  void CompileAudience(const config::Audience& in, Audience& out);
  void CheckAudience(const Audience& audience);
  void CheckDeclared(absl::string_view kind,
                     const std::vector<std::string>& named,
                     const std::vector<std::string>& declared);
  CalendarSecond CompileTime(absl::string_view field, const std::string& text,
                             CalendarSecond if_empty);
  std::vector<uint64_t> CompileMatch(const config::Match& in);
  const Attribute* FindAttribute(const std::string& name);

  void CompileBlock(const config::Block& in, BlockRule& out);
  void CompileBoost(const config::Boost& in, BoostRule& out);
  void CompileFreshness(const config::Freshness& in, FreshnessRule& out);
  void CompileCap(const config::Cap& in, CapRule& out);
  void CompilePin(const config::Pin& in, PinRule& out);
  void CompileDiversity(const config::Diversity& in, Policy& out);

  const Catalog& catalog_;
  TitleNames title_names_;
  std::vector<PolicyFault>& faults_;
  const TextFormat::ParseInfoTree* places_ = nullptr;
  std::set<std::string> names_;
  // The bitmaps of the attributes that caps count.
  std::map<const Attribute*, std::shared_ptr<const ValueBitmaps>> items_;
  // The current rule, for messages.
  absl::string_view rule_kind_;
  const Rule* rule_ = nullptr;
  // The names that the file declares, and those in audiences. Devices in lower
  // case.
  std::vector<std::string> devices_, scenes_;
  std::set<std::string> named_devices_, named_scenes_;
};

template <typename Values>
std::vector<std::string> Sorted(const Values& values) {
  std::vector<std::string> copy(values.begin(), values.end());
  std::sort(copy.begin(), copy.end());
  return copy;
}

template <typename Values>
std::vector<std::string> SortedInLowerCase(const Values& values) {
  std::vector<std::string> copy(values.begin(), values.end());
  for (std::string& value : copy) absl::AsciiStrToLower(&value);
  return Sorted(copy);
}

Policy Compiler::Compile(const config::Policy& in,
                         const TextFormat::ParseInfoTree& places) {
  places_ = &places;
  devices_ = SortedInLowerCase(in.devices());
  scenes_ = Sorted(in.scenes());
  Policy out;
  const auto each = [this](const auto& messages, absl::string_view kind,
                           auto& rules, auto compile) {
    for (int i = 0; i < messages.size(); ++i) {
      auto& rule = rules.emplace_back();
      CompileCommon(messages[i], kind, i, rule);
      (this->*compile)(messages[i], rule);
    }
  };
  each(in.blocks(), "blocks", out.blocks, &Compiler::CompileBlock);
  each(in.boosts(), "boosts", out.boosts, &Compiler::CompileBoost);
  each(in.freshness(), "freshness", out.freshness, &Compiler::CompileFreshness);
  each(in.caps(), "caps", out.caps, &Compiler::CompileCap);
  each(in.pins(), "pins", out.pins, &Compiler::CompilePin);
  if (in.has_diversity()) {
    Rule diversity;
    CompileCommon(in.diversity(), "diversity", -1, diversity);
    CompileDiversity(in.diversity(), out);
  }
  out.declares_devices = !devices_.empty();
  out.devices = devices_.empty() ? Sorted(named_devices_) : devices_;
  out.scenes = scenes_.empty() ? Sorted(named_scenes_) : scenes_;
  return out;
}

template <typename Message>
void Compiler::CompileCommon(const Message& in, absl::string_view kind,
                             int index, Rule& out) {
  rule_kind_ = kind;
  rule_ = &out;
  const auto* field =
      config::Policy::descriptor()->FindFieldByName(std::string(kind));
  out.line = places_->GetLocation(field, index).line + 1;
  out.name = in.name();
  if (out.name.empty()) Fault("name is required");
  if (!out.name.empty() && !names_.insert(out.name).second) {
    Fault("another rule has this name");
  }
  if constexpr (requires { in.audience(); })
    CompileAudience(in.audience(), out.audience);
  if constexpr (requires { in.window().start(); }) CompileWindow(in, out);
}

template <typename Message>
void Compiler::CompileWindow(const Message& in, Rule& out) {
  out.start = CompileTime("window.start", in.window().start(), 0);
  out.end = CompileTime("window.end", in.window().end(), kNeverEnds);
  if (out.start == kNeverEnds) {
    Fault(absl::StrCat("window.start '", in.window().start(),
                       "': must be before 2106-02-07"));
  } else if (out.start >= out.end) {
    Fault("window.start must be before window.end");
  }
}

CalendarSecond Compiler::CompileTime(absl::string_view field,
                                     const std::string& text,
                                     CalendarSecond if_empty) {
  if (text.empty()) return if_empty;
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
    Fault(absl::StrCat(field, " '", text,
                       "': must be like 2026-12-01T00:00:00Z"));
    return if_empty;
  }
  return ToCalendarSecond(time);
}

void Compiler::CompileAudience(const config::Audience& in, Audience& out) {
  out.countries = Sorted(in.countries());
  out.devices = SortedInLowerCase(in.devices());
  out.languages = SortedInLowerCase(in.languages());
  for (std::string& language : out.languages) {
    std::replace(language.begin(), language.end(), '_', '-');
  }
  out.scenes = Sorted(in.scenes());
  CheckAudience(out);
  named_devices_.insert(out.devices.begin(), out.devices.end());
  named_scenes_.insert(out.scenes.begin(), out.scenes.end());
  if (in.has_maturity_limit_at_most()) {
    out.maturity_limit_at_most = in.maturity_limit_at_most();
    CheckRange(
        "audience maturity_limit_at_most", in.maturity_limit_at_most(),
        in.maturity_limit_at_most() >= 0 && in.maturity_limit_at_most() <= 99,
        "0 to 99");
  }
}

void Compiler::CheckAudience(const Audience& audience) {
  for (const std::string& country : audience.countries) {
    if (!LooksLikeCountry(country)) {
      Fault(absl::StrCat("audience country '", country,
                         "': must be two upper-case letters"));
    }
  }
  CheckDeclared("device", audience.devices, devices_);
  CheckDeclared("scene", audience.scenes, scenes_);
}

void Compiler::CheckDeclared(absl::string_view kind,
                             const std::vector<std::string>& named,
                             const std::vector<std::string>& declared) {
  if (declared.empty()) return;
  for (const std::string& name : named) {
    if (std::binary_search(declared.begin(), declared.end(), name)) continue;
    Fault(absl::StrCat("audience ", kind, " '", name, "': the file's ", kind,
                       "s are: ", absl::StrJoin(declared, ", ")));
  }
}

const Attribute* Compiler::FindAttribute(const std::string& name) {
  const Attribute* const attribute = catalog_.FindAttribute(name);
  if (attribute == nullptr) {
    const bool is_number = name == "maturity" ||
                           absl::c_linear_search(catalog_.number_names(), name);
    Fault(absl::StrCat(is_number ? "" : "unknown ", "attribute '", name, "'",
                       is_number ? ": is a number, and rules match texts" : "",
                       "; the catalogue has: ",
                       absl::StrJoin(catalog_.attribute_names(), ", ")));
  }
  return attribute;
}

std::vector<uint64_t> Compiler::CompileMatch(const config::Match& in) {
  std::vector<uint64_t> items(BitmapWords(catalog_.size()), 0);
  if (in.item_ids().empty() && in.attribute().empty()) {
    Fault("match needs item_ids or an attribute with values");
  }
  for (const std::string& id : in.item_ids()) {
    const std::optional<ItemRow> row = catalog_.Find(id);
    if (row) {
      SetBit(items, Index(*row));
    } else {
      Fault(absl::StrCat("match names item '", id,
                         "', which the catalogue does not have",
                         title_names_.TellWhoIsCalled(id)));
    }
  }
  if (in.attribute().empty()) {
    if (!in.values().empty()) Fault("match has values but no attribute");
    return items;
  }
  if (in.values().empty()) Fault("match has an attribute but no values");
  const Attribute* const attribute = FindAttribute(in.attribute());
  if (attribute == nullptr) return items;
  for (const std::string& value : in.values()) {
    const std::optional<uint32_t> code = attribute->Find(value);
    if (!code) {
      Fault(TellUnknownValue(*attribute, in.attribute(), value));
      continue;
    }
    for (const uint32_t row : attribute->Items(*code)) SetBit(items, row);
  }
  return items;
}

void Compiler::CompileBlock(const config::Block& in, BlockRule& out) {
  out.shown = CompileMatch(in.match());
  if (in.only()) return;
  for (uint64_t& word : out.shown) word = ~word;
  if (catalog_.size() % 64 != 0) {
    out.shown.back() &= (uint64_t{1} << (catalog_.size() % 64)) - 1;
  }
}

void Compiler::CompileBoost(const config::Boost& in, BoostRule& out) {
  out.items = CompileMatch(in.match());
  const bool ok = in.multiplier() > 0 && in.multiplier() <= 1000;
  CheckRange("multiplier", in.multiplier(), ok, "more than 0 and at most 1000");
  if (ok) out.log_multiplier = static_cast<float>(std::log(in.multiplier()));
}

void Compiler::CompileFreshness(const config::Freshness& in,
                                FreshnessRule& out) {
  CheckRange("multiplier", in.multiplier(),
             in.multiplier() > 1 && in.multiplier() <= 1000,
             "more than 1 and at most 1000");
  CheckRange("half_life_days", in.half_life_days(),
             in.half_life_days() > 0 && in.half_life_days() <= 100000,
             "more than 0, at most 100000");
  out.multiplier = static_cast<float>(in.multiplier());
  out.half_life_days = static_cast<float>(in.half_life_days());
}

void Compiler::CompileCap(const config::Cap& in, CapRule& out) {
  out.attribute = FindAttribute(in.attribute());
  if (out.attribute != nullptr) {
    std::shared_ptr<const ValueBitmaps>& items = items_[out.attribute];
    if (items == nullptr) {
      items =
          std::make_shared<const ValueBitmaps>(*out.attribute, catalog_.size());
    }
    out.items = items;
  }
  CheckRange("max", in.max(), in.max() >= 1 && in.max() <= kMaxLimit,
             "1 to 200");
  CheckRange(
      "window", in.window(),
      in.window() == 0 || (in.window() > in.max() && in.window() <= kMaxLimit),
      "0, or more than max and at most 200");
  out.max = in.max();
  out.window = in.window();
  out.strict = in.strict();
}

void Compiler::CompilePin(const config::Pin& in, PinRule& out) {
  const std::optional<ItemRow> row = catalog_.Find(in.item_id());
  if (row) {
    out.row = *row;
  } else {
    Fault(absl::StrCat("the catalogue has no item with the id '", in.item_id(),
                       "'", title_names_.TellWhoIsCalled(in.item_id())));
  }
  CheckRange("position", in.position(),
             in.position() >= 1 && in.position() <= kMaxLimit,
             "1 to 200, the longest list");
  out.position = in.position();
}

void Compiler::CompileDiversity(const config::Diversity& in, Policy& out) {
  CheckRange("strength", in.strength(),
             in.strength() >= 0 && in.strength() <= 1, "0 to 1");
  CheckRange("pool", in.pool(),
             in.pool() == 0 || (in.pool() >= 20 && in.pool() <= 500),
             "0, or 20 to 500");
  out.diversity_name = in.name();
  out.diversity_strength = static_cast<float>(in.strength());
  out.diversity_pool = in.pool();
}

absl::Status Faulty(absl::string_view name, std::vector<PolicyFault> faults) {
  std::stable_sort(faults.begin(), faults.end(),
                   [](const PolicyFault& a, const PolicyFault& b) {
                     return a.line < b.line;
                   });
  const auto line = [name](std::string* out, const PolicyFault& fault) {
    absl::StrAppend(out, name, ":", fault.line, ": ", fault.what);
  };
  return absl::InvalidArgumentError(absl::StrJoin(faults, "\n", line));
}

}  // namespace

absl::StatusOr<std::unique_ptr<const Policy>> LoadPolicy(
    absl::string_view text, absl::string_view name, const Catalog& catalog,
    const LicenceCalendar& calendar) {
  std::vector<PolicyFault> faults;
  TextFormat::ParseInfoTree places;
  config::Policy message;
  if (!ParsePolicy(text, message, places, faults)) return Faulty(name, faults);
  Compiler compiler(catalog, faults);
  auto policy =
      std::make_unique<const Policy>(compiler.Compile(message, places));
  // Contradictions are checked only if each rule is valid by itself.
  if (faults.empty()) faults = FindContradictions(*policy, catalog, calendar);
  if (!faults.empty()) return Faulty(name, faults);
  return policy;
}

}  // namespace marquee
