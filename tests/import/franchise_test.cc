#include "offline/import/franchise.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace marquee {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

using Titles = std::vector<std::string>;

TEST(Franchise, JoinsSequelsOfEveryForm) {
  const struct {
    const char* name;
    Titles titles;
  } kCases[] = {
      {"Rocky", {"Rocky", "Rocky II", "Rocky IV"}},
      {"Toy Story", {"Toy Story", "Toy Story 2"}},
      {"Godfather", {"Godfather, The", "Godfather: Part II, The"}},
      {"Karate Kid", {"Karate Kid, The", "Karate Kid, Part II, The"}},
      {"Kill Bill", {"Kill Bill: Vol. 1", "Kill Bill: Vol. 2"}},
      {"Che", {"Che: Part One", "Che: Part Two"}},
      {"Naked Gun",
       {"Naked Gun: From the Files of Police Squad!, The",
        "Naked Gun 2 1/2: The Smell of Fear, The",
        "Naked Gun 33 1/3: The Final Insult"}},
      {"Star Wars",
       {"Star Wars: Episode IV - A New Hope",
        "Star Wars: Episode I - The Phantom Menace",
        "The Star Wars Holiday Special", "Star Wars: The Last Jedi"}},
      {"Star Trek",
       {"Star Trek: Generations", "Star Trek II: The Wrath of Khan",
        "Star Trek Into Darkness", "Star Trek"}},
      {"Lord of the Rings",
       {"Lord of the Rings, The",
        "Lord of the Rings: The Fellowship of the Ring, The",
        "The Lord of the Rings: The Two Towers"}},
      {"Librarian",
       {"Librarian, The: The Curse of the Judas Chalice",
        "Librarian: Quest for the Spear, The",
        "Librarian: Return to King Solomon's Mines, The"}},
      {"Mission: Impossible",
       {"Mission: Impossible", "Mission: Impossible II",
        "Mission: Impossible - Fallout"}},
      {"Fast and the Furious",
       {"Fast and the Furious, The",
        "2 Fast 2 Furious (Fast and the Furious 2, The)",
        "Fast & Furious 6 (Fast and the Furious 6, The)"}},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(DeriveFranchises(c.titles), Each(c.name)) << c.titles[0];
  }
}

TEST(Franchise, AndTheNeedsThreeTitles) {
  EXPECT_THAT(
      DeriveFranchises(Titles{"Harry Potter and the Chamber of Secrets",
                              "Harry Potter and the Goblet of Fire",
                              "Harry Potter and the Deathly Hallows: Part 1",
                              "Harry Potter and the Deathly Hallows: Part 2"}),
      Each("Harry Potter"));
  EXPECT_THAT(DeriveFranchises(Titles{"Prince and the Pauper, The",
                                      "Prince and the Showgirl, The",
                                      "Prince and the Surfer, The"}),
              Each(""));
  EXPECT_THAT(DeriveFranchises(
                  Titles{"King Kong and the Sea", "King Kong and the Hill"}),
              Each(""));
}

TEST(Franchise, KeepsApartWhatOnlySharesWords) {
  for (const Titles& titles :
       {Titles{"Apollo 13", "Apollo 18"}, Titles{"Hamlet", "Hamlet"},
        Titles{"Malcolm X", "Malcolm"}, Titles{"Death Race 2000", "Death Race"},
        Titles{"Alien Nation", "Alien Autopsy", "Alien"},
        Titles{"3:10 to Yuma", "3 Ninjas"}, Titles{"Seven", "Seven Samurai"},
        Titles{"Blood: The Last Vampire", "Blood: The Last Vampire"},
        Titles{"Rocky Horror Picture Show, The", "Rocky"},
        Titles{"", "(2)", ":", "The", " - "}}) {
    EXPECT_THAT(DeriveFranchises(titles), Each("")) << titles[0];
  }
}

TEST(Franchise, AnUnrelatedTitleOfOneSharedWordStaysOut) {
  EXPECT_THAT(DeriveFranchises(Titles{"Mission, The", "Mission: Impossible",
                                      "Mission: Impossible II"}),
              ElementsAre("", "Mission: Impossible", "Mission: Impossible"));
}

}  // namespace
}  // namespace marquee
