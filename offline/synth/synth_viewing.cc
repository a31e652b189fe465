#include "offline/synth/synth_viewing.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace marquee {
namespace {

constexpr uint64_t kViewingStream = 100;
constexpr int64_t kDay = 86400;
constexpr int kAttempts = 60;
constexpr int kNoLimit = 99;
// Added to the rank, so that the most popular item does not get half of all
// plays.
constexpr double kZipfOffset = 20;

size_t CountOf(double mean, Random* random) {
  // 1 / sqrt(u) has mean 2 and a tail that falls with the square.
  // The small number limits a user to 50 times the mean.
  const double heavy = 0.5 / std::sqrt(random->Uniform() + 1e-4);
  // The uniform number rounds up or down so that the mean stays.
  return static_cast<size_t>(mean * heavy + random->Uniform());
}

}  // namespace

void SynthViewing::Shelf::Add(uint32_t item, double weight) {
  items.push_back(item);
  sums.push_back((sums.empty() ? 0 : sums.back()) + weight);
}

uint32_t SynthViewing::Shelf::Draw(Random* random) const {
  const double at = random->Uniform() * sums.back();
  const auto found = std::upper_bound(sums.begin(), sums.end(), at);
  const size_t i = static_cast<size_t>(found - sums.begin());
  // The product above may be rounded up to the last sum, which upper_bound
  // passes.
  return items[std::min(i, items.size() - 1)];
}

SynthViewing::SynthViewing(const SynthWorld& world)
    : world_(world), by_cluster_(world.clusters()) {
  for (uint32_t i = 0; i < world.items().size(); ++i) {
    const SynthItem& item = world.items()[i];
    const double weight = 1 / (item.rank + kZipfOffset);
    all_.Add(i, weight);
    by_cluster_[item.cluster].Add(i, weight);
  }
}

const SynthViewing::Shelf& SynthViewing::ChooseShelf(const SynthUser& user,
                                                     Random* random) const {
  // The taste's clusters get 40 %, 25 % and 15 % of the draws, all items the
  // rest.
  static constexpr std::array<double, 3> kUpTo = {0.4, 0.65, 0.8};
  const double u = random->Uniform();
  for (size_t c = 0; c < kUpTo.size(); ++c) {
    const Shelf& shelf = by_cluster_[user.clusters[c]];
    if (u < kUpTo[c] && !shelf.items.empty()) return shelf;
  }
  return all_;
}

bool SynthViewing::MayWatch(const SynthUser& user, uint32_t item,
                            int64_t time) const {
  const SynthItem& offered = world_.items()[item];
  return offered.released <= time &&
         offered.maturity <= user.maturity_limit.value_or(kNoLimit) &&
         world_.LicenceOf(item, user.country).AllowsAt(time);
}

std::optional<SynthPlay> SynthViewing::Choose(const SynthUser& user,
                                              std::span<const float> taste,
                                              int64_t time,
                                              std::span<const SynthPlay> before,
                                              Random* random) const {
  // Bounded, because a user may have nothing left to watch.
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const uint32_t item = ChooseShelf(user, random).Draw(random);
    // Checked before the vectors, whose four cache lines cost more.
    if (!MayWatch(user, item, time)) continue;
    double affinity = 0;
    const std::span<const float> vector = world_.ItemVector(item);
    for (size_t d = 0; d < kSynthDim; ++d) affinity += taste[d] * vector[d];
    affinity = std::clamp(affinity, 0.0, 1.0);
    // One in five items is watched however little it fits.
    if (!random->Chance(0.2 + 0.8 * affinity)) continue;
    const bool seen =
        std::any_of(before.begin(), before.end(),
                    [&](const SynthPlay& play) { return play.item == item; });
    if (seen) continue;
    const double share = 0.4 * random->Uniform() + 0.6 * affinity;
    const int tenths = std::min(1 + static_cast<int>(10 * share), 10);
    return SynthPlay{item, time, static_cast<float>(tenths) / 10};
  }
  return std::nullopt;
}

void SynthViewing::PlaysOf(uint64_t number,
                           std::vector<SynthPlay>* plays) const {
  plays->clear();
  const SynthOptions& options = world_.options();
  Random random(options.seed, kViewingStream, number);
  const size_t count = CountOf(options.interactions_per_user, &random);
  if (count == 0) return;
  const SynthUser user = world_.UserOf(number);
  std::array<float, kSynthDim> taste;
  world_.UserVector(number, taste);
  const auto days = static_cast<uint32_t>(options.days);
  const int64_t joined = options.now - kDay * (1 + random.Below(days));
  const double span = static_cast<double>(options.now - joined);
  for (size_t n = 0; n < count; ++n) {
    const int64_t time = joined + static_cast<int64_t>(random.Uniform() * span);
    if (const auto play = Choose(user, taste, time, *plays, &random)) {
      plays->push_back(*play);
    }
  }
  std::sort(plays->begin(), plays->end(),
            [](const SynthPlay& a, const SynthPlay& b) {
              return a.time != b.time ? a.time < b.time : a.item < b.item;
            });
}

}  // namespace marquee
