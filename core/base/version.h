// The version of this program: the project's version in CMakeLists.txt, the
// only place that states it.
#ifndef MARQUEE_CORE_BASE_VERSION_H_
#define MARQUEE_CORE_BASE_VERSION_H_

#include "absl/strings/string_view.h"

namespace marquee {

// For example "1.2.3".
absl::string_view Version();

}  // namespace marquee

#endif  // MARQUEE_CORE_BASE_VERSION_H_
