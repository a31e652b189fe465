// What a feature's value depends on, among rows that are scored together. The
// scope decides how often a value is computed.
#ifndef MARQUEE_CORE_FEATURES_FEATURE_SCOPE_H_
#define MARQUEE_CORE_FEATURES_FEATURE_SCOPE_H_

#include <cstdint>

namespace marquee {

enum class FeatureScope : uint8_t {
  kRow,      // the row: computed for each row of each request
  kItem,     // the item alone: once, when a snapshot is built
  kRequest,  // neither: once per request
};

}  // namespace marquee

#endif  // MARQUEE_CORE_FEATURES_FEATURE_SCOPE_H_
