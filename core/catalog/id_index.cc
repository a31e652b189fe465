#include "core/catalog/id_index.h"

#include <algorithm>
#include <bit>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/checksum.h"
#include "core/base/ids.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace {

constexpr uint32_t kEmptySlot = 0xFFFFFFFFu;

}  // namespace

absl::StatusOr<IdIndex> IdIndex::Open(const ArrayFile& file) {
  IdIndex index;
  MARQUEE_ASSIGN_OR_RETURN(index.ids_, StringTable::Open(file, "ids"));
  MARQUEE_ASSIGN_OR_RETURN(index.slots_, file.Array<uint32_t>("ids.slots"));
  const auto bad = [&](absl::string_view what) {
    return absl::DataLossError(
        absl::StrCat(file.name(), ": array 'ids.slots' ", what));
  };
  const size_t slots = index.slots_.size();
  if (!std::has_single_bit(slots)) return bad("is not a power of two long");
  for (size_t row = 0; row < index.ids_.size(); ++row) {
    const size_t bytes = index.ids_[row].size();
    if (bytes >= 1 && bytes <= kMaxIdBytes) continue;
    return absl::DataLossError(absl::StrCat(
        file.name(), ": array 'ids.begin': row ", row, " has an id of ", bytes,
        " bytes, must be 1 to ", kMaxIdBytes));
  }
  std::vector<bool> held(index.ids_.size());
  size_t used = 0;
  for (const uint32_t row : index.slots_) {
    if (row == kEmptySlot) continue;
    if (row >= index.ids_.size())
      return bad(absl::StrCat("names row ", row, ", which is not there"));
    if (held[row]) return bad(absl::StrCat("names row ", row, " twice"));
    held[row] = true;
    ++used;
  }
  // Every search ends at an empty slot, so there must be one.
  if (used != index.ids_.size() || used == slots)
    return bad("does not hold each row once");
  return index;
}

std::optional<uint32_t> IdIndex::Find(absl::string_view id) const {
  if (slots_.empty()) return std::nullopt;
  const size_t mask = slots_.size() - 1;
  for (size_t slot = Checksum64(id) & mask;; slot = (slot + 1) & mask) {
    const uint32_t row = slots_[slot];
    if (row == kEmptySlot) return std::nullopt;
    if (ids_[row] == id) return row;
  }
}

absl::Status IdIndexWriter::Add(absl::string_view id) {
  if (id.empty() || id.size() > kMaxIdBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "an id has 1 to ", kMaxIdBytes, " bytes; this one has ", id.size()));
  }
  ids_.Add(id);
  return absl::OkStatus();
}

absl::Status IdIndexWriter::Write(ArrayFileWriter& out) const {
  // At most two thirds of the slots are used. The hash is part of the format:
  // the slots are stored.
  const size_t slot_count = std::bit_ceil(ids_.size() + ids_.size() / 2 + 2);
  std::vector<uint32_t> slots(slot_count, kEmptySlot);
  const size_t mask = slot_count - 1;
  for (size_t row = 0; row < ids_.size(); ++row) {
    size_t slot = Checksum64(ids_[row]) & mask;
    for (; slots[slot] != kEmptySlot; slot = (slot + 1) & mask) {
      if (ids_[slots[slot]] == ids_[row]) {
        return absl::AlreadyExistsError(
            absl::StrCat("id '", ids_[row], "' occurs twice"));
      }
    }
    slots[slot] = static_cast<uint32_t>(row);
  }
  MARQUEE_RETURN_IF_ERROR(ids_.Write("ids", out));
  out.Add<uint32_t>("ids.slots", slots);
  return absl::OkStatus();
}

}  // namespace marquee
