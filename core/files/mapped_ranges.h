// Which file stands behind an address, for the last words of a process: reading
// a mapped file where somebody has cut it off is SIGBUS, and the signal carries
// the address alone.
#ifndef MARQUEE_CORE_FILES_MAPPED_RANGES_H_
#define MARQUEE_CORE_FILES_MAPPED_RANGES_H_

#include <cstddef>
#include <span>
#include <string>

namespace marquee {

// Notes a mapping of the process, or forgets it. Thread-safe. Of more than a
// few hundred at once some are not noted.
void NoteMapping(std::span<const std::byte> bytes, const std::string& file);
void ForgetMapping(std::span<const std::byte> bytes);

// The file that is mapped at the address; nullptr: none is noted. Its name is
// cut off at some 250 bytes, and quotes, backslashes and control characters in
// it are '?'. Safe in a signal handler.
const char* FileMappedAt(const void* address);

}  // namespace marquee

#endif  // MARQUEE_CORE_FILES_MAPPED_RANGES_H_
