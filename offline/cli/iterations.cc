#include "offline/cli/iterations.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "absl/strings/str_cat.h"
#include "offline/cli/warn.h"

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

void WarnOfUnusedBest(const std::string& path, const Forest& forest,
                      const char* option) {
  const size_t all = forest.num_iterations();
  const std::optional<size_t> best = forest.best_iteration();
  if (!best.has_value() || *best + 1 >= all) return;
  Warn(absl::StrCat(path, ": early stopping found the first ", *best + 1,
                    " iterations best, all ", all, " are used: ", option,
                    " best uses those, ", option, " ", all,
                    " is without this warning"));
}

}  // namespace marquee
