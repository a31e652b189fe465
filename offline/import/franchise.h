// Which titles belong to one franchise, from nothing but their titles, for
// catalogues that do not say it (MovieLens).
//
// Every title gives its possible franchise names ("bases"), of its main title
// and of the alternative titles in parentheses ("a.k.a." dropped), articles
// removed in front and in the form "Godfather, The":
//   - what stands before ": " or " - ":       Star Wars: Episode IV - A New
//   Hope
//   - what a sequel number leaves: 2 to 99, II to IX and XI to XX, fractions;
//     behind Part, Episode, Chapter, Vol. also 1, I, X and One to Ten: Rocky IV
//   - what stands before " and the ":         Harry Potter and the …
// A base is a franchise when it passes all of these:
//   - at least two titles have it that differ in more than their year, counting
//     the title that is the base itself (remakes alone make no franchise);
//   - one word: a number of at most 3 follows it somewhere, or three titles;
//   - from " and the " alone: at least two words and three titles;
//   - from numbers alone: one of them is at most 3 (Apollo 13 and Apollo 18 are
//     not sequels);
//   - no longer base covers all the titles it has (so that Mission: Impossible
//     does not become Mission).
// A title belongs to the shortest franchise it has a base of. After that, a
// title that begins with the whole words of a franchise of at least two words
// and three titles joins it (Mad Max Beyond Thunderdome).
//
// It errs on the side of splitting: Batman Begins stays out of Batman, as Rocky
// Horror stays out of Rocky. Specials of one comedian ("Louis C.K.: …") count
// as a franchise, since nothing in the title tells them apart.
#ifndef MARQUEE_OFFLINE_IMPORT_FRANCHISE_H_
#define MARQUEE_OFFLINE_IMPORT_FRANCHISE_H_

#include <span>
#include <string>
#include <vector>

namespace marquee {

// The name of each title's franchise, empty for none, in the order of `titles`,
// which are without the year. Two titles are of one franchise when their names
// are equal.
std::vector<std::string> DeriveFranchises(std::span<const std::string> titles);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_IMPORT_FRANCHISE_H_
