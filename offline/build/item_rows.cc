#include "offline/build/item_rows.h"

#include <iterator>
#include <set>
#include <span>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/status_macros.h"
#include "core/catalog/catalog.h"
#include "core/catalog/catalog_writer.h"
#include "core/catalog/licence_writer.h"
#include "offline/data/jsonl.h"
#include "offline/doubts/unknown_codes.h"

namespace marquee {

absl::StatusOr<ItemRows> ReadItemRows(const std::string& path,
                                      const IdDictionary& embedded) {
  std::vector<ItemRecord> in_file;
  std::vector<uint64_t> in_file_line;
  IdDictionary file_ids;
  MARQUEE_RETURN_IF_ERROR(ReadItems(path, [&](ItemRecord item, uint64_t line) {
    file_ids.FindOrAdd(item.id);
    in_file.push_back(std::move(item));
    in_file_line.push_back(line);
    return absl::OkStatus();
  }));
  ItemRows rows;
  rows.path = path;
  std::vector<bool> moved(in_file.size(), false);
  const auto move = [&](uint32_t from) {
    rows.ids.FindOrAdd(in_file[from].id);
    rows.records.push_back(std::move(in_file[from]));
    rows.lines.push_back(in_file_line[from]);
    moved[from] = true;
  };
  // Items with a vector come first, so that the number of a vector is its row.
  for (uint32_t i = 0; i < embedded.size(); ++i) {
    if (const auto from = file_ids.Find(embedded[i])) {
      move(*from);
      rows.vector_number.push_back(i);
    } else {
      rows.unknown.emplace_back(embedded[i]);
    }
  }
  for (uint32_t i = 0; i < in_file.size(); ++i) {
    if (!moved[i]) move(i);
  }
  return rows;
}

bool ItemRows::NameCountries() const {
  return absl::c_any_of(records, [](const ItemRecord& item) {
    return item.licences &&
           absl::c_any_of(*item.licences, [](const LicenceWindow& window) {
             return window.country != "*";
           });
  });
}

std::vector<std::string> ItemRows::TellUnknownCodes() const {
  UnknownCodes codes;
  for (const ItemRecord& item : records) {
    std::set<absl::string_view> countries;
    if (item.licences) {
      for (const LicenceWindow& window : *item.licences) {
        countries.insert(window.country);
      }
    }
    for (const absl::string_view country : countries) codes.AddCountry(country);
    const auto languages = item.attributes.find("language");
    if (languages == item.attributes.end()) continue;
    for (const std::string& language : languages->second) {
      codes.AddLanguage(language);
    }
  }
  return codes.Tell(path, "items");
}

std::vector<int32_t> ItemRows::ReleasedDays() const {
  std::vector<int32_t> days;
  for (const ItemRecord& item : records) {
    days.push_back(item.released ? static_cast<int32_t>(*item.released -
                                                        absl::CivilDay(1970))
                                 : Catalog::kUnknownDay);
  }
  return days;
}

std::vector<float> ItemRows::Vectors(const EmbeddingTable& embeddings) const {
  std::vector<float> values(vector_number.size() * embeddings.dim());
  for (size_t i = 0; i < vector_number.size(); ++i) {
    embeddings.Copy(
        vector_number[i],
        std::span(values).subspan(i * embeddings.dim(), embeddings.dim()));
  }
  return values;
}

void ItemRows::Reorder(std::span<const uint32_t> order) {
  MARQUEE_CHECK(order.size() == vector_number.size());
  std::vector<ItemRecord> old_records = std::move(records);
  const std::vector<uint64_t> old_lines = lines;
  const std::vector<uint32_t> old_vector_number = std::move(vector_number);
  records.clear();
  vector_number.clear();
  ids = IdDictionary();
  for (const uint32_t from : order) {
    // Items without a vector keep their rows, and so their lines.
    lines[records.size()] = old_lines[from];
    records.push_back(std::move(old_records[from]));
    vector_number.push_back(old_vector_number[from]);
  }
  std::move(old_records.begin() + static_cast<ptrdiff_t>(order.size()),
            old_records.end(), std::back_inserter(records));
  for (const ItemRecord& record : records) ids.FindOrAdd(record.id);
}

absl::Status ItemRows::WriteCatalog(std::optional<int> unrated_is,
                                    ArrayFileWriter& out) const {
  CatalogWriter writer(unrated_is);
  for (size_t row = 0; row < records.size(); ++row) {
    const absl::Status added = writer.Add(records[row]);
    if (added.ok()) continue;
    return absl::DataLossError(
        absl::StrCat(path, ":", lines[row], ": ", added.message()));
  }
  return writer.Write(out);
}

absl::Status ItemRows::WriteLicences(ArrayFileWriter& out) const {
  LicenceWriter writer;
  for (const ItemRecord& item : records)
    MARQUEE_RETURN_IF_ERROR(writer.Add(item));
  return writer.Write(out);
}

}  // namespace marquee
