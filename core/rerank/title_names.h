// Finds items by their names, for faults where a name was written instead of an
// id.
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

  // Returns "; 't5' is called so": the id of the first item of that name,
  // ignoring case. Empty: no item has the name. The first call reads all items.
  std::string TellWhoIsCalled(absl::string_view name);

 private:
  const Catalog& catalog_;
  std::optional<absl::flat_hash_map<std::string, ItemRow>> rows_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_TITLE_NAMES_H_
