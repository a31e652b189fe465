// The independent judge of an answer: reads items.jsonl, users.jsonl and
// interactions.csv with a parser of its own and asks every item every rule,
// one by one.
#ifndef MARQUEE_TESTS_INTEGRATION_LAWFUL_CHECKER_H_
#define MARQUEE_TESTS_INTEGRATION_LAWFUL_CHECKER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace marquee {

// What the judge knows of a request, in plain words.
struct Asked {
  std::string user, country, device, scene, similar_to;
  std::optional<int> maturity_limit;
  std::vector<std::string> watched;
  std::vector<std::string> exclude;
  // Attribute, and the values of which an item must have one.
  std::vector<std::pair<std::string, std::vector<std::string>>> filters;
  int64_t now = 0;  // Unix seconds
};

// Hides the items with the value, or with `only` all others.
struct JudgeBlock {
  std::string attribute, value;
  std::string country, scene;  // empty: all
  int64_t start = 0, end = INT64_MAX;
  bool only = false;
};

struct JudgeItem {
  struct Licence {
    std::string country;
    int64_t start, end;  // Unix seconds
  };
  std::string id;
  int maturity = 0;  // above every limit when the item has none
  std::optional<std::vector<Licence>> licences;
  std::map<std::string, std::set<std::string>> attributes;
};

class Judge {
 public:
  // Reads the data set of a directory; a file that can not be read ends the
  // program.
  explicit Judge(const std::string& directory);

  void AddBlock(JudgeBlock block) { blocks_.push_back(std::move(block)); }

  // Why the item may not be shown; empty: it may.
  std::string Refuse(const JudgeItem& item, const Asked& asked) const;
  std::vector<const JudgeItem*> Allowed(const Asked& asked) const;

  const std::vector<JudgeItem>& items() const { return items_; }
  const JudgeItem& item(const std::string& id) const {
    return items_[row_.at(id)];
  }
  const std::vector<std::string>& users() const { return users_; }
  const std::set<std::string>& countries() const { return countries_; }
  // Every second at which a licence begins or ends.
  const std::vector<int64_t>& turns() const { return turns_; }
  // Share of item-country pairs that are not licensed at a moment.
  double UnlicensedShare(int64_t now) const;

 private:
  struct Profile {
    std::string country;
    std::optional<int> maturity_limit;
    std::set<std::string> seen;
  };

  void ReadItems(const std::string& path);
  void ReadUsers(const std::string& path);
  void ReadHistories(const std::string& path);
  static bool Licensed(const JudgeItem& item, const std::string& country,
                       int64_t now);

  std::vector<JudgeItem> items_;
  std::map<std::string, size_t> row_;
  std::vector<std::string> users_;
  std::map<std::string, Profile> profiles_;
  std::set<std::string> countries_;
  std::vector<int64_t> turns_;
  std::vector<JudgeBlock> blocks_;
};

}  // namespace marquee

#endif  // MARQUEE_TESTS_INTEGRATION_LAWFUL_CHECKER_H_
