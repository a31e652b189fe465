#include "offline/build/related_rows.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "core/base/parallel_for.h"
#include "core/catalog/related_items.h"

namespace marquee {
namespace {

// As if three more users liked each item alone. Of 0, 3, 10 and 30, three gave
// the best lists on a shop's orders.
constexpr double kShrink = 3;

// A list of numbers for each row.
struct Lists {
  std::vector<uint64_t> begin{0};
  std::vector<uint32_t> values;

  std::span<const uint32_t> operator[](size_t row) const {
    return std::span(values).subspan(begin[row], begin[row + 1] - begin[row]);
  }
};

// The latest liked items of each user, in the order of rows.
Lists LikesOf(const UserRows& users) {
  Lists lists;
  std::vector<Play> liked;
  std::vector<uint32_t> items;
  for (uint32_t user = 0; user < users.size(); ++user) {
    liked.clear();
    for (const Play& play : users.Plays(user)) {
      if (play.liked) liked.push_back(play);
    }
    // Of plays of one moment, those of the later rows.
    std::sort(liked.begin(), liked.end(), [](const Play& a, const Play& b) {
      return a.moment != b.moment ? a.moment > b.moment : a.row > b.row;
    });
    items.clear();
    for (const Play& play : liked) {
      if (items.size() == kLatestLikes) break;
      const uint32_t item = Index(play.row);
      if (std::find(items.begin(), items.end(), item) == items.end()) {
        items.push_back(item);
      }
    }
    std::sort(items.begin(), items.end());
    lists.values.insert(lists.values.end(), items.begin(), items.end());
    lists.begin.push_back(lists.values.size());
  }
  return lists;
}

// The users of each item, ascending.
Lists Transpose(const Lists& likes, size_t items) {
  Lists lists;
  lists.begin.assign(items + 1, 0);
  for (const uint32_t item : likes.values) ++lists.begin[item + 1];
  for (size_t i = 1; i <= items; ++i) lists.begin[i] += lists.begin[i - 1];
  lists.values.resize(likes.values.size());
  std::vector<uint64_t> next(lists.begin.begin(), lists.begin.end() - 1);
  for (uint32_t user = 0; user + 1 < likes.begin.size(); ++user) {
    for (const uint32_t item : likes[user]) lists.values[next[item]++] = user;
  }
  return lists;
}

using Neighbour = std::pair<float, uint32_t>;  // score, row

// Working memory of one thread.
struct Scratch {
  std::vector<double> together;   // by row; all 0 between items
  std::vector<uint32_t> touched;  // rows of `together` that are not 0
  std::vector<Neighbour> found;
};

class Relations {
 public:
  Relations(const UserRows& users, size_t items)
      : likes_(LikesOf(users)),
        users_of_(Transpose(likes_, items)),
        alone_(items, 0) {
    weight_.resize(users.size());
    for (size_t user = 0; user < users.size(); ++user) {
      const auto count = static_cast<double>(likes_[user].size());
      weight_[user] = count > 0 ? 1 / std::sqrt(count) : 0;
      for (const uint32_t item : likes_[user]) alone_[item] += weight_[user];
    }
  }

  // Fills scratch.found with the item's neighbours, best first.
  void Find(uint32_t item, Scratch& scratch) const {
    scratch.together.resize(alone_.size(), 0);
    for (const uint32_t user : users_of_[item]) {
      for (const uint32_t other : likes_[user]) {
        if (scratch.together[other] == 0) scratch.touched.push_back(other);
        scratch.together[other] += weight_[user];
      }
    }
    scratch.found.clear();
    for (const uint32_t other : scratch.touched) {
      const double together = std::exchange(scratch.together[other], 0);
      if (other == item) continue;
      const double norm =
          std::sqrt((alone_[item] + kShrink) * (alone_[other] + kShrink));
      scratch.found.emplace_back(static_cast<float>(together / norm), other);
    }
    scratch.touched.clear();
    const auto better = [](const Neighbour& a, const Neighbour& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    };
    const size_t kept =
        std::min(scratch.found.size(), RelatedItems::kMostNeighbours);
    std::partial_sort(scratch.found.begin(),
                      scratch.found.begin() + static_cast<ptrdiff_t>(kept),
                      scratch.found.end(), better);
    scratch.found.resize(kept);
  }

 private:
  const Lists likes_;
  const Lists users_of_;
  std::vector<double> weight_;  // of each user
  std::vector<double> alone_;   // the weights of the users of each item
};

}  // namespace

void WriteRelatedItems(const UserRows& users, size_t items, size_t threads,
                       ArrayFileWriter& out) {
  const Relations relations(users, items);
  std::vector<std::vector<Neighbour>> found(items);
  constexpr size_t kBlock = 64;
  ParallelForWith([] { return Scratch(); }, items, kBlock, threads,
                  [&](Scratch& scratch, size_t, size_t begin, size_t end) {
                    for (size_t item = begin; item < end; ++item) {
                      relations.Find(static_cast<uint32_t>(item), scratch);
                      found[item].assign(scratch.found.begin(),
                                         scratch.found.end());
                    }
                  });
  std::vector<uint64_t> begins{0};
  std::vector<uint32_t> rows;
  std::vector<float> scores;
  for (const std::vector<Neighbour>& neighbours : found) {
    for (const auto& [score, row] : neighbours) {
      rows.push_back(row);
      scores.push_back(score);
    }
    begins.push_back(rows.size());
  }
  out.Add<uint64_t>("begin", begins);
  out.Add<uint32_t>("rows", rows);
  out.Add<float>("scores", scores);
}

}  // namespace marquee
