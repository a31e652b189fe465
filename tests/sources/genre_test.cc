// What trends in the user's genres.
#include <cmath>
#include <memory>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include "core/sources/trending.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sources/tables.h"

namespace marquee {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Codes = std::vector<std::vector<uint32_t>>;

// `codes`: of each item, ascending.
struct Genres {
  explicit Genres(const Codes& codes, size_t values = 40)
      : file(Written([&](ArrayFileWriter& out) {
          StringTableWriter names;
          for (size_t g = 0; g < values; ++g) names.Add(absl::StrCat("g", g));
          EXPECT_TRUE(names.Write("genre.value", out).ok());
          std::vector<uint32_t> begin{0}, all;
          for (const std::vector<uint32_t>& own : codes) {
            all.insert(all.end(), own.begin(), own.end());
            begin.push_back(static_cast<uint32_t>(all.size()));
          }
          out.Add<uint32_t>("genre.begin", begin);
          out.Add<uint32_t>("genre.codes", all);
          return absl::OkStatus();
        })),
        attribute(*Attribute::Open(*file, "genre", codes.size())) {}

  std::unique_ptr<const ArrayFile> file;
  const Attribute attribute;
};

SourceList Ask(const Popularity& popularity, const Attribute* genre,
               const Question& question, Horizon horizon = Horizon::kWeek) {
  SourceList list;
  list.Add(ItemRow{0}, 7);  // of another request
  ListGenre(popularity, horizon, genre, question.query(), list);
  return list;
}

// Every item is played, the first most.
Plays AllPlayed(uint32_t items) {
  Plays plays(items);
  for (uint32_t row = 0; row < items; ++row) {
    plays.lists.everywhere.emplace_back(row, 1 / static_cast<float>(row + 1));
  }
  return plays;
}

// Item i has genre i.
Codes OneEach(uint32_t items) {
  Codes codes(items);
  for (uint32_t row = 0; row < items; ++row) codes[row] = {row};
  return codes;
}

class GenreSource : public ::testing::Test {
 protected:
  void Likes(const std::vector<uint8_t>& shares) {
    shares_ = shares;
    question_.user.taste.genre_share = shares_;
  }
  std::vector<uint32_t> Rows() {
    return RowsOf(Ask(*popularity_, &genres_.attribute, question_));
  }

