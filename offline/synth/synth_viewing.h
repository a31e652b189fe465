// Computes what the users of the synthetic world watch.
#ifndef MARQUEE_OFFLINE_SYNTH_SYNTH_VIEWING_H_
#define MARQUEE_OFFLINE_SYNTH_SYNTH_VIEWING_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "offline/synth/synth_world.h"

namespace marquee {

struct SynthPlay {
  uint32_t item = 0;
  int64_t time = 0;  // Unix seconds
  float share = 1;   // of the item that was watched: 0.1 to 1, in tenths
};

// Chooses items by taste x popularity x licence x maturity: a cluster of the
// user's taste (or, one time in five, any cluster), then an item of it by
// popularity. The more the latent vectors agree, the more likely the item is
// taken. An item is never taken if it is not released, not licensed in the
// user's country at that moment, above the profile's limit, or watched before.
// Immutable after construction.
class SynthViewing {
 public:
  explicit SynthViewing(const SynthWorld& world);

  // Sets `plays` to what the user watched, by time. The number of plays has a
  // heavy tail. Its mean is a little below options.interactions_per_user,
  // because a user without a suitable item watches nothing.
  void PlaysOf(uint64_t user, std::vector<SynthPlay>* plays) const;

 private:
  // Items with the running sums of their popularity.
  struct Shelf {
    std::vector<uint32_t> items;
    std::vector<double> sums;
    void Add(uint32_t item, double weight);
    uint32_t Draw(Random* random) const;
  };

  const Shelf& ChooseShelf(const SynthUser& user, Random* random) const;
  bool MayWatch(const SynthUser& user, uint32_t item, int64_t time) const;
  // Returns no play if nothing fits after many attempts.
  std::optional<SynthPlay> Choose(const SynthUser& user,
                                  std::span<const float> taste, int64_t time,
                                  std::span<const SynthPlay> before,
                                  Random* random) const;

  const SynthWorld& world_;
  Shelf all_;
  std::vector<Shelf> by_cluster_;
};

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_SYNTH_SYNTH_VIEWING_H_
