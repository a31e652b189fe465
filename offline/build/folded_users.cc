#include "offline/build/folded_users.h"

#include <algorithm>
#include <cmath>

#include "core/base/parallel_for.h"
#include "core/base/threads.h"
#include "core/users/fold_in.h"
#include "core/users/user_vectors.h"
#include "offline/formats/progress.h"

namespace marquee {
namespace {

// Users that a thread takes at once.
constexpr size_t kBatch = 64;

// Returns where the likes of each user begin; those of a user are adjacent.
std::vector<size_t> BeginsOfUsers(std::span<const UserLike> likes) {
  std::vector<size_t> begins;
  for (size_t i = 0; i < likes.size(); ++i) {
    if (i == 0 || likes[i].user != likes[i - 1].user) begins.push_back(i);
  }
  begins.push_back(likes.size());
  return begins;
}

// Adds up the likes of each item. Requires: sorted by item.
void AddUp(std::span<const UserLike> likes, std::vector<FoldInEvent>& events) {
  events.clear();
  for (const UserLike& like : likes) {
    if (!events.empty() && events.back().row == like.item) {
      events.back().weight += like.weight;
    } else {
      events.push_back({like.item, like.weight});
    }
  }
}

bool IsHeld(std::span<const float> vector) {
  return std::all_of(vector.begin(), vector.end(), [](float value) {
    return std::abs(value) <= UserVectors::kMaxValue;
  });
}

}  // namespace

float FoldedUsers::largest() const {
  float largest = 0;
  for (const float value : vectors) {
    largest = std::max(largest, std::abs(value));
  }
  return largest;
}

FoldedUsers FoldInUsers(std::vector<UserLike> likes, const ItemVectors& items,
                        size_t threads) {
  std::erase_if(likes,
                [&](const UserLike& like) { return !items.Has(like.item); });
  std::sort(likes.begin(), likes.end(),
            [](const UserLike& a, const UserLike& b) {
              return a.user != b.user ? a.user < b.user : a.item < b.item;
            });
  const std::vector<size_t> begins = BeginsOfUsers(likes);
  const size_t users = begins.size() - 1;
  const size_t dimension = items.dimension();
  std::vector<float> vectors(users * dimension);
  // Not std::vector<bool>: threads write to neighbouring elements.
  std::vector<uint8_t> placed(users);
  struct Scratch {
    FoldInScratch fold_in;
    std::vector<FoldInEvent> events;
  };
  Progress progress("folding in histories", users, "users");
  ParallelForWith(
      [] { return Scratch(); }, users, kBatch, ThreadCount(threads),
      [&](Scratch& scratch, size_t, size_t begin, size_t end) {
        for (size_t i = begin; i < end; ++i) {
          AddUp(std::span(likes).subspan(begins[i], begins[i + 1] - begins[i]),
                scratch.events);
          const auto vector =
              std::span(vectors).subspan(i * dimension, dimension);
          placed[i] =
              FoldIn(items, scratch.events, {}, scratch.fold_in, vector) &&
              IsHeld(vector);
        }
      },
      [&](size_t block) { progress.Update(block * kBatch); });
  FoldedUsers folded;
  for (size_t i = 0; i < users; ++i) {
    // In place: a vector only moves towards the front.
    if (placed[i] == 0) continue;
    std::copy_n(vectors.begin() + static_cast<ptrdiff_t>(i * dimension),
                dimension,
                vectors.begin() +
                    static_cast<ptrdiff_t>(folded.users.size() * dimension));
    folded.users.push_back(likes[begins[i]].user);
  }
  vectors.resize(folded.users.size() * dimension);
  folded.vectors = std::move(vectors);
  return folded;
}

}  // namespace marquee
