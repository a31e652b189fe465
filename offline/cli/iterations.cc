#include "offline/cli/iterations.h"

#include <cstdint>
#include <limits>

#include "absl/strings/str_cat.h"
#include "core/forest/forest.h"

namespace marquee {

ValueCheck Iterations() {
  const ValueCheck number = WholeNumber(1, std::numeric_limits<int32_t>::max());
  const auto fault = [number](std::string& word) {
    if (word == "best") {
      word = absl::StrCat(Forest::kBestIteration);
      return std::string();
    }
    const std::string wrong = number.fault(word);
    return wrong.empty() ? wrong : absl::StrCat(wrong, ", or 'best'");
  };
  return {fault, "best or 1 to 2147483647"};
}

}  // namespace marquee
