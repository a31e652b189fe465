#include "offline/doubts/doubt_list.h"

#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"

namespace marquee {
namespace {

constexpr size_t kMostTold = 3;

}  // namespace

void DoubtList::Add(const Uses& uses, std::string what) {
  doubts_.push_back({uses, std::move(what)});
}

void DoubtList::Tell(absl::string_view path, absl::string_view kind,
                     std::vector<std::string>& out) {
  absl::c_sort(doubts_, [](const Doubt& a, const Doubt& b) {
    return std::tie(b.uses.items, a.uses.line, a.what) <
           std::tie(a.uses.items, b.uses.line, b.what);
  });
  const size_t told = std::min(doubts_.size(), kMostTold);
  for (size_t i = 0; i < told; ++i) {
    out.push_back(
        absl::StrCat(path, ":", doubts_[i].uses.line, ": ", doubts_[i].what));
  }
  if (told < doubts_.size()) {
    out.push_back(
        absl::StrCat(path, ": and ", doubts_.size() - told, " more: ", kind));
  }
}

}  // namespace marquee
