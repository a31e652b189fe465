#include "offline/synth/synth_world.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "offline/synth/synth_names.h"

namespace marquee {
namespace {

constexpr int64_t kDay = 86400;
constexpr size_t kChildrensGenres = 4;
constexpr std::array<uint8_t, 5> kMaturities = {0, 6, 12, 16, 18};

// The uses of random numbers; each has its own stream.
enum Stream : uint64_t {
  kCentres = 1,
  kItems,
  kRanks,
  kItemNoise,
  kLicences,
  kUsers,
  kUserNoise,
};

size_t ClusterCount(uint64_t items) {
  const auto root = static_cast<size_t>(std::sqrt(static_cast<double>(items)));
  return std::clamp<size_t>(root, kSynthGenres, 1024);
}

void Normalise(std::span<float> vector, float length) {
  float sum = 0;
  for (const float x : vector) sum += x * x;
  const float scale = sum > 0 ? length / std::sqrt(sum) : 0;
  for (float& x : vector) x *= scale;
}

// Adds noise with a length of about `length`.
void AddNoise(Random random, float length, std::span<float> vector) {
  // A vector of n numbers of variance 1 has a length of about sqrt(n).
  const float scale = length / std::sqrt(static_cast<float>(vector.size()));
  for (float& x : vector) x += scale * static_cast<float>(random.Normal());
}

// Small numbers are likely: half are 0, and numbers of n or more have the share
// 1 / (n + 1).
uint32_t ZipfBelow(uint32_t bound, Random* random) {
  const double reciprocal = 1.0 / (random->Uniform() + 1.0 / (bound + 1.0));
  const auto number = static_cast<uint32_t>(std::max(reciprocal - 1.0, 0.0));
  return std::min(number, bound - 1);
}

uint8_t MaturityOf(size_t genre, Random* random) {
  static constexpr std::array<double, 4> kChildren = {0.6, 0.9, 0.99, 1};
  static constexpr std::array<double, 4> kOthers = {0.1, 0.22, 0.57, 0.87};
  const auto& limits = genre < kChildrensGenres ? kChildren : kOthers;
  const double u = random->Uniform();
  size_t i = 0;
  while (i < limits.size() && u >= limits[i]) ++i;
  return kMaturities[i];
}

absl::Status Check(const SynthOptions& options) {
  const auto fault = [](absl::string_view option, absl::string_view range) {
    return absl::InvalidArgumentError(absl::StrCat(option, " must be ", range));
  };
  if (options.users < 1 || options.users >= kNoFranchise) {
    return fault("--users", "1 to 4294967294");
  }
  if (options.items < 10 || options.items >= kNoFranchise) {
    return fault("--items", "10 to 4294967294");
  }
  if (!(options.interactions_per_user >= 0 &&
        options.interactions_per_user <= 1000)) {
    return fault("--interactions-per-user", "0 to 1000");
  }
  if (options.countries < 1 || options.countries > kSynthMaxCountries) {
    return fault("--countries", absl::StrCat("1 to ", kSynthMaxCountries));
  }
  if (options.days < 1 || options.days > 3650) {
    return fault("--days", "1 to 3650");
  }
  if (options.now < 631152000 || options.now > 4102444800) {
    return fault("--now", "in the years 1990 to 2099");
  }
  return absl::OkStatus();
}

// The age in days: up to sixty years, more of the recent ones, and the last
// quarter evenly. `u`: 0 to 1.
int64_t DaysOld(double u) {
  constexpr double kDays = 60 * 365;
  constexpr double kQuarter = 91;
  // Where the cubic curve reaches kQuarter: both branches meet there.
  const double even = std::cbrt(kQuarter / kDays);
  return static_cast<int64_t>(u < even ? kQuarter * u / even
                                       : kDays * u * u * u);
}

}  // namespace

absl::StatusOr<std::unique_ptr<const SynthWorld>> SynthWorld::Create(
    const SynthOptions& options) {
  if (absl::Status status = Check(options); !status.ok()) return status;
  std::unique_ptr<SynthWorld> world(new SynthWorld(options));
  world->MakeCentres();
  world->MakeItems();
  world->RankItems();
  world->MakeItemVectors();
  return world;
}

SynthWorld::SynthWorld(const SynthOptions& options)
    : options_(options), clusters_(ClusterCount(options.items)) {}

size_t SynthWorld::GenreOf(size_t cluster) const {
  return cluster % kSynthGenres;
}

// Clusters of a genre point in similar directions.
void SynthWorld::MakeCentres() {
  std::vector<float> genres(kSynthGenres * kSynthDim);
  for (size_t g = 0; g < kSynthGenres; ++g) {
    const std::span<float> genre(genres.data() + g * kSynthDim, kSynthDim);
    AddNoise(Random(options_.seed, kCentres, g), 1, genre);
    Normalise(genre, 1);
  }
  centres_.resize(clusters_ * kSynthDim);
  for (size_t c = 0; c < clusters_; ++c) {
    const std::span<float> centre(centres_.data() + c * kSynthDim, kSynthDim);
    std::copy_n(genres.data() + GenreOf(c) * kSynthDim, kSynthDim,
                centre.data());
    AddNoise(Random(options_.seed, kCentres, kSynthGenres + c), 0.8f, centre);
    Normalise(centre, 1);
  }
}

void SynthWorld::MakeItems() {
  items_.resize(options_.items);
  Random random(options_.seed, kItems);
  uint32_t franchises = 0;
  for (size_t i = 0; i < items_.size();) {
    const bool franchise = random.Chance(0.11);
    const size_t size = franchise ? 2 + ZipfBelow(60, &random) : 1;
    SynthItem item;
    item.cluster =
        static_cast<uint16_t>(random.Below(static_cast<uint32_t>(clusters_)));
    item.maturity = MaturityOf(GenreOf(item.cluster), &random);
    item.origin = static_cast<uint8_t>(
        ZipfBelow(static_cast<uint32_t>(options_.countries), &random));
    // The parts of a franchise follow the first.
    item.released = options_.now - kDay * (DaysOld(random.Uniform()) +
                                           200 * (int64_t(size) - 1));
    item.franchise = franchise ? franchises++ : kNoFranchise;
    for (size_t part = 1; part <= size && i < items_.size(); ++part, ++i) {
      item.part = franchise ? static_cast<uint32_t>(part) : 0;
      items_[i] = item;
      // The further parts share the days that are left.
      const int64_t left = (options_.now - item.released) / kDay;
      const int64_t share = left / static_cast<int64_t>(size - part + 1);
      item.released += kDay * std::min<int64_t>(200 + random.Below(800), share);
    }
  }
}

void SynthWorld::RankItems() {
  std::vector<uint32_t> ranks(items_.size());
  std::iota(ranks.begin(), ranks.end(), 0);
  // Fisher and Yates' shuffle. The order of std::shuffle depends on the
  // standard library, and equal options must give equal bytes.
  Random random(options_.seed, kRanks);
  for (size_t i = ranks.size(); i > 1; --i) {
    std::swap(ranks[i - 1], ranks[random.Below(static_cast<uint32_t>(i))]);
  }
  for (size_t i = 0; i < items_.size(); ++i) items_[i].rank = ranks[i];
}

void SynthWorld::MakeItemVectors() {
  item_vectors_.resize(items_.size() * kSynthDim);
  for (size_t i = 0; i < items_.size(); ++i) {
    const std::span<float> vector(item_vectors_.data() + i * kSynthDim,
                                  kSynthDim);
    std::copy_n(centres_.data() + items_[i].cluster * kSynthDim, kSynthDim,
                vector.data());
    AddNoise(Random(options_.seed, kItemNoise, i), 0.6f, vector);
    const double share = static_cast<double>(items_[i].rank) /
                         static_cast<double>(items_.size());
    Normalise(vector, static_cast<float>(1.3 - 0.6 * share));
  }
}

bool SynthWorld::IsOriginal(uint32_t item) const {
  return Random(options_.seed, kLicences, item).Chance(0.15);
}

SynthLicence SynthWorld::LicenceOf(uint32_t item, int country) const {
  if (IsOriginal(item)) return {true, 0, 0, false};
  const uint64_t pair =
      (uint64_t{item} + 1) << 8 | static_cast<uint64_t>(country);
  // IsOriginal uses the same stream with the item's number. Below 2^24 items,
  // no number has both uses.
  Random random(options_.seed, kLicences, pair << 16);
  const double kind = random.Uniform();
  if (kind < 0.24) return {};
  if (kind < 0.66) return {true, 0, 0, false};
  const int64_t length = kDay * (90 + random.Below(1000));
  if (kind < 0.66 + 0.034) {  // the turn is near the end of the data
    const int64_t turn = options_.now +
                         static_cast<int64_t>(random.Below(28 * 24)) * 3600 -
                         14 * kDay;
    const bool opens = random.Chance(0.5);
    return {true, opens ? turn : turn - length, opens ? turn + length : turn,
            true};
  }
  const int64_t start =
      options_.now + kDay * (60 - static_cast<int64_t>(random.Below(1150)));
  return {true, start, start + length, true};
}

SynthUser SynthWorld::UserOf(uint64_t number) const {
  Random random(options_.seed, kUsers, number);
  SynthUser user;
  user.country = static_cast<int>(
      ZipfBelow(static_cast<uint32_t>(options_.countries), &random));
  const double limit = random.Uniform();
  if (limit < 0.06) {
    user.maturity_limit = 0;
  } else if (limit < 0.12) {
    user.maturity_limit = 6;
  } else if (limit < 0.2) {
    user.maturity_limit = 12;
  } else if (limit < 0.3) {
    user.maturity_limit = 16;
  }
  const auto clusters = static_cast<uint32_t>(clusters_);
  const bool child =
      user.maturity_limit.has_value() && *user.maturity_limit <= 6;
  for (uint16_t& cluster : user.clusters) {
    do {
      cluster = static_cast<uint16_t>(random.Below(clusters));
      // Every genre has a cluster, so the loop ends.
    } while (child && GenreOf(cluster) >= kChildrensGenres);
  }
  return user;
}

void SynthWorld::UserVector(uint64_t number, std::span<float> out) const {
  static constexpr std::array<float, 3> kShares = {0.6f, 0.4f, 0.25f};
  std::fill(out.begin(), out.end(), 0.0f);
  const SynthUser user = UserOf(number);
  for (size_t c = 0; c < kShares.size(); ++c) {
    const float* const centre = centres_.data() + user.clusters[c] * kSynthDim;
    for (size_t d = 0; d < kSynthDim; ++d) out[d] += kShares[c] * centre[d];
  }
  AddNoise(Random(options_.seed, kUserNoise, number), 0.35f, out);
  Normalise(out, 1);
}

}  // namespace marquee
