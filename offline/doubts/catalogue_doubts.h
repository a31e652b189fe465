// Finds what is lawful in a catalogue but hardly ever meant: a group of items
// whose franchise is "nan", "drama" beside "Drama", a number that is a text for
// some items.
#ifndef MARQUEE_OFFLINE_DOUBTS_CATALOGUE_DOUBTS_H_
#define MARQUEE_OFFLINE_DOUBTS_CATALOGUE_DOUBTS_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/catalog/records.h"

namespace marquee {

// Returns warnings, as DoubtList formats them, of each kind:
// - an attribute that is a number for some items and a text for others;
// - attributes whose names differ only by case or by spaces at the ends;
// - values that tables write for nothing (IsForNothing), except languages,
//   which UnknownCodes reports;
// - values that differ from a more frequent one only by case or spaces;
// - values that are a list in one text: "Drama|Comedy" and "['Drama']" always,
//   "Drama, Comedy" if both parts are values themselves.
//
// Per attribute it checks the first 100,000 different values, and all that
// stand for nothing. Requires: a line for each record.
std::vector<std::string> TellCatalogueDoubts(
    const std::string& path, std::span<const ItemRecord> records,
    std::span<const uint64_t> lines);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_DOUBTS_CATALOGUE_DOUBTS_H_
