// A synthetic streaming service with known tastes: its items and users, each
// computed from the seed and its number alone.
//
// Items belong to clusters (a genre and a direction in it). An item's latent
// vector is its cluster's centre plus its own noise. Popularity follows Zipf's
// law. A third of the items belong to franchises. The sizes of franchises
// follow Zipf's law, too; their items share cluster, language and age rating.
// About 15 of 100 items are licensed everywhere. The others are licensed by
// country: never, always, or within one window. One in ten of the windows opens
// or closes within two weeks of the end of the data.
//
// A user has a country, perhaps a maturity limit, and a taste: three clusters
// and noise.
#ifndef MARQUEE_OFFLINE_SYNTH_SYNTH_WORLD_H_
#define MARQUEE_OFFLINE_SYNTH_SYNTH_WORLD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/random.h"

namespace marquee {

inline constexpr size_t kSynthDim = 64;
inline constexpr uint32_t kNoFranchise = ~uint32_t{0};

struct SynthOptions {
  uint64_t users = 10'000;  // 1 to 2^32 - 1
  uint64_t items = 2'000;   // 10 to 2^32 - 1
  uint64_t seed = 1;
  double interactions_per_user = 30;  // mean; 0: none
  int countries = 20;                 // 1 to kSynthMaxCountries
  int days = 365;                     // of interactions; 1 to 3,650
  int64_t now = 1780272000;  // end of the data: 2026-06-01, Unix seconds
};

struct SynthItem {
  uint32_t franchise = kNoFranchise;
  uint32_t part = 0;  // of the franchise, from 1
  uint32_t rank = 0;  // by popularity: 0 is the most popular
  uint16_t cluster = 0;
  uint8_t maturity = 0;
  uint8_t origin = 0;    // country; its language is the item's
  int64_t released = 0;  // Unix seconds
};

struct SynthUser {
  int country = 0;
  std::optional<int> maturity_limit;
  std::array<uint16_t, 3> clusters;  // the user's taste, most liked first
};

struct SynthLicence {
  bool licensed = false;
  int64_t start = 0;
  int64_t end = 0;
  bool has_window = false;  // else always
  bool AllowsAt(int64_t time) const {
    return licensed && (!has_window || (start <= time && time < end));
  }
};

// Immutable after construction. Takes about 280 bytes per item, and none per
// user.
class SynthWorld {
 public:
  // Errors: InvalidArgument that names the option.
  static absl::StatusOr<std::unique_ptr<const SynthWorld>> Create(
      const SynthOptions& options);

  const SynthOptions& options() const { return options_; }
  std::span<const SynthItem> items() const { return items_; }
  size_t clusters() const { return clusters_; }
  size_t GenreOf(size_t cluster) const;
  // [kSynthDim]. Longer for more popular items: norms of 0.7 to 1.3.
  std::span<const float> ItemVector(uint32_t item) const {
    return {item_vectors_.data() + item * kSynthDim, kSynthDim};
  }
  // Whether the item is licensed everywhere and always.
  bool IsOriginal(uint32_t item) const;
  SynthLicence LicenceOf(uint32_t item, int country) const;

  SynthUser UserOf(uint64_t user) const;
  // Writes a unit vector to `out` [kSynthDim].
  void UserVector(uint64_t user, std::span<float> out) const;

 private:
  explicit SynthWorld(const SynthOptions& options);
  void MakeCentres();
  void MakeItems();
  void RankItems();
  void MakeItemVectors();

  const SynthOptions options_;
  const size_t clusters_;
  std::vector<float> centres_;  // [clusters x kSynthDim], unit vectors
  std::vector<SynthItem> items_;
  std::vector<float> item_vectors_;  // [items x kSynthDim]
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_SYNTH_SYNTH_WORLD_H_
