// A fingerprint of vectors, which a file about them stores to recognise them.
#ifndef MARQUEE_OFFLINE_DATA_VECTOR_PROBE_H_
#define MARQUEE_OFFLINE_DATA_VECTOR_PROBE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "offline/data/id_dictionary.h"

namespace marquee {

struct VectorProbe {
  uint64_t ids = 0;  // a digest of all ids, in their order
  // For rows at equal distances: the sum of the row's numbers, each times a
  // weight of its column.
  std::vector<float> values;
};

uint64_t DigestOfIds(const IdDictionary& ids);

// `ids`: DigestOfIds; `copy_row(row, out)` writes a row of the matrix to `out`.
VectorProbe ProbeVectors(
    uint64_t ids, size_t rows, size_t dim,
    absl::FunctionRef<void(size_t, std::span<float>)> copy_row);

nlohmann::ordered_json ProbeAsJson(const VectorProbe& probe);
// `name` is for the error, DataLoss.
absl::StatusOr<VectorProbe> ProbeFromJson(const nlohmann::json& probe,
                                          absl::string_view name);

// Whether the values are those of the same vectors, converted or not. They may
// differ by what float16 loses.
bool AreAlike(const VectorProbe& a, const VectorProbe& b);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DATA_VECTOR_PROBE_H_
