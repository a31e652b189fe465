// Sends requests to a pipeline before it serves, so that the first request of a
// user is as fast as the thousandth.
#ifndef MARQUEE_SERVER_RELOAD_WARM_UP_H_
#define MARQUEE_SERVER_RELOAD_WARM_UP_H_

#include <cstddef>
#include <stop_token>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/pipeline/pipeline.h"

namespace marquee {

// Answers the golden requests of the snapshot and then requests of users from
// all over the table, `count` in all. This faults pages in, fills caches, and
// measures the costs of the pipeline's stages. Errors: those of the pipeline,
// with which a snapshot is not fit to serve; Cancelled.
absl::Status WarmUp(const Pipeline& pipeline, size_t count, absl::Time now,
                    const std::stop_token& stop);

// Errors: Cancelled if a stop was requested.
absl::Status CheckNotStopped(const std::stop_token& stop);

}  // namespace marquee

#endif  // MARQUEE_SERVER_RELOAD_WARM_UP_H_
