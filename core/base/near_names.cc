#include "core/base/near_names.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"

namespace marquee {
namespace {

constexpr size_t kLongest = 128;  // bytes that are compared

// Returns the letters, digits and bytes outside ASCII of a name.
std::string Core(absl::string_view name) {
  std::string core;
  for (const char c : name.substr(0, kLongest)) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || byte >= 0x80) {
      core += absl::ascii_tolower(byte);
    }
  }
  return core;
}

// Counts letters left out, added or replaced, and pairs exchanged.
// Three rows of the table are enough.
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> before, row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    const std::vector<size_t> above = row;
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j - 1] + (a[i - 1] != b[j - 1]), above[j] + 1,
                         row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before = above;
  }
  return row.back();
}

}  // namespace

size_t NameDistance(absl::string_view a, absl::string_view b) {
  return EditDistance(Core(a), Core(b));
}

std::vector<absl::string_view> NearNames(
    absl::string_view name, std::span<const absl::string_view> names,
    size_t most) {
  const std::string core = Core(name);
  const size_t farthest = 1 + core.size() / 5;
  std::vector<std::pair<size_t, absl::string_view>> near;
  for (const absl::string_view other : names) {
    const std::string there = Core(other);
    if (core.empty() || there.size() > core.size() + farthest) continue;
    const size_t distance = EditDistance(core, there);
    // A short name is not near if all of its letters would have to be replaced.
    if (distance <= farthest && distance < there.size()) {
      near.emplace_back(distance, other);
    }
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) {
    return a.first < b.first;
  });
  std::vector<absl::string_view> found;
  for (const auto& [distance, other] : near) {
    if (found.size() < most) found.push_back(other);
  }
  return found;
}

}  // namespace marquee
