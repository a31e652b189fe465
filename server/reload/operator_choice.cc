#include "server/reload/operator_choice.h"

#include <utility>

#include "server/reload/version_loader.h"

namespace marquee {

bool OperatorChoice::GoBack() {
  absl::MutexLock lock(&mu_);
  if (!published_.RollBack()) return false;
  went_back_ = true;
  const VersionName back = NameOf(*published_.current());
  if (pinned_ != 0 && back.number != pinned_) {
    forced_ = back.identity;
  } else {
    forced_.reset();
  }
  return true;
}

void OperatorChoice::Force(uint64_t identity) {
  absl::MutexLock lock(&mu_);
  forced_ = identity;
}

void OperatorChoice::Clear() {
  absl::MutexLock lock(&mu_);
  forced_.reset();
}

bool OperatorChoice::IsForced(const VersionName& version) const {
  absl::MutexLock lock(&mu_);
  return forced_ == version.identity;
}

OperatorChoice::Seen OperatorChoice::See() {
  absl::MutexLock lock(&mu_);
  Seen seen;
  const Published::Handle current = published_.current();
  if (current != nullptr) seen.served = NameOf(*current);
  const bool forced = seen.served && forced_ == seen.served->identity;
  seen.chosen = std::exchange(went_back_, false) || forced;
  return seen;
}

}  // namespace marquee
