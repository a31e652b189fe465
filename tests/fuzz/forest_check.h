// What must hold of whatever an importer returns.
#ifndef MARQUEE_TESTS_FUZZ_FOREST_CHECK_H_
#define MARQUEE_TESTS_FUZZ_FOREST_CHECK_H_

#include <memory>

#include "absl/status/statusor.h"
#include "core/forest/forest.h"

namespace marquee {

// Aborts, with what is wrong, unless it is an error with a message, or a forest
// that every engine that takes it scores with the bits of the reference.
void CheckImported(absl::StatusOr<std::unique_ptr<const Forest>> imported);

}  // namespace marquee

#endif  // MARQUEE_TESTS_FUZZ_FOREST_CHECK_H_
