// Requests to a pipeline that nobody waits for, so that the first one somebody
// waits for is as fast as the thousandth.
#ifndef MARQUEE_SERVER_RELOAD_WARM_UP_H_
#define MARQUEE_SERVER_RELOAD_WARM_UP_H_

#include <cstddef>
#include <stop_token>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/pipeline/pipeline.h"

namespace marquee {

// Answers the golden requests of the snapshot and then requests of users from
// all over the table, `count` in all: faults pages in, fills caches, and
// teaches the pipeline what its stages cost. Errors: those of the pipeline;
// a snapshot that gives one is not fit to serve; Cancelled.
absl::Status WarmUp(const Pipeline& pipeline, size_t count, absl::Time now,
                    const std::stop_token& stop);

// Cancelled when a stop was asked for.
absl::Status CheckNotStopped(const std::stop_token& stop);

}  // namespace marquee

#endif  // MARQUEE_SERVER_RELOAD_WARM_UP_H_
