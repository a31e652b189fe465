// How long requests take to compute, to predict how long waiting requests will
// wait.
#ifndef MARQUEE_SERVER_ADMISSION_SERVICE_TIME_H_
#define MARQUEE_SERVER_ADMISSION_SERVICE_TIME_H_

#include <algorithm>
#include <cstddef>

#include "absl/time/time.h"

namespace marquee {

// Externally synchronised. Zero until the first observation.
class ServiceTime {
 public:
  void Observe(absl::Duration time) {
    mean_ = seen_ ? mean_ + (time - mean_) / 32 : time;
    // Follows a change of the load within a few hundred requests.
    shortest_ =
        seen_ ? std::min(time, shortest_ + (mean_ - shortest_) / 256) : time;
    seen_ = true;
  }

  // Records that a request was refused because it would take too long, so it
  // was not measured. The estimates fade; otherwise one slow spell would refuse
  // all later requests.
  void Fade() {
    mean_ -= mean_ / 32;
    shortest_ -= shortest_ / 32;
  }

  absl::Duration mean() const { return mean_; }
  // The time of the cheapest recent requests: no request is answered in less.
  absl::Duration shortest() const { return shortest_; }
  absl::Duration WaitBehind(size_t waiting, size_t workers) const {
    return mean_ * static_cast<double>(waiting) / static_cast<double>(workers);
  }

 private:
  bool seen_ = false;
  absl::Duration mean_ = absl::ZeroDuration();
  absl::Duration shortest_ = absl::ZeroDuration();
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_ADMISSION_SERVICE_TIME_H_
