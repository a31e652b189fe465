#include "core/base/version.h"

namespace marquee {

absl::string_view Version() { return MARQUEE_VERSION; }

}  // namespace marquee
