#include "tests/integration/lawful_checker.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/time/time.h"
#include "nlohmann/json.hpp"

namespace marquee {
namespace {

std::ifstream OpenOrDie(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    std::fprintf(stderr, "%s: can not be read\n", path.c_str());
    std::abort();
  }
  return file;
}

int64_t SecondOf(const nlohmann::json& licence, const char* name,
                 int64_t otherwise) {
  if (!licence.contains(name)) return otherwise;
  const nlohmann::json& value = licence[name];
  if (value.is_number()) return value.get<int64_t>();
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, value.get<std::string>(), &time,
                       &error)) {
    std::fprintf(stderr, "%s: %s\n", name, error.c_str());
    std::abort();
  }
  return absl::ToUnixSeconds(time);
}

std::set<std::string> ValuesOf(const nlohmann::json& value) {
  if (value.is_string()) return {value.get<std::string>()};
  std::set<std::string> values;
  if (value.is_array()) {
    for (const nlohmann::json& one : value) values.insert(one);
  }
  return values;
}

bool Contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

Judge::Judge(const std::string& directory) {
  ReadItems(directory + "/items.jsonl");
  ReadUsers(directory + "/users.jsonl");
  ReadHistories(directory + "/interactions.csv");
}

void Judge::ReadItems(const std::string& path) {
  std::ifstream file = OpenOrDie(path);
  for (std::string line; std::getline(file, line);) {
    const nlohmann::json json = nlohmann::json::parse(line);
    JudgeItem item;
    item.id = json.at("item_id");
    item.maturity = json.value("maturity", 1000);
    for (const char* name : {"language", "franchise"}) {
      if (json.contains(name)) item.attributes[name] = ValuesOf(json[name]);
    }
    if (json.contains("genres"))
      item.attributes["genre"] = ValuesOf(json["genres"]);
    if (json.contains("attributes")) {
      for (const auto& [name, value] : json["attributes"].items())
        item.attributes[name] = ValuesOf(value);
    }
    if (json.contains("licences")) {
      item.licences.emplace();
      for (const nlohmann::json& licence : json["licences"]) {
        item.licences->push_back({licence.at("country"),
                                  SecondOf(licence, "start", INT64_MIN),
                                  SecondOf(licence, "end", INT64_MAX)});
        countries_.insert(item.licences->back().country);
        for (const char* name : {"start", "end"}) {
          if (licence.contains(name))
            turns_.push_back(SecondOf(licence, name, 0));
        }
      }
    }
    row_[item.id] = items_.size();
    items_.push_back(std::move(item));
  }
}

void Judge::ReadUsers(const std::string& path) {
  std::ifstream file = OpenOrDie(path);
  for (std::string line; std::getline(file, line);) {
    const nlohmann::json json = nlohmann::json::parse(line);
    Profile profile;
    profile.country = json.value("country", "");
    if (json.contains("maturity_limit"))
      profile.maturity_limit = json["maturity_limit"].get<int>();
    users_.push_back(json.at("user_id"));
    profiles_[users_.back()] = std::move(profile);
  }
}

void Judge::ReadHistories(const std::string& path) {
  std::ifstream file = OpenOrDie(path);
  std::string line, user, item;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream row(line);
    std::getline(row, user, ',');
    std::getline(row, item, ',');
    profiles_[user].seen.insert(item);
  }
}

bool Judge::Licensed(const JudgeItem& item, const std::string& country,
                     int64_t now) {
  if (!item.licences) return true;
  for (const JudgeItem::Licence& licence : *item.licences) {
    if ((licence.country == country || licence.country == "*") &&
        licence.start <= now && now < licence.end) {
      return true;
    }
  }
  return false;
}

std::string Judge::Refuse(const JudgeItem& item, const Asked& asked) const {
  const auto found = profiles_.find(asked.user);
  const Profile* const profile =
      found == profiles_.end() ? nullptr : &found->second;
  std::string country = asked.country;
  if (country.empty() && profile != nullptr) country = profile->country;
  if (!Licensed(item, country, asked.now)) return "not licensed";
  if (asked.maturity_limit && item.maturity > *asked.maturity_limit)
    return "too mature for the request";
  if (profile != nullptr) {
    if (profile->maturity_limit && item.maturity > *profile->maturity_limit)
      return "too mature for the profile";
    if (profile->seen.contains(item.id)) return "seen";
  }
  if (Contains(asked.watched, item.id)) return "just watched";
  if (Contains(asked.exclude, item.id)) return "excluded";
  if (asked.similar_to == item.id) return "the item asked about";
  const auto has = [&](const std::string& attribute, const std::string& value) {
    const auto it = item.attributes.find(attribute);
    return it != item.attributes.end() && it->second.contains(value);
  };
  for (const auto& [attribute, values] : asked.filters) {
    const auto matches = [&, name = attribute](const std::string& value) {
      return has(name, value);
    };
    if (std::none_of(values.begin(), values.end(), matches)) return "filtered";
  }
  for (const JudgeBlock& block : blocks_) {
    if (asked.now < block.start || asked.now >= block.end) continue;
    if (!block.country.empty() && block.country != country) continue;
    if (!block.scene.empty() && block.scene != asked.scene) continue;
    if (has(block.attribute, block.value) != block.only) return "blocked";
  }
  return "";
}

std::vector<const JudgeItem*> Judge::Allowed(const Asked& asked) const {
  std::vector<const JudgeItem*> allowed;
  for (const JudgeItem& item : items_) {
    if (Refuse(item, asked).empty()) allowed.push_back(&item);
  }
  return allowed;
}

double Judge::UnlicensedShare(int64_t now) const {
  size_t closed = 0;
  for (const JudgeItem& item : items_) {
    for (const std::string& country : countries_)
      closed += Licensed(item, country, now) ? 0 : 1;
  }
  return static_cast<double>(closed) /
         static_cast<double>(items_.size() * countries_.size());
}

}  // namespace marquee
