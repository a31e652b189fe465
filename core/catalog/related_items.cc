#include "core/catalog/related_items.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace marquee {

absl::StatusOr<std::unique_ptr<const RelatedItems>> RelatedItems::Open(
    const ArrayFile& file, size_t items) {
  std::unique_ptr<RelatedItems> related(new RelatedItems);
  MARQUEE_ASSIGN_OR_RETURN(related->begin_, file.Array<uint64_t>("begin"));
  MARQUEE_ASSIGN_OR_RETURN(related->rows_, file.Array<ItemRow>("rows"));
  MARQUEE_ASSIGN_OR_RETURN(related->scores_, file.Array<float>("scores"));
  MARQUEE_RETURN_IF_ERROR(related->Check(file, items));
  return related;
}

// Checks every neighbour once, so that requests need no checks.
absl::Status RelatedItems::Check(const ArrayFile& file, size_t items) const {
  const auto bad = [&](absl::string_view what) {
    return absl::DataLossError(absl::StrCat(file.name(), ": ", what));
  };
  if (scores_.size() != rows_.size()) {
    return bad("array 'scores' does not have one score per row");
  }
  if (begin_.size() != items + 1 || begin_.front() != 0 ||
      begin_.back() != rows_.size() ||
      !std::is_sorted(begin_.begin(), begin_.end())) {
    return bad("array 'begin' does not partition 'rows'");
  }
  for (size_t item = 0; item < items; ++item) {
    const uint64_t begin = begin_[item], end = begin_[item + 1];
    if (end - begin > kMostNeighbours) {
      return bad(absl::StrCat("item ", item, " has more than ", kMostNeighbours,
                              " neighbours"));
    }
    for (uint64_t at = begin; at < end; ++at) {
      if (Index(rows_[at]) >= items || Index(rows_[at]) == item) {
        return bad(absl::StrCat("item ", item, " has the neighbour ",
                                Index(rows_[at])));
      }
      // The conditions are written so that NaN fails them.
      const bool is_score = scores_[at] > 0 && scores_[at] <= 1;
      const bool falls =
          at == begin || scores_[at] < scores_[at - 1] ||
          (scores_[at] == scores_[at - 1] && rows_[at] > rows_[at - 1]);
      if (!is_score || !falls) {
        return bad(absl::StrCat("the scores of the neighbours of item ", item,
                                " are not in order"));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace marquee
