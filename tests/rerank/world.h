// A small catalogue for the tests of rules.
#ifndef MARQUEE_TESTS_RERANK_WORLD_H_
#define MARQUEE_TESTS_RERANK_WORLD_H_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/catalog/catalog.h"
#include "core/catalog/catalog_writer.h"
#include "core/catalog/licence_calendar.h"
#include "core/catalog/licence_writer.h"

namespace marquee {

// Items "t0" to "t{n-1}", called "Film 0" and so on, of 90 minutes: franchise
// f{i/6} (or so many), genre Comedy or Drama (and War for every seventh),
// minimum age 0, 6, 12 or 18, released on day i. "t1" is licensed in FR only,
// until second 1000 and from 3000 to 4000; all others everywhere. Those of
// `bare` have neither a franchise nor a day of release.
struct RerankWorld {
  explicit RerankWorld(size_t items, const std::set<size_t>& bare = {},
                       size_t franchise = 6) {
    CatalogWriter catalog_writer;
    LicenceWriter licence_writer;
    for (size_t i = 0; i < items; ++i) {
      ItemRecord item;
      item.id = "t" + std::to_string(i);
      item.title = "Film " + std::to_string(i);
      item.numbers["minutes"] = 90;
      item.maturity = std::vector<int>{0, 6, 12, 18}[i % 4];
      if (!bare.contains(i)) {
        item.released = absl::CivilDay(1970) + static_cast<int>(i);
        item.attributes["franchise"] = {"f" + std::to_string(i / franchise)};
      }
      item.attributes["genre"] = {i % 2 == 0 ? "Comedy" : "Drama"};
      if (i % 7 == 0) item.attributes["genre"].push_back("War");
      if (i == 1)
        item.licences = {
            {"FR", absl::InfinitePast(), absl::FromUnixSeconds(1000)},
            {"FR", absl::FromUnixSeconds(3000), absl::FromUnixSeconds(4000)}};
      (void)catalog_writer.Add(item);
      (void)licence_writer.Add(item);
    }
    auto out = *ArrayFileWriter::CreateInMemory();
    (void)catalog_writer.Write(*out);
    catalog_file = *out->FinishInMemory();
    catalog = *Catalog::Open(*catalog_file);
    out = *ArrayFileWriter::CreateInMemory();
    (void)licence_writer.Write(*out);
    licence_file = *out->FinishInMemory();
    calendar = *LicenceCalendar::Open(*licence_file, items);
  }

  std::unique_ptr<const ArrayFile> catalog_file;
  std::unique_ptr<const Catalog> catalog;
  std::unique_ptr<const ArrayFile> licence_file;
  std::unique_ptr<const LicenceCalendar> calendar;
};

}  // namespace marquee

#endif  // MARQUEE_TESTS_RERANK_WORLD_H_
