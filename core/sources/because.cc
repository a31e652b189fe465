#include "core/sources/because.h"

#include <algorithm>

#include "core/base/check.h"

namespace marquee {
namespace {

// Puts the list in the order of its scores; ties by row.
void Sort(SourceList& list, size_t count) {
  std::vector<std::pair<float, ItemRow>>& order = list.order;
  order.clear();
  for (size_t i = 0; i < list.size(); ++i) {
    order.emplace_back(list.scores[i], list.rows[i]);
  }
  const auto better = [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  };
  const size_t kept = std::min(count, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<ptrdiff_t>(kept),
                    order.end(), better);
  order.resize(kept);
  list.Clear();
  for (const auto& [score, row] : order) list.Add(row, score);
}

}  // namespace

void ListBecause(const RelatedItems& related, std::span<const ItemRow> latest,
                 const SourceQuery& query, RowNotes& notes, SourceList& out) {
  out.Clear();
  float weight = 1;
  for (const ItemRow played : latest) {
    const RelatedItems::Neighbours neighbours = related[played];
    for (size_t i = 0; i < neighbours.rows.size(); ++i) {
      const ItemRow row = neighbours.rows[i];
      if (!TestBit(query.eligible, Index(row))) continue;
      const float score = weight * neighbours.scores[i];
      if (const uint16_t note = notes[row]; note != 0) {
        out.scores[note - 1] += score;
        continue;
      }
      MARQUEE_CHECK(out.size() < 65535);
      out.Add(row, score);
      notes.Set(row, static_cast<uint16_t>(out.size()));
    }
    weight *= kFade;
  }
  notes.Forget(out.rows);
  Sort(out, query.count);
}

}  // namespace marquee
