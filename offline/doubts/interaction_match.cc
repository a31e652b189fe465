#include "offline/doubts/interaction_match.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"

namespace marquee {

InteractionMatch::InteractionMatch(const InteractionSet& set,
                                   const std::string& interactions,
                                   const Snapshot& snapshot,
                                   const std::string& snapshot_name)
    : item_ids{.file = interactions,
               .what = "rows' items",
               .where = snapshot_name,
               .count = set.size()},
      user_ids{.file = interactions,
               .what = "users",
               .where = snapshot_name,
               .count = set.users.size()} {
  const Catalog& catalog = snapshot.catalog();
  if (catalog.size() > 0) {
    item_ids.there_example = std::string(catalog.Id(ItemRow{0}));
  }
  std::vector<bool> known(set.items.size());
  for (uint32_t item = 0; item < known.size(); ++item) {
    known[item] = catalog.Find(set.items[item]).has_value();
  }
  for (const uint32_t item : set.item) {
    if (known[item]) continue;
    if (item_ids.unmatched++ == 0)
      item_ids.example = std::string(set.items[item]);
  }
  const UserTable& users = snapshot.users();
  if (users.size() > 0) {
    user_ids.there_example = std::string(users.Id(UserRow{0}));
  }
  for (uint32_t user = 0; user < set.users.size(); ++user) {
    if (users.Find(set.users[user])) continue;
    if (user_ids.unmatched++ == 0)
      user_ids.example = std::string(set.users[user]);
  }
}

absl::Status InteractionMatch::Check() const {
  MARQUEE_RETURN_IF_ERROR(CheckMatch(item_ids));
  const uint64_t known = user_ids.count - user_ids.unmatched;
  return 10 * known < user_ids.count ? CheckMatch(user_ids) : absl::OkStatus();
}

std::vector<std::string> InteractionMatch::Tell() const {
  std::vector<std::string> lines;
  if (item_ids.unmatched > 0) {
    lines.push_back(
        absl::StrCat(TellUnmatched(item_ids), ": they are left out"));
  }
  if (user_ids.unmatched > 0) {
    lines.push_back(
        absl::StrCat(TellUnmatched(user_ids), ": they count as new users"));
  }
  return lines;
}

}  // namespace marquee
