// What the value of a feature depends on, among rows that are scored together.
// It decides how often a value is computed.
#ifndef MARQUEE_CORE_FEATURES_FEATURE_SCOPE_H_
#define MARQUEE_CORE_FEATURES_FEATURE_SCOPE_H_

#include <cstdint>

namespace marquee {

enum class FeatureScope : uint8_t {
  kRow,      // on the row: for each row of each request
  kItem,     // on the row's item alone: once, when a snapshot is built
  kRequest,  // on neither: once a request
};

}  // namespace marquee

#endif  // MARQUEE_CORE_FEATURES_FEATURE_SCOPE_H_
