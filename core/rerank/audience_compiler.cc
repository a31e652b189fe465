#include "core/rerank/audience_compiler.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/request_limits.h"
#include "core/catalog/locale_codes.h"
#include "marquee/config/policy.pb.h"

namespace marquee {
namespace {

using OnFault = AudienceCompiler::OnFault;

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

void CheckCountries(const std::vector<std::string>& countries,
                    const OnFault& on_fault) {
  for (const std::string& country : countries) {
    if (LooksLikeCountry(country)) continue;
    on_fault(absl::StrCat("audience country '", country,
                          "': must be two upper-case letters"));
  }
}

void CheckDeclared(absl::string_view kind,
                   const std::vector<std::string>& named,
                   const std::vector<std::string>& declared,
                   const OnFault& on_fault) {
  if (declared.empty()) return;
  for (const std::string& name : named) {
    if (std::binary_search(declared.begin(), declared.end(), name)) continue;
    on_fault(absl::StrCat("audience ", kind, " '", name, "': the file's ", kind,
                          "s are: ", absl::StrJoin(declared, ", ")));
  }
}

}  // namespace

AudienceCompiler::AudienceCompiler(const config::Policy& policy)
    : devices_(SortedInLowerCase(policy.devices())),
      scenes_(Sorted(policy.scenes())) {}

Audience AudienceCompiler::Compile(const config::Audience& in,
                                   const OnFault& on_fault) {
  Audience out;
  out.countries = Sorted(in.countries());
  out.devices = SortedInLowerCase(in.devices());
  out.languages = SortedInLowerCase(in.languages());
  for (std::string& language : out.languages) {
    std::replace(language.begin(), language.end(), '_', '-');
  }
  out.scenes = Sorted(in.scenes());
  CheckCountries(out.countries, on_fault);
  CheckDeclared("device", out.devices, devices_, on_fault);
  CheckDeclared("scene", out.scenes, scenes_, on_fault);
  named_devices_.insert(out.devices.begin(), out.devices.end());
  named_scenes_.insert(out.scenes.begin(), out.scenes.end());
  if (in.has_maturity_limit_at_most()) {
    const int limit = in.maturity_limit_at_most();
    out.maturity_limit_at_most = limit;
    if (limit < 0 || limit > kMaxMaturity) {
      on_fault(absl::StrCat("audience maturity_limit_at_most is ", limit,
                            ": must be 0 to ", kMaxMaturity));
    }
  }
  return out;
}

std::vector<std::string> AudienceCompiler::Devices() const {
  return devices_.empty() ? Sorted(named_devices_) : devices_;
}

std::vector<std::string> AudienceCompiler::Scenes() const {
  return scenes_.empty() ? Sorted(named_scenes_) : scenes_;
}

}  // namespace marquee
