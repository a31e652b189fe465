// What a catalogue has that is lawful, and yet is hardly ever meant: a group of
// titles whose franchise is "nan", "drama" beside "Drama", a number that is a
// text on some titles.
#ifndef MARQUEE_OFFLINE_DOUBTS_CATALOGUE_DOUBTS_H_
#define MARQUEE_OFFLINE_DOUBTS_CATALOGUE_DOUBTS_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/catalog/records.h"

namespace marquee {

// Warnings, as DoubtList tells them, of each kind:
//   - an attribute that is a number on some titles and a text on others;
//   - attributes whose names differ by case or by spaces at the ends alone;
//   - values that tables write for nothing (IsForNothing), but for languages,
//     of which UnknownCodes tells;
//   - values that differ from a more frequent one by case or spaces alone;
//   - values that are a list in one text: "Drama|Comedy" and "['Drama']"
//     always, "Drama, Comedy" where both are values themselves.
// Of one attribute, the first 100,000 different values are looked at, and all
// that stand for nothing. Requires: a line for each record.
std::vector<std::string> TellCatalogueDoubts(
    const std::string& path, std::span<const ItemRecord> records,
    std::span<const uint64_t> lines);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DOUBTS_CATALOGUE_DOUBTS_H_
