#include "core/files/residency.h"

#include <unistd.h>

#include <algorithm>
#include <limits>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "core/files/atomic_file.h"

namespace marquee {
namespace {

// Not mincore(2): for a file that the caller neither owns nor may write, such
// as one on a read-only volume, it reports every page as resident.
constexpr char kSmaps[] = "/proc/self/smaps";
constexpr absl::string_view kResidentField = "Rss";
constexpr absl::string_view kHugePageFields[] = {
    "AnonHugePages", "ShmemPmdMapped", "FilePmdMapped"};

struct Extent {
  uint64_t begin = 0;
  uint64_t end = 0;
};

Extent PagesOf(MemoryRange range) {
  const auto page = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<uintptr_t>(range.data());
  const uint64_t end = begin + range.size();
  return {begin / page * page, (end + page - 1) / page * page};
}

uint64_t Overlap(const Extent& a, const Extent& b) {
  const uint64_t begin = std::max(a.begin, b.begin);
  const uint64_t end = std::min(a.end, b.end);
  return end > begin ? end - begin : 0;
}

// A line such as "7f00a000-7f00b000 r--p …" begins a mapping. Lines of fields
// begin with a name and a colon.
bool ReadExtent(absl::string_view line, Extent& extent) {
  const size_t dash = line.find('-');
  const size_t space = line.find(' ');
  if (dash == line.npos || space == line.npos || dash > space) return false;
  Extent read;
  if (!absl::SimpleHexAtoi(line.substr(0, dash), &read.begin) ||
      !absl::SimpleHexAtoi(line.substr(dash + 1, space - dash - 1),
                           &read.end)) {
    return false;
  }
  extent = read;
  return true;
}

// Parses a value such as " 123 kB".
absl::StatusOr<uint64_t> ReadKilobytes(absl::string_view line,
                                       absl::string_view value) {
  uint64_t kilobytes = 0;
  if (!absl::ConsumeSuffix(&value, " kB") ||
      !absl::SimpleAtoi(value, &kilobytes) ||
      kilobytes > std::numeric_limits<uint64_t>::max() / 1024) {
    return absl::DataLossError(absl::StrCat(
        "smaps: '", line, "' must be the name of a field and a number of kB"));
  }
  return kilobytes * 1024;
}

}  // namespace

absl::StatusOr<std::vector<Residency>> ReadResidency(
    absl::string_view smaps, std::span<const MemoryRange> ranges) {
  std::vector<Residency> residency(ranges.size());
  bool any = false;
  Extent mapping;
  for (const absl::string_view line : absl::StrSplit(smaps, '\n')) {
    if (ReadExtent(line, mapping)) continue;
    const size_t colon = line.find(':');
    if (colon == line.npos) continue;
    const absl::string_view field = line.substr(0, colon);
    const bool is_resident = field == kResidentField;
    const bool is_huge =
        std::find(std::begin(kHugePageFields), std::end(kHugePageFields),
                  field) != std::end(kHugePageFields);
    if (!is_resident && !is_huge) continue;
    MARQUEE_ASSIGN_OR_RETURN(const uint64_t bytes,
                             ReadKilobytes(line, line.substr(colon + 1)));
    any |= is_resident;
    for (size_t i = 0; i < ranges.size(); ++i) {
      if (ranges[i].empty()) continue;
      const uint64_t share =
          std::min(bytes, Overlap(mapping, PagesOf(ranges[i])));
      (is_resident ? residency[i].resident_bytes
                   : residency[i].huge_page_bytes) += share;
    }
  }
  if (!any) {
    return absl::FailedPreconditionError(
        "smaps: lists no mapping with its resident size (Rss)");
  }
  return residency;
}

absl::StatusOr<std::vector<Residency>> MeasureResidency(
    std::span<const MemoryRange> ranges) {
  MARQUEE_ASSIGN_OR_RETURN(const std::string smaps, ReadFile(kSmaps));
  return ReadResidency(smaps, ranges);
}

}  // namespace marquee
