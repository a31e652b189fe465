// Titles by their names, for faults of who wrote a name where an id is wanted.
#ifndef MARQUEE_CORE_RERANK_TITLE_NAMES_H_
#define MARQUEE_CORE_RERANK_TITLE_NAMES_H_

#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "core/base/ids.h"
#include "core/catalog/catalog.h"

namespace marquee {

// Externally synchronised; the catalogue must outlive it.
class TitleNames {
 public:
  explicit TitleNames(const Catalog& catalog) : catalog_(catalog) {}

  // "; 't5' is called so": the id of the first title of that name, in any case
  // of its letters. Empty: no title is called so. The first call reads all
  // titles.
  std::string TellWhoIsCalled(absl::string_view name);

 private:
  const Catalog& catalog_;
  std::optional<absl::flat_hash_map<std::string, ItemRow>> rows_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_TITLE_NAMES_H_