  const Genres genres_{OneEach(6)};
  const Opened<Popularity> popularity_ = Open(AllPlayed(6));
  Question question_{6};
  std::vector<uint8_t> shares_;
};

TEST_F(GenreSource, ItemsOfTheThreeFavouritesInTheOrderOfPlays) {
  Likes({10, 50, 20, 40, 5, 0});
  const SourceList list = Ask(*popularity_, &genres_.attribute, question_);
  EXPECT_THAT(RowsOf(list), ElementsAre(1, 2, 3));
  EXPECT_THAT(list.scores, ElementsAre(std::log(1.f / 2), std::log(1.f / 3),
                                       std::log(1.f / 4)));
}

TEST_F(GenreSource, OfEqualGenresTheFirst) {
  Likes({7, 9, 7, 7, 7, 7});
  EXPECT_THAT(Rows(), ElementsAre(0, 1, 2));
  Likes({7, 7, 7, 7, 7, 7});
  EXPECT_THAT(Rows(), ElementsAre(0, 1, 2));
  Likes({7, 7, 7, 8, 8, 255});
  EXPECT_THAT(Rows(), ElementsAre(3, 4, 5));
}

TEST_F(GenreSource, AGenreThatWasNeverSeenIsNoFavourite) {
  Likes({0, 0, 1, 0, 0, 0});
  EXPECT_THAT(Rows(), ElementsAre(2));
  Likes({0, 3, 1, 0, 0, 0});
  EXPECT_THAT(Rows(), ElementsAre(1, 2));
  Likes({0, 0, 0, 0, 0, 0});
  EXPECT_THAT(Rows(), IsEmpty());
}

TEST_F(GenreSource, NoneWithoutATasteOrWithoutGenres) {
  EXPECT_THAT(Rows(), IsEmpty());
  Likes({10, 50, 20, 40, 5, 0});
  EXPECT_THAT(RowsOf(Ask(*popularity_, nullptr, question_)), IsEmpty());
}

TEST_F(GenreSource, OnlyEligibleItemsAndNoMoreThanRequested) {
  Likes({1, 1, 1, 0, 0, 0});
  question_.Hide(1);
  EXPECT_THAT(Rows(), ElementsAre(0, 2));
  question_.count = 1;
  EXPECT_THAT(Rows(), ElementsAre(0));
  question_.count = 0;
  EXPECT_THAT(Rows(), IsEmpty());
}

TEST_F(GenreSource, IsOfTheHorizonAndOfAllCountries) {
  Plays plays = AllPlayed(6);
  plays.of_horizon[Horizon::kDay].everywhere = {{4, 0.5f}, {0, 0.25f}};
  plays.lists.countries["DE"] = {1, {{4, 1}, {2, 0.5f}}};
  plays.of_horizon[Horizon::kDay].countries["DE"] = {1, {}};
  const auto popularity = Open(plays);
  Likes({1, 0, 1, 0, 1, 0});
  question_.user.country = "DE";
  EXPECT_THAT(RowsOf(Ask(*popularity, &genres_.attribute, question_)),
              ElementsAre(0, 2, 4));
  // What is not played has no place.
  EXPECT_THAT(
      RowsOf(Ask(*popularity, &genres_.attribute, question_, Horizon::kDay)),
      ElementsAre(4, 0));
}

// Genres beyond those that a taste counts: 33 is not 1, nor 32 genre 0.
TEST(Genre, AGenreThatNoTasteCountsIsNoFavourite) {
  const Genres genres({{33}, {32}, {1, 33}, {31}, {39}});
  const auto popularity = Open(AllPlayed(5));
  Question question(5);
  std::vector<uint8_t> shares(TasteProfile::kMaxGenres, 0);
  shares[0] = shares[1] = shares[31] = 9;
  question.user.taste.genre_share = shares;
  EXPECT_THAT(RowsOf(Ask(*popularity, &genres.attribute, question)),
              ElementsAre(2, 3));
}

TEST(Genre, LooksAtTheMostPlayedItemsAlone) {
  constexpr uint32_t kItems = 4106;
  Codes codes(kItems);
  codes[0] = codes[4095] = codes[4096] = {2};
  const Genres genres(codes);
  const auto popularity = Open(AllPlayed(kItems));
  Question question(kItems);
  const std::vector<uint8_t> shares = {0, 0, 9};
  question.user.taste.genre_share = shares;
  EXPECT_THAT(RowsOf(Ask(*popularity, &genres.attribute, question)),
              ElementsAre(0, 4095));
}

// Sorts all genres by their shares, and looks at all items.
std::vector<uint32_t> Twin(const Plays& plays, const Codes& codes,
                           const Question& question) {
  std::vector<std::pair<int, uint32_t>> genres;
  const auto& shares = question.user.taste.genre_share;
  for (uint32_t g = 0; g < shares.size(); ++g) {
    if (shares[g] > 0) genres.emplace_back(-shares[g], g);
  }
  std::sort(genres.begin(), genres.end());
  if (genres.size() > 3) genres.resize(3);
  std::vector<uint32_t> found;
  for (const auto& [row, share] : plays.lists.everywhere) {
    bool wanted = false;
    for (const auto& [minus, genre] : genres) {
      for (const uint32_t code : codes[row]) wanted |= code == genre;
    }
    if (wanted && share > 0 && question.Shows(row)) found.push_back(row);
  }
  if (found.size() > question.count) found.resize(question.count);
  return found;
}

TEST(Genre, IsWhatASlowLookFinds) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const uint32_t items = 1 + random.Below(80);
    const uint32_t values = 1 + random.Below(40);
    Codes codes(items);
    for (std::vector<uint32_t>& own : codes) {
      std::set<uint32_t> some;
      for (uint32_t n = random.Below(4); n > 0; --n) {
        some.insert(random.Below(values));
      }
      own.assign(some.begin(), some.end());
    }
    Plays plays(items);
    float share = 1;
    for (const uint32_t row : Shuffled(items, random)) {
      plays.lists.everywhere.emplace_back(row, share);
      share = random.Chance(0.02) ? 0 : share * 0.9f;
    }
    std::vector<uint8_t> shares(std::min<size_t>(values, 32));
    for (uint8_t& of : shares) of = static_cast<uint8_t>(random.Below(4));
    const Genres genres(codes, values);
    const auto popularity = Open(plays);
    Question question(items);
    for (uint32_t row = 0; row < items; ++row) {
      if (random.Chance(0.3)) question.Hide(row);
    }
    question.user.taste.genre_share = shares;
    question.count = random.Below(items + 5);
    EXPECT_EQ(RowsOf(Ask(*popularity, &genres.attribute, question)),
              Twin(plays, codes, question));
  }
}

}  // namespace
}  // namespace marquee
