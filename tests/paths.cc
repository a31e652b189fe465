#include "tests/paths.h"

namespace marquee {

std::string SourceDir() { return MARQUEE_SOURCE_DIR; }

std::string BinaryDir() { return MARQUEE_BINARY_DIR; }

}  // namespace marquee
