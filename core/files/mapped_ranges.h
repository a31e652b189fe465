// Finds the file that is mapped at an address, for the last message of a
// process. Reading a mapped file that somebody has truncated raises SIGBUS, and
// the signal carries only the address.
#ifndef MARQUEE_CORE_FILES_MAPPED_RANGES_H_
#define MARQUEE_CORE_FILES_MAPPED_RANGES_H_

#include <cstddef>
#include <span>
#include <string>

namespace marquee {

// Records a mapping of the process, or forgets it. Thread-safe. Beyond a few
// hundred mappings at once, some are not recorded.
void NoteMapping(std::span<const std::byte> bytes, const std::string& file);
void ForgetMapping(std::span<const std::byte> bytes);

// Returns the name of the file mapped at the address; nullptr if none is
// recorded. The name is truncated to some 250 bytes; quotes, backslashes and
// control characters in it become '?'. Safe in a signal handler.
const char* FileMappedAt(const void* address);

}  // namespace marquee

#endif  // MARQUEE_CORE_FILES_MAPPED_RANGES_H_
