// Finds what is lawful in rows of interactions but hardly ever meant.
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
  // `now`: Unix seconds.
  explicit InteractionRemarks(int64_t now) : now_(now) {}

  void Add(const InteractionView& row, uint64_t line);
  bool IsToCome(int64_t timestamp) const { return timestamp > now_ + kDay; }

  // Returns one sentence per remark, without the file.
  std::vector<std::string> Tell() const;
  // Returns a remark if there are several events and all count alike; else
  // empty.
  std::string TellEvents() const;

 private:
  static constexpr int64_t kDay = 24 * 60 * 60;  // for clocks that differ

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
  std::string nameless_id_;                              // the first such id
  std::map<std::string, uint64_t, std::less<>> events_;  // counts of the likes
  std::map<std::string, uint64_t, std::less<>>::iterator last_event_ =
      events_.end();
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_INTERACTION_REMARKS_H_
