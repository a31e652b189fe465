// What rows of interactions have together that is lawful, and yet is hardly
// ever meant.
#ifndef MARQUEE_OFFLINE_DATA_INTERACTION_REMARKS_H_
#define MARQUEE_OFFLINE_DATA_INTERACTION_REMARKS_H_

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace marquee {

struct InteractionView;

// Externally synchronised.
class InteractionRemarks {
 public:
  // `now`: in Unix seconds.
  explicit InteractionRemarks(int64_t now) : now_(now) {}

  void Add(const InteractionView& row, uint64_t line);
  bool IsToCome(int64_t timestamp) const { return timestamp > now_ + kDay; }

  // A sentence each, without the file.
  std::vector<std::string> Tell() const;
  // Where all events count alike, though there are several; else empty.
  std::string TellEvents() const;

 private:
  static constexpr int64_t kDay = 24 * 60 * 60;  // clocks differ

  struct Lines {
    void Add(uint64_t line) {
      if (count++ == 0) first = line;
    }
    uint64_t count = 0;
    uint64_t first = 0;
  };

  void CountEvent(absl::string_view event);
  void TellMoments(std::vector<std::string>& remarks) const;

  const int64_t now_;
  uint64_t rows_ = 0;
  uint64_t likes_ = 0;  // rows of weight above 0
  int64_t earliest_ = std::numeric_limits<int64_t>::max();
  int64_t latest_ = std::numeric_limits<int64_t>::min();
  Lines early_, future_, nameless_;
  std::string nameless_id_;                              // the first of them
  std::map<std::string, uint64_t, std::less<>> events_;  // of the likes
  std::map<std::string, uint64_t, std::less<>>::iterator last_event_ =
      events_.end();
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_INTERACTION_REMARKS_H_
