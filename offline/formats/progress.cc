#include "offline/formats/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace marquee {
namespace {

// Returns "12 MB" or "7.8 k users".
std::string Quantity(double value, absl::string_view unit) {
  absl::string_view prefix = "";
  for (const absl::string_view next : {"k", "M", "G", "T"}) {
    if (value < 1000) break;
    value /= 1000;
    prefix = next;
  }
  const bool word = unit.size() > 1 && !prefix.empty();
  const bool fraction = value < 10 && !prefix.empty();
  return absl::StrCat(absl::StrFormat(fraction ? "%.1f" : "%.0f", value),
                      prefix.empty() && unit.empty() ? "" : " ", prefix,
                      word ? " " : "", unit);
}

}  // namespace

Progress::Progress(absl::string_view label, uint64_t total,
                   absl::string_view unit)
    : label_(label),
      total_(total),
      unit_(unit),
      terminal_(::isatty(STDERR_FILENO) == 1),
      start_(Clock::Real().Steady()),
      next_(start_ +
            (terminal_ ? absl::Milliseconds(500) : absl::Seconds(10))) {}

Progress::~Progress() {
  if (!shown_) return;
  ended_ = true;
  Show(Clock::Real().Steady());
  if (terminal_) std::fputc('\n', stderr);
}

void Progress::Update(uint64_t done, absl::string_view note) {
  done_ = done;
  if (!note.empty()) note_ = std::string(note);
  if (done < look_at_) return;
  const SteadyTime now = Clock::Real().Steady();
  // Read the clock again after a hundredth of a second at the rate so far.
  const double seconds = std::max(absl::ToDoubleSeconds(now - start_), 1e-6);
  look_at_ =
      done + static_cast<uint64_t>(static_cast<double>(done) / seconds * 0.01);
  if (now < next_) return;
  next_ = now + (terminal_ ? absl::Milliseconds(200) : absl::Seconds(10));
  Show(now);
}

void Progress::Show(SteadyTime now) {
  shown_ = true;
  const double seconds = std::max(absl::ToDoubleSeconds(now - start_), 1e-6);
  const double rate = static_cast<double>(done_) / seconds;
  std::string line =
      absl::StrCat(label_, ": ", Quantity(static_cast<double>(done_), unit_));
  if (total_ > 0) {
    absl::StrAppendFormat(
        &line, " of %s (%.0f %%)", Quantity(static_cast<double>(total_), unit_),
        100.0 * static_cast<double>(done_) / static_cast<double>(total_));
  }
  absl::StrAppend(&line, ", ", Quantity(rate, unit_), "/s");
  if (total_ > done_ && rate > 0 && !ended_) {
    const double left = static_cast<double>(total_ - done_) / rate;
    absl::StrAppend(
        &line, ", ",
        absl::FormatDuration(absl::Ceil(absl::Seconds(left), absl::Seconds(1))),
        " left");
  }
  if (!note_.empty()) absl::StrAppend(&line, ", ", note_);
  std::fprintf(stderr, terminal_ ? "\r%s\x1b[K" : "%s\n", line.c_str());
  std::fflush(stderr);
}

}  // namespace marquee
