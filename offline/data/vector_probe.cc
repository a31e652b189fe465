#include "offline/data/vector_probe.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/checksum.h"

namespace marquee {
namespace {

constexpr size_t kValues = 32;
// Of the largest value: far more than float16 loses, far less than other
// vectors differ by.
constexpr float kTolerance = 1e-2f;

}  // namespace

uint64_t DigestOf(const IdDictionary& ids) {
  std::vector<uint64_t> digests;
  digests.reserve(ids.size());
  for (uint32_t i = 0; i < ids.size(); ++i) {
    digests.push_back(Checksum64(ids[i]));
  }
  return Checksum64(std::as_bytes(std::span(digests)));
}

VectorProbe ProbeVectors(
    uint64_t ids, size_t rows, size_t dim,
    absl::FunctionRef<void(size_t, std::span<float>)> copy_row) {
  VectorProbe probe{.ids = ids};
  const size_t all = rows * dim;
  const size_t count = std::min(kValues, all);
  std::vector<float> row(dim);
  for (size_t i = 0; i < count; ++i) {
    const size_t at = i * all / count;
    copy_row(at / dim, row);
    probe.values.push_back(row[at % dim]);
  }
  return probe;
}

nlohmann::ordered_json ProbeAsJson(const VectorProbe& probe) {
  return {{"ids", absl::StrFormat("%016x", probe.ids)},
          {"values", probe.values}};
}

absl::StatusOr<VectorProbe> ProbeFromJson(const nlohmann::json& probe,
                                          absl::string_view name) {
  VectorProbe read;
  const bool is_probe =
      probe.is_object() && probe.contains("ids") && probe["ids"].is_string() &&
      absl::SimpleHexAtoi(probe["ids"].get<std::string>(), &read.ids) &&
      probe.contains("values") && probe["values"].is_array() &&
      std::all_of(
          probe["values"].begin(), probe["values"].end(),
          [](const nlohmann::json& value) { return value.is_number(); });
  if (!is_probe) {
    return absl::DataLossError(absl::StrCat(
        name, " must have the 'ids' and the list 'values' that marquee wrote"));
  }
  read.values = probe["values"].get<std::vector<float>>();
  return read;
}

bool AreAlike(const VectorProbe& a, const VectorProbe& b) {
  float largest = 0;
  for (const float value : a.values) {
    largest = std::max(largest, std::abs(value));
  }
  return std::equal(a.values.begin(), a.values.end(), b.values.begin(),
                    b.values.end(), [largest](float one, float other) {
                      return std::abs(one - other) <= kTolerance * largest;
                    });
}

}  // namespace marquee
