#include "core/rerank/title_names.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace marquee {

std::string TitleNames::TellWhoIsCalled(absl::string_view name) {
  if (!rows_) {
    rows_.emplace();
    for (size_t i = 0; i < catalog_.size(); ++i) {
      const auto row = static_cast<ItemRow>(i);
      rows_->try_emplace(absl::AsciiStrToLower(catalog_.Title(row)), row);
    }
  }
  const auto found = rows_->find(absl::AsciiStrToLower(name));
  if (name.empty() || found == rows_->end()) return "";
  return absl::StrCat("; '", catalog_.Id(found->second), "' is called so");
}

}  // namespace marquee
