// Derives which titles belong to one franchise from the titles alone, for
// catalogues that do not say it (MovieLens).
//
// Each title gives its possible franchise names ("bases"). They come from its
// main title and from the alternative titles in parentheses ("a.k.a." dropped).
// Articles are removed in front and in the form "Godfather, The". A base is
// - the text before ": " or " - ": Star Wars: Episode IV - A New Hope,
// - the text without a sequel number: 2 to 99, II to IX and XI to XX,
//   fractions; behind Part, Episode, Chapter, Vol. also 1, I, X and One to Ten:
//   Rocky IV,
// - the text before " and the ": Harry Potter and the …
//
// A base is a franchise if it passes all of these:
// - At least two titles have it that differ in more than their year, counting
//   the title that is the base itself (remakes alone make no franchise).
// - One word: a number of at most 3 follows it somewhere, or three titles have
//   it.
// - Only from " and the ": it has at least two words and three titles.
// - Only from numbers: one of them is at most 3 (Apollo 13 and Apollo 18 are
//   not sequels).
// - No longer base covers all its titles (so that Mission: Impossible does not
//   become Mission).
//
// A title belongs to the shortest franchise of its bases. After that, a title
// that begins with the whole words of a franchise of at least two words and
// three titles joins it (Mad Max Beyond Thunderdome).
//
// In doubt, titles are not joined: Batman Begins stays out of Batman, as Rocky
// Horror stays out of Rocky. Specials of one comedian ("Louis C.K.: …") count
// as a franchise, because nothing in the title tells them apart.
#ifndef MARQUEE_OFFLINE_IMPORT_FRANCHISE_H_
#define MARQUEE_OFFLINE_IMPORT_FRANCHISE_H_

#include <span>
#include <string>
#include <vector>

namespace marquee {

// Returns the name of each title's franchise, empty for none, in the order of
// `titles`, which are without the year. Two titles belong to one franchise if
// their names are equal.
std::vector<std::string> DeriveFranchises(std::span<const std::string> titles);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_IMPORT_FRANCHISE_H_
