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
#include "core/rerank/audience_compiler.h"
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
  // All arguments must outlive it.
  Compiler(const config::Policy& policy,
           const TextFormat::ParseInfoTree& places, const Catalog& catalog,
           std::vector<PolicyFault>& faults)
      : policy_(policy),
        places_(places),
        catalog_(catalog),
        title_names_(catalog),
        audiences_(policy),
        faults_(faults) {}

  Policy Compile();

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
  CalendarSecond CompileTime(absl::string_view field, const std::string& text,
                             CalendarSecond if_empty);
  std::vector<uint64_t> CompileMatch(const config::Match& in);
  const Attribute* FindAttribute(const std::string& name);

  void CompileBlock(const config::Block& in, BlockRule& out);
  void CompileBoost(const config::Boost& in, BoostRule& out);
  void CompileFreshness(const config::Freshness& in, FreshnessRule& out);
  void CompileCap(const config::Cap& in, CapRule& out);
  void CompilePin(const config::Pin& in, PinRule& out);
  void CompileSource(const config::CandidateSource& in, SourceRule& out);
  void CompileHalfLife(const config::CandidateSource& in, SourceRule& out);
  void CompileDiversity(const config::Diversity& in, Policy& out);

  const config::Policy& policy_;
  const TextFormat::ParseInfoTree& places_;
  const Catalog& catalog_;
  TitleNames title_names_;
  AudienceCompiler audiences_;
  std::vector<PolicyFault>& faults_;
  std::set<std::string> names_;
  // The bitmaps of the attributes that caps count.
  std::map<const Attribute*, std::shared_ptr<const ValueBitmaps>> items_;
  // The current rule, for messages.
  absl::string_view rule_kind_;
  const Rule* rule_ = nullptr;
};

Policy Compiler::Compile() {
  Policy out;
  const auto each = [this](const auto& messages, absl::string_view kind,
                           auto& rules, auto compile) {
    for (int i = 0; i < messages.size(); ++i) {
      auto& rule = rules.emplace_back();
      CompileCommon(messages[i], kind, i, rule);
      (this->*compile)(messages[i], rule);
    }
  };
  each(policy_.blocks(), "blocks", out.blocks, &Compiler::CompileBlock);
  each(policy_.boosts(), "boosts", out.boosts, &Compiler::CompileBoost);
  each(policy_.freshness(), "freshness", out.freshness,
       &Compiler::CompileFreshness);
  each(policy_.caps(), "caps", out.caps, &Compiler::CompileCap);
  each(policy_.pins(), "pins", out.pins, &Compiler::CompilePin);
  each(policy_.sources(), "sources", out.sources, &Compiler::CompileSource);
  if (policy_.has_diversity()) {
    Rule diversity;
    CompileCommon(policy_.diversity(), "diversity", -1, diversity);
    CompileDiversity(policy_.diversity(), out);
  }
  out.declares_devices = audiences_.declares_devices();
  out.devices = audiences_.Devices();
  out.scenes = audiences_.Scenes();
  return out;
}

template <typename Message>
void Compiler::CompileCommon(const Message& in, absl::string_view kind,
                             int index, Rule& out) {
  rule_kind_ = kind;
  rule_ = &out;
  const auto* field =
      config::Policy::descriptor()->FindFieldByName(std::string(kind));
  out.line = places_.GetLocation(field, index).line + 1;
  out.name = in.name();
  if (out.name.empty()) Fault("name is required");
  if (!out.name.empty() && !names_.insert(out.name).second) {
    Fault("another rule has this name");
  }
  if constexpr (requires { in.audience(); }) {
    out.audience = audiences_.Compile(
        in.audience(), [this](absl::string_view what) { Fault(what); });
  }
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
    std::string form = text;
    absl::c_replace_if(form, absl::ascii_isdigit, '0');
    const bool formed = form == "0000-00-00T00:00:00Z" ||
                        form == "0000-00-00T00:00:00+00:00" ||
                        form == "0000-00-00T00:00:00-00:00";
    Fault(absl::StrCat(field, " '", text,
                       formed ? "': there is no such day or time"
                              : "': must be like 2026-12-01T00:00:00Z"));
    return if_empty;
  }
  return ToCalendarSecond(time);
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
             absl::StrCat("1 to ", kMaxLimit));
  CheckRange(
      "window", in.window(),
      in.window() == 0 || (in.window() > in.max() && in.window() <= kMaxLimit),
      absl::StrCat("0, or more than max and at most ", kMaxLimit));
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
             absl::StrCat("1 to ", kMaxLimit, ", the longest list"));
  out.position = in.position();
}

void Compiler::CompileSource(const config::CandidateSource& in,
                             SourceRule& out) {
  const std::optional<Source> source = FindCandidateSource(in.source());
  const bool known = source.has_value();
  if (known) out.source = *source;
  if (!known) {
    Fault(absl::StrCat("source is '", in.source(), "': must be one of ",
                       CandidateSourceNames()));
  }
  CheckRange("weight", in.weight(), in.weight() >= 1 && in.weight() <= 100,
             "1 to 100");
  out.weight = in.weight();
  if (known) CompileHalfLife(in, out);
  CheckRange("days", in.days(), in.days() >= 0 && in.days() <= 3650,
             "0, or 1 to 3650");
  if (in.days() != 0 && known && out.source != Source::kNew) {
    Fault("days: only the source 'new' has them");
  }
  if (in.days() != 0) out.new_days = in.days();
}

void Compiler::CompileHalfLife(const config::CandidateSource& in,
                               SourceRule& out) {
  if (in.half_life().empty()) return;
  if (out.source != Source::kTrending && out.source != Source::kGenre) {
    Fault("half_life: only the sources 'trending' and 'genre' have one");
    return;
  }
  std::vector<absl::string_view> names;
  for (size_t h = 0; h < kHorizons; ++h) {
    const Horizon horizon = static_cast<Horizon>(h);
    names.push_back(HorizonName(horizon));
    if (in.half_life() != HorizonName(horizon)) continue;
    out.horizon = horizon;
    return;
  }
  Fault(absl::StrCat("half_life is '", in.half_life(), "': must be one of ",
                     absl::StrJoin(names, ", ")));
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
  auto policy = std::make_unique<const Policy>(
      Compiler(message, places, catalog, faults).Compile());
  // Contradictions are checked only if each rule is valid by itself.
  if (faults.empty()) faults = FindContradictions(*policy, catalog, calendar);
  if (!faults.empty()) return Faulty(name, faults);
  return policy;
}

}  // namespace marquee
