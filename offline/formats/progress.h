// Shows the progress of long work: one line that rewrites itself on a terminal,
// a plain line every ten seconds in a log.
//
//   Progress progress("reading ratings.csv", file_bytes, "B");
//   while (…) progress.Update(bytes_so_far);
#ifndef MARQUEE_OFFLINE_FORMATS_PROGRESS_H_
#define MARQUEE_OFFLINE_FORMATS_PROGRESS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "core/base/clock.h"

namespace marquee {

// Writes to the standard error. Externally synchronised.
class Progress {
 public:
  // `total` 0: unknown; then the line shows no share and no time left.
  Progress(absl::string_view label, uint64_t total, absl::string_view unit);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  // Ends the line on the terminal.
  ~Progress();

  // `done` must not decrease. `note` is appended to the line, for example the
  // current loss.
  void Update(uint64_t done, absl::string_view note = "");

 private:
  void Show(SteadyTime now);

  const std::string label_;
  const uint64_t total_;
  const std::string unit_;
  const bool terminal_;
  const SteadyTime start_;
  SteadyTime next_;  // when to show the next line
  uint64_t done_ = 0;
  uint64_t look_at_ = 0;  // do not read the clock before this
  std::string note_;
  bool shown_ = false;
  bool ended_ = false;
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_FORMATS_PROGRESS_H_
