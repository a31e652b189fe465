// Requests with known answers, stored in a snapshot. A program that loads the
// snapshot must compute the same answers, or does not serve it.
//
//   MARQUEE_RETURN_IF_ERROR(AddGolden(pipeline, now, 32, writer->manifest()));
//   …
//   MARQUEE_RETURN_IF_ERROR(CheckGolden(pipeline, snapshot->manifest()));
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

// Adds `count` requests to the manifest, with the answers of the pipeline:
// spread over the users and for one new user, at the moment `now`.
absl::Status AddGolden(const Pipeline& pipeline, absl::Time now, size_t count,
                       config::Manifest& manifest);

// Computes each answer again. Errors: FailedPrecondition that names the first
// request whose items or scores differ, and how.
absl::Status CheckGolden(const Pipeline& pipeline,
                         const config::Manifest& manifest);

}  // namespace marquee

#endif  // MARQUEE_CORE_ACCEPTANCE_GOLDEN_H_
