#include "offline/doubts/vector_doubts.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "absl/strings/str_format.h"
#include "core/simd/dot.h"

namespace marquee {
namespace {

constexpr size_t kUsers = 400;
constexpr size_t kOwn = 8;       // items of a user, at most
constexpr size_t kOthers = 256;  // items that they are compared with
// For each user; one alone leaves too much to chance.
constexpr size_t kStrangers = 8;
// Vectors of fewer users may have learnt little more than what is popular.
constexpr size_t kLeastUsers = 100;
constexpr double kLeastErrors = 2;  // standard errors above the strangers

// Returns at most `most` of the rows, at equal distances.
std::vector<ItemRow> Thin(std::span<const ItemRow> rows, size_t most) {
  const size_t count = std::min(most, rows.size());
  std::vector<ItemRow> thin;
  for (size_t i = 0; i < count; ++i) {
    thin.push_back(rows[i * rows.size() / count]);
  }
  return thin;
}

// Returns the share of `others` below the items of `own`, on average; ties
// count half.
double Place(std::span<const float> vector, std::span<const ItemRow> own,
             std::span<const ItemRow> others, const ItemVectors& items) {
  const auto score = [&](ItemRow row) {
    return simd::Dot(vector.data(), items[row].data(), vector.size());
  };
  std::vector<float> scores;
  for (const ItemRow row : others) scores.push_back(score(row));
  double below = 0;
  for (const ItemRow row : own) {
    const float mine = score(row);
    for (const float other : scores) {
      below += other < mine ? 1 : other == mine ? 0.5 : 0;
    }
  }
  return below / static_cast<double>(own.size() * others.size());
}

// Returns items that are not liked, at equal distances from a first one on.
std::vector<ItemRow> Others(size_t first, std::vector<ItemRow> liked,
                            const ItemVectors& items) {
  std::sort(liked.begin(), liked.end());
  const size_t count = std::min(kOthers, items.size());
  std::vector<ItemRow> others;
  for (size_t i = 0; i < count; ++i) {
    const ItemRow row{static_cast<uint32_t>((i * items.size() / count + first) %
                                            items.size())};
    if (!std::binary_search(liked.begin(), liked.end(), row)) {
      others.push_back(row);
    }
  }
  return others;
}

}  // namespace

// Where all users like what is popular, a user's items rank high by any
// vector. So the user's own vector is compared with those of strangers, on the
// same items, and the difference is judged by its standard error.
OwnItems PlaceOwnItems(
    const EmbeddingTable& users, const ItemVectors& items,
    absl::FunctionRef<std::vector<ItemRow>(uint32_t)> likes) {
  OwnItems own;
  if (items.dimension() < 2) return own;  // one number orders all items alike
  const size_t sample = std::min(kUsers, users.size());
  const auto user_row = [&](size_t i) {
    return static_cast<uint32_t>(i % sample * users.size() / sample);
  };
  std::vector<float> vector(items.dimension());
  double squares = 0;  // of the differences
  for (size_t i = 0; i < sample; ++i) {
    std::vector<ItemRow> liked = likes(user_row(i));
    std::erase_if(liked, [&](ItemRow row) { return !items.Has(row); });
    const std::vector<ItemRow> some = Thin(liked, kOwn);
    const std::vector<ItemRow> others = Others(i, std::move(liked), items);
    if (some.empty() || others.empty()) continue;
    users.Copy(user_row(i), vector);
    const double mine = Place(vector, some, others, items);
    double theirs = 0;
    for (size_t j = 1; j <= kStrangers; ++j) {
      users.Copy(user_row(i + j * sample / (kStrangers + 1)), vector);
      theirs += Place(vector, some, others, items) / double{kStrangers};
    }
    ++own.users;
    own.place += mine;
    own.stranger_place += theirs;
    squares += (mine - theirs) * (mine - theirs);
  }
  if (own.users == 0) return own;
  const auto count = static_cast<double>(own.users);
  own.place /= count;
  own.stranger_place /= count;
  const double mean = own.place - own.stranger_place;
  own.standard_error =
      std::sqrt(std::max(0.0, squares / count - mean * mean) / count);
  return own;
}

std::string TellOwnItems(const OwnItems& own, const std::string& directory) {
  const double gain = own.place - own.stranger_place;
  if (own.users < kLeastUsers || gain > kLeastErrors * own.standard_error) {
    return "";
  }
  if (gain == 0 && own.standard_error == 0) {
    return absl::StrFormat(
        "%s: by these vectors the order of items is the same for all users "
        "(%d users)",
        directory, own.users);
  }
  return absl::StrFormat(
      "%s: the items that users like rank above %.0f %% of the other items "
      "by their own vectors, and above %.0f %% by those of strangers (%d "
      "users): "
      "are users.txt and items.txt in the order of their matrices, and both of "
      "one training?",
      directory, 100 * own.place, 100 * own.stranger_place, own.users);
}

}  // namespace marquee
