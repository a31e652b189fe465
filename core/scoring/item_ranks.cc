#include "core/scoring/item_ranks.h"

#include <algorithm>
#include <bit>

#include "absl/strings/str_cat.h"
#include "core/base/aligned_buffer.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace {

constexpr char kLayout[] = "layout";
constexpr char kRanks[] = "ranks";

uint32_t RankAt(const uint8_t* item, const ItemRankLayout::Column& column) {
  const uint8_t* const at = item + column.first_byte;
  return column.bytes == 1 ? at[0] : at[0] | uint32_t{at[1]} << 8;
}

}  // namespace

size_t ItemRankLayout::stride() const {
  if (bytes == 0) return 0;
  if (bytes <= kCacheLine) return std::bit_ceil(bytes);
  return (bytes + kCacheLine - 1) / kCacheLine * kCacheLine;
}

absl::StatusOr<std::unique_ptr<const ItemRanks>> ItemRanks::Open(
    const ArrayFile& file, const ItemRankLayout& layout, size_t items) {
  MARQUEE_ASSIGN_OR_RETURN(const absl::string_view digest, file.Text(kLayout));
  if (digest != layout.digest) {
    return absl::FailedPreconditionError(
        absl::StrCat(file.name(), ": array '", kLayout, "': ranks of layout ",
                     digest, ", this program computes ", layout.digest,
                     " for the ranker: build the snapshot again"));
  }
  MARQUEE_ASSIGN_OR_RETURN(const std::span<const uint8_t> ranks,
                           file.Array<uint8_t>(kRanks));
  const size_t stride = layout.stride();
  if (ranks.size() != items * stride) {
    return absl::DataLossError(
        absl::StrCat(file.name(), ": array '", kRanks, "': has ", ranks.size(),
                     " bytes, not ", stride, " for each of ", items, " items"));
  }
  // A kernel looks up sets of ranks without a check.
  for (size_t item = 0; item < items; ++item) {
    for (const ItemRankLayout::Column& column : layout.columns) {
      const uint32_t rank = RankAt(ranks.data() + item * stride, column);
      if (rank <= column.largest) continue;
      return absl::DataLossError(
          absl::StrCat(file.name(), ": array '", kRanks, "', item ", item,
                       ", byte ", column.first_byte, ": rank ", rank,
                       ", the largest is ", column.largest));
    }
  }
  return std::unique_ptr<const ItemRanks>(new ItemRanks(ranks, stride));
}

void WriteItemRanks(const ItemRankLayout& layout, size_t items,
                    absl::FunctionRef<void(ItemRow, std::span<uint8_t>)> rank,
                    ArrayFileWriter& out) {
  out.AddText(kLayout, layout.digest);
  out.Begin(kRanks, sizeof(uint8_t));
  if (layout.bytes == 0) return;
  std::vector<uint8_t> ranks(layout.stride());
  for (uint32_t item = 0; item < items; ++item) {
    rank(ItemRow{item}, std::span(ranks).first(layout.bytes));
    out.Append(std::span<const uint8_t>(ranks));
  }
}

}  // namespace marquee
