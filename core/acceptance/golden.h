// Requests with known answers, stored in a snapshot: whoever loads it computes
// the same, or does not serve it.
#ifndef MARQUEE_CORE_ACCEPTANCE_GOLDEN_H_
#define MARQUEE_CORE_ACCEPTANCE_GOLDEN_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/pipeline/pipeline.h"

namespace marquee::config {
class Manifest;
}

namespace marquee {

// Adds `count` requests to the manifest, spread over the users and for one
// new user, at the moment `now`, with the answers of the pipeline.
absl::Status AddGolden(const Pipeline& pipeline, absl::Time now, size_t count,
                       config::Manifest& manifest);

// Computes each again. Errors: FailedPrecondition that names the first request
// whose titles or scores differ, and how.
absl::Status CheckGolden(const Pipeline& pipeline,
                         const config::Manifest& manifest);

}  // namespace marquee

#endif  // MARQUEE_CORE_ACCEPTANCE_GOLDEN_H_
