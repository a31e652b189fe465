// The plan that says which engine answers a request, by the number of eligible
// items.
#ifndef MARQUEE_CORE_RETRIEVAL_RETRIEVAL_PLAN_H_
#define MARQUEE_CORE_RETRIEVAL_RETRIEVAL_PLAN_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace marquee {

enum class RetrievalEngine : uint8_t { kExact, kCells, kGraph };
inline constexpr RetrievalEngine kRetrievalEngines[] = {
    RetrievalEngine::kExact, RetrievalEngine::kCells, RetrievalEngine::kGraph};

absl::string_view RetrievalEngineName(RetrievalEngine engine);
std::optional<RetrievalEngine> ParseRetrievalEngine(absl::string_view name);

// One engine for each magnitude, which is the bit width of the number of
// eligible items. Magnitudes are coarse, so small differences in a plan's
// inputs rarely change it.
class RetrievalPlan {
 public:
  // Returns the plan with one engine for all requests.
  static RetrievalPlan Always(RetrievalEngine engine);
  // Returns the plan with the exact scan below `items` eligible items, rounded
  // down to a power of two, and `above` from there on.
  static RetrievalPlan ExactBelow(size_t items, RetrievalEngine above);
  // Returns the plan that does not depend on the machine. Golden requests are
  // answered by it, and so is everything outside a server.
  static RetrievalPlan Default();

  RetrievalEngine Pick(size_t eligible_count) const {
    return AtMagnitude(Magnitude(eligible_count));
  }
  RetrievalEngine AtMagnitude(size_t magnitude) const {
    return by_magnitude_[magnitude];
  }
  void Set(size_t magnitude, RetrievalEngine engine) {
    by_magnitude_[magnitude] = engine;
  }
  bool Uses(RetrievalEngine engine) const;
  // "exact below 16384, then cells".
  std::string ToString() const;

  static constexpr size_t kMagnitudes = 33;
  static size_t Magnitude(size_t count) {
    return static_cast<size_t>(std::bit_width(static_cast<uint32_t>(count)));
  }

 private:
  std::array<RetrievalEngine, kMagnitudes> by_magnitude_{};
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RETRIEVAL_RETRIEVAL_PLAN_H_
