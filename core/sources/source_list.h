// What a source brings, and what it is asked.
#ifndef MARQUEE_CORE_SOURCES_SOURCE_LIST_H_
#define MARQUEE_CORE_SOURCES_SOURCE_LIST_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/base/ids.h"
#include "core/catalog/bitmap.h"
#include "core/users/user_context.h"

namespace marquee {

// Views, valid for one request.
struct SourceQuery {
  const UserContext& user;
  // By row of the catalogue. A source lists only items with a set bit.
  BitmapView eligible;
  size_t count = 500;  // the longest list
};

// The items of one source, best first, each once.
struct SourceList {
  std::vector<ItemRow> rows;
  // Of each row. Higher is better; they never rise. Those of one source compare
  // with each other only.
  std::vector<float> scores;

  // Working memory of a sort.
  std::vector<std::pair<float, ItemRow>> order;

  size_t size() const { return rows.size(); }
  void Clear() {
    rows.clear();
    scores.clear();
  }
  void Add(ItemRow row, float score) {
    rows.push_back(row);
    scores.push_back(score);
  }
};

// A number for each item of the catalogue, 0 unless it was set. Working memory
// of one worker, two bytes an item.
class RowNotes {
 public:
  explicit RowNotes(size_t items) : notes_(items, 0) {}

  uint16_t operator[](ItemRow row) const { return notes_[Index(row)]; }
  void Set(ItemRow row, uint16_t note) { notes_[Index(row)] = note; }
  // Sets the notes of these rows to 0. Clearing those that were set costs less
  // than clearing all.
  void Forget(std::span<const ItemRow> rows) {
    for (const ItemRow row : rows) notes_[Index(row)] = 0;
  }

 private:
  std::vector<uint16_t> notes_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_SOURCES_SOURCE_LIST_H_
