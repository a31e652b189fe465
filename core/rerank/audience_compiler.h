// Compiles the audiences of a policy's rules.
#ifndef MARQUEE_CORE_RERANK_AUDIENCE_COMPILER_H_
#define MARQUEE_CORE_RERANK_AUDIENCE_COMPILER_H_

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/rerank/policy.h"

namespace marquee {

namespace config {
class Audience;
class Policy;
}  // namespace config

// Remembers the devices and scenes that audiences name: they are the known
// ones, unless the file declares its own.
class AudienceCompiler {
 public:
  // Called with each fault, in words.
  using OnFault = std::function<void(absl::string_view)>;

  explicit AudienceCompiler(const config::Policy& policy);

  Audience Compile(const config::Audience& in, const OnFault& on_fault);

  bool declares_devices() const { return !devices_.empty(); }
  // The known ones, ascending; devices in lower case.
  std::vector<std::string> Devices() const;
  std::vector<std::string> Scenes() const;

 private:
  // Declared by the file, ascending.
  const std::vector<std::string> devices_, scenes_;
  std::set<std::string> named_devices_, named_scenes_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_AUDIENCE_COMPILER_H_
