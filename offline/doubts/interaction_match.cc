#include "offline/doubts/interaction_match.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace marquee {

InteractionMatch::InteractionMatch(const InteractionSet& set,
                                   const std::string& interactions,
                                   const Snapshot& snapshot,
                                   const std::string& snapshot_name)
    : titles{.file = interactions,
             .what = "rows' titles",
             .where = snapshot_name,
             .count = set.size()},
      people{.file = interactions,
             .what = "users",
             .where = snapshot_name,
             .count = set.users.size()} {
  const Catalog& catalog = snapshot.catalog();
  if (catalog.size() > 0) {
    titles.there_example = std::string(catalog.Id(ItemRow{0}));
  }
  std::vector<bool> known(set.items.size());
  for (uint32_t item = 0; item < known.size(); ++item) {
    known[item] = catalog.Find(set.items[item]).has_value();
  }
  for (const uint32_t item : set.item) {
    if (known[item]) continue;
    if (titles.unmatched++ == 0) titles.example = std::string(set.items[item]);
  }
  const UserTable& users = snapshot.users();
  if (users.size() > 0) {
    people.there_example = std::string(users.Id(UserRow{0}));
  }
  for (uint32_t user = 0; user < set.users.size(); ++user) {
    if (users.Find(set.users[user])) continue;
    if (people.unmatched++ == 0) people.example = std::string(set.users[user]);
  }
}

absl::Status InteractionMatch::Check() const {
  MARQUEE_RETURN_IF_ERROR(CheckMatch(titles));
  const uint64_t known = people.count - people.unmatched;
  return 10 * known < people.count ? CheckMatch(people) : absl::OkStatus();
}

std::vector<std::string> InteractionMatch::Tell() const {
  std::vector<std::string> lines;
  if (titles.unmatched > 0) {
    lines.push_back(absl::StrCat(TellUnmatched(titles), ": they are left out"));
  }
  if (people.unmatched > 0) {
    lines.push_back(
        absl::StrCat(TellUnmatched(people), ": they count as new users"));
  }
  return lines;
}

}  // namespace marquee
