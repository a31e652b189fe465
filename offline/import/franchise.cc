#include "offline/import/franchise.h"

#include <algorithm>
#include <cstddef>
#include <set>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "offline/import/title_forms.h"

namespace marquee {
namespace {

constexpr int kEarlySequel = 3;

// The evidence of all titles for one base.
struct Evidence {
  std::string name;
  std::set<std::string> wholes;  // titles that differ
  std::set<size_t> marked;       // titles that have it as a base
  absl::flat_hash_map<std::string, size_t> longer;  // marked titles by base
  bool separator = false;
  bool early_number = false;
  bool and_the = false;
};

using EvidenceByKey = absl::flat_hash_map<std::string, Evidence>;

bool IsOneWord(absl::string_view key) { return !absl::StrContains(key, ' '); }

void AddTitle(size_t title, const std::vector<TitleForm>& forms,
              EvidenceByKey* all) {
  std::set<std::string> bases;
  for (const TitleForm& form : forms) {
    for (const TitleBase& base : form.bases) {
      Evidence& evidence = (*all)[base.key];
      if (evidence.name.empty()) evidence.name = base.name;
      evidence.wholes.insert(forms[0].whole);
      evidence.marked.insert(title);
      evidence.separator |= base.kind == BaseKind::kSeparator;
      evidence.and_the |= base.kind == BaseKind::kAndThe;
      evidence.early_number |=
          base.kind == BaseKind::kNumber && base.number <= kEarlySequel;
      bases.insert(base.key);
    }
  }
  std::set<std::string> names = bases;
  for (const TitleForm& form : forms) names.insert(form.whole);
  // Longer names of this title that begin with the base. One that all titles of
  // the base share is the better name of the franchise.
  for (const std::string& base : bases) {
    for (const std::string& name : names) {
      if (name.size() > base.size() && absl::StartsWith(name, base)) {
        ++(*all)[base].longer[name];
      }
    }
  }
}

bool IsFranchise(absl::string_view key, const Evidence& evidence) {
  if (evidence.wholes.size() < 2) return false;
  const bool many = evidence.wholes.size() >= 3;
  if (IsOneWord(key) && !evidence.early_number &&
      !(many && evidence.separator)) {
    return false;
  }
  if (!evidence.separator && !evidence.early_number &&
      !(evidence.and_the && many && !IsOneWord(key))) {
    return false;
  }
  // Mission: all its titles also have the longer base Mission: Impossible.
  return std::none_of(evidence.longer.begin(), evidence.longer.end(),
                      [&](const auto& entry) {
                        return evidence.marked.size() >= 2 &&
                               entry.second == evidence.marked.size();
                      });
}

// Returns the key of the title's franchise; empty for none.
std::string Assign(const std::vector<TitleForm>& forms,
                   const EvidenceByKey& franchises) {
  // FormsOfTitle puts the shortest base first.
  for (const TitleForm& form : forms) {
    for (const TitleBase& base : form.bases) {
      if (franchises.contains(base.key)) return base.key;
    }
    if (franchises.contains(form.whole)) return form.whole;
  }
  return "";
}

// Returns the longest franchise whose words the title begins with.
std::string AssignByPrefix(const std::string& whole,
                           const EvidenceByKey& franchises) {
  for (size_t end = whole.rfind(' '); end != std::string::npos && end > 0;
       end = whole.rfind(' ', end - 1)) {
    const std::string prefix = whole.substr(0, end);
    const auto found = franchises.find(prefix);
    if (found != franchises.end() && !IsOneWord(prefix) &&
        found->second.wholes.size() >= 3) {
      return prefix;
    }
  }
  return "";
}

}  // namespace

std::vector<std::string> DeriveFranchises(std::span<const std::string> titles) {
  std::vector<std::vector<TitleForm>> forms;
  EvidenceByKey all;
  for (size_t i = 0; i < titles.size(); ++i) {
    forms.push_back(FormsOfTitle(titles[i]));
    AddTitle(i, forms.back(), &all);
  }
  // A title that is a base itself is one more title of that base.
  for (const auto& of_title : forms) {
    const auto found = all.find(of_title[0].whole);
    if (found != all.end()) found->second.wholes.insert(of_title[0].whole);
  }
  EvidenceByKey franchises;
  for (auto& [key, evidence] : all) {
    if (IsFranchise(key, evidence)) franchises[key] = std::move(evidence);
  }
  std::vector<std::string> names(titles.size());
  for (size_t i = 0; i < titles.size(); ++i) {
    std::string key = Assign(forms[i], franchises);
    if (key.empty()) key = AssignByPrefix(forms[i][0].whole, franchises);
    if (!key.empty()) names[i] = franchises[key].name;
  }
  return names;
}

}  // namespace marquee
