// Finds ids of a catalogue that a person can not distinguish from others.
#ifndef MARQUEE_OFFLINE_DOUBTS_ID_DOUBTS_H_
#define MARQUEE_OFFLINE_DOUBTS_ID_DOUBTS_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/catalog/records.h"

namespace marquee {

// Returns warnings, as DoubtList formats them, about ids that differ from
// another by spaces at the ends or by invisible characters, about other ids
// with invisible characters, and about ids such as "nan". Such ids are lawful:
// all files may have them. Requires: a line for each record.
std::vector<std::string> TellIdDoubts(const std::string& path,
                                      std::span<const ItemRecord> records,
                                      std::span<const uint64_t> lines);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DOUBTS_ID_DOUBTS_H_
