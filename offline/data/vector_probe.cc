#include "offline/data/vector_probe.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/checksum.h"

namespace marquee {
namespace {

constexpr size_t kRows = 32;
// As a share of the largest value: far more than float16 loses, far less than
// the difference to other vectors.
constexpr float kTolerance = 1e-2f;

// Returns a fixed pseudo-random weight for each column: 1 to 2, with either
// sign. With the sign alone, the sum would not change if two columns of one
// sign were exchanged.
double Weight(size_t column) {
  const uint64_t bits = column * 0x9E3779B97F4A7C15;
  const double size = 1 + static_cast<double>(bits << 1 >> 11) * 0x1p-53;
  return bits >> 63 != 0 ? -size : size;
}

bool IsFinite(const nlohmann::json& value) {
  return value.is_number() && std::abs(value.get<double>()) <=
                                  double{std::numeric_limits<float>::max()};
}

}  // namespace

uint64_t DigestOfIds(const IdDictionary& ids) {
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
  const size_t count = std::min(kRows, rows);
  std::vector<float> row(dim);
  for (size_t i = 0; i < count; ++i) {
    copy_row(i * rows / count, row);
    double sum = 0;
    for (size_t column = 0; column < dim; ++column) {
      sum += Weight(column) * row[column];
    }
    probe.values.push_back(static_cast<float>(sum));
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
      std::all_of(probe["values"].begin(), probe["values"].end(), IsFinite);
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
  // A sum may be near 0, so the tolerance is not relative to each value.
  return std::equal(a.values.begin(), a.values.end(), b.values.begin(),
                    b.values.end(), [largest](float one, float other) {
                      return std::abs(one - other) <= kTolerance * largest;
                    });
}

}  // namespace marquee
