// Small files as strings. Reads them whole, and writes them so that no reader
// ever sees half of one.
#ifndef MARQUEE_CORE_FILES_ATOMIC_FILE_H_
#define MARQUEE_CORE_FILES_ATOMIC_FILE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/files/output_file.h"

namespace marquee {

// Errors: NotFound; ResourceExhausted if the file is larger than `max_bytes`.
absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     uint64_t max_bytes = uint64_t{1} << 32);

// Writes an OutputFile of these contents and publishes it.
absl::Status WriteFileAtomically(const std::string& path,
                                 absl::string_view contents,
                                 Readers readers = Readers::kAsUmask);

}  // namespace marquee

#endif  // MARQUEE_CORE_FILES_ATOMIC_FILE_H_
