// What sources read, written down by a test, and a question to a source.
#ifndef MARQUEE_TESTS_SOURCES_TABLES_H_
#define MARQUEE_TESTS_SOURCES_TABLES_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "core/catalog/popularity.h"
#include "core/catalog/related_items.h"
#include "core/catalog/string_table.h"
#include "core/sources/source_list.h"
#include "gtest/gtest.h"
#include "tests/catalog/section.h"

namespace marquee {

// Items with their shares, or with their scores.
using Scored = std::vector<std::pair<uint32_t, float>>;

// A section `popularity` of the test's own numbers.
struct Plays {
  struct Country {
    float back_off = 1;
    Scored items;
  };
  struct Lists {
    std::map<std::string, Country> countries;
    // Items that it does not name follow with the share 0.
    Scored everywhere;
  };

  explicit Plays(size_t count) : items(count) {}
  // Of the horizons that `of_horizon` does not have.
  Lists lists;
  std::map<Horizon, Lists> of_horizon;
  std::vector<std::pair<uint32_t, int64_t>> newest;
  size_t items;

  std::unique_ptr<const ArrayFile> Write() const {
    return Written([this](ArrayFileWriter& out) {
      StringTableWriter names;
      for (const auto& [code, country] : lists.countries) names.Add(code);
      EXPECT_TRUE(names.Write("country", out).ok());
      for (size_t h = 0; h < kHorizons; ++h) {
        const auto horizon = static_cast<Horizon>(h);
        const auto own = of_horizon.find(horizon);
        WriteLists(HorizonName(horizon),
                   own == of_horizon.end() ? lists : own->second, out);
      }
      std::vector<uint32_t> rows;
      std::vector<int64_t> begins;
      for (const auto& [row, begin] : newest) {
        rows.push_back(row);
        begins.push_back(begin);
      }
      out.Add<uint32_t>("newest", rows);
      out.Add<int64_t>("newest.begin", begins);
      out.Add<uint64_t>("watches", std::vector<uint64_t>(items, 0));
      return absl::OkStatus();
    });
  }

 private:
  void WriteLists(absl::string_view horizon, const Lists& of,
                  ArrayFileWriter& out) const {
    std::vector<uint32_t> begin{0}, rows;
    std::vector<float> shares, back_off;
    const auto append = [&](const Scored& scored) {
      for (const auto& [row, share] : scored) {
        rows.push_back(row);
        shares.push_back(share);
      }
    };
    for (const auto& [code, country] : of.countries) {
      append(country.items);
      back_off.push_back(country.back_off);
      begin.push_back(static_cast<uint32_t>(rows.size()));
    }
    const auto name = [&](absl::string_view array) {
      return absl::StrCat(horizon, ".", array);
    };
    out.Add<uint32_t>(name("top.begin"), begin);
    out.Add<float>(name("top.back_off"), back_off);
    out.Add<uint32_t>(name("top.rows"), rows);
    out.Add<float>(name("top.shares"), shares);
    rows.clear();
    shares.clear();
    append(of.everywhere);
    for (uint32_t row = 0; row < items; ++row) {
      if (std::find(rows.begin(), rows.end(), row) != rows.end()) continue;
      rows.push_back(row);
      shares.push_back(0);
    }
    out.Add<uint32_t>(name("everywhere"), rows);
    out.Add<float>(name("everywhere.shares"), shares);
  }
};

// A table and the file that it is a view of.
template <typename Table>
struct Opened {
  std::unique_ptr<const ArrayFile> file;
  std::unique_ptr<const Table> table;

  const Table& operator*() const { return *table; }
};

inline Opened<Popularity> Open(const Plays& plays) {
  Opened<Popularity> opened{plays.Write(), nullptr};
  auto table = Popularity::Open(*opened.file, plays.items);
  EXPECT_TRUE(table.ok()) << table.status();
  opened.table = *std::move(table);
  return opened;
}

// `of_item`: the neighbours of each item, best first.
inline Opened<RelatedItems> Open(const std::vector<Scored>& of_item) {
  Opened<RelatedItems> opened;
  opened.file = Written([&](ArrayFileWriter& out) {
    std::vector<uint64_t> begin{0};
    std::vector<uint32_t> rows;
    std::vector<float> scores;
    for (const Scored& neighbours : of_item) {
      for (const auto& [row, score] : neighbours) {
        rows.push_back(row);
        scores.push_back(score);
      }
      begin.push_back(rows.size());
    }
    out.Add<uint64_t>("begin", begin);
    out.Add<uint32_t>("rows", rows);
    out.Add<float>("scores", scores);
    return absl::OkStatus();
  });
  auto table = RelatedItems::Open(*opened.file, of_item.size());
  EXPECT_TRUE(table.ok()) << table.status();
  opened.table = *std::move(table);
  return opened;
}

// A question to a source, with the memory behind it. All items are eligible at
// first.
struct Question {
  explicit Question(size_t count) : items(count), bits(BitmapWords(count), 0) {
    for (uint32_t row = 0; row < count; ++row) SetBit(bits, row);
  }

  void Hide(uint32_t row) { ClearBit(bits, row); }
  bool Shows(uint32_t row) const { return TestBit(bits, row); }
  SourceQuery query() const {
    return {.user = user, .eligible = bits, .count = count};
  }

  size_t items;
  UserContext user;
  std::vector<uint64_t> bits;
  size_t count = 500;
};

inline std::vector<uint32_t> RowsOf(const SourceList& list) {
  EXPECT_EQ(list.rows.size(), list.scores.size());
  std::vector<uint32_t> rows;
  for (const ItemRow row : list.rows) rows.push_back(Index(row));
  return rows;
}

inline void ExpectNoNotes(const RowNotes& notes, size_t items) {
  for (uint32_t row = 0; row < items; ++row) {
    EXPECT_EQ(notes[ItemRow{row}], 0) << row;
  }
}

// The numbers 0 … count - 1 in any order.
inline std::vector<uint32_t> Shuffled(uint32_t count, Random& random) {
  std::vector<uint32_t> rows(count);
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t at = random.Below(i + 1);
    rows[i] = rows[at];
    rows[at] = i;
  }
  return rows;
}

}  // namespace marquee

#endif  // MARQUEE_TESTS_SOURCES_TABLES_H_
