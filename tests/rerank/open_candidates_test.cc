#include "core/rerank/open_candidates.h"

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/rerank/policy_loader.h"
#include "gtest/gtest.h"
#include "tests/rerank/world.h"

namespace marquee {
namespace {

constexpr uint32_t kItems = 180;
constexpr size_t kPlaces = 24;

// A list under way, in which items are put wherever they fit.
class OpenCandidatesTest : public ::testing::Test {
 protected:
  void Begin(const std::string& policy, size_t candidates) {
    policies_.push_back(
        *LoadPolicy(policy, "policy", *world_.catalog, *world_.calendar));
    candidates_.clear();
    taken_.assign(candidates, false);
    for (uint32_t i = 0; i < candidates; ++i) {
      candidates_.push_back({ItemRow{(i * 7) % kItems}, 0});
    }
    caps_.Begin(*policies_.back(), {}, kPlaces);
    open_.Begin(candidates_);
  }
  void ExpectWhatTheCapsSay() {
    for (const CapMode mode : {CapMode::kStrict, CapMode::kAll}) {
      const BitmapView open = open_.At(caps_, mode);
      ASSERT_EQ(open.size(), BitmapWords(candidates_.size()));
      for (uint32_t i = 0; i < candidates_.size(); ++i) {
        ASSERT_EQ(TestBit(open, i),
                  !taken_[i] && caps_.Fits(candidates_[i].row, mode))
            << "candidate " << i << ", mode " << static_cast<int>(mode);
      }
    }
  }

  RerankWorld world_{kItems, {3, 4, 50}};
  std::vector<std::unique_ptr<const Policy>> policies_;
  std::vector<Candidate> candidates_;
  std::vector<bool> taken_;
  CapCounter caps_;
  OpenCandidates open_;
};

TEST_F(OpenCandidatesTest, AreThoseThatTheCapsLetPassOneByOne) {
  const std::vector<std::string> policies = {
      "",
      "caps { name: 'a' attribute: 'franchise' max: 2 }",
      "caps { name: 'a' attribute: 'genre' max: 2 window: 3 }\n"
      "caps { name: 'b' attribute: 'franchise' max: 1 strict: true }",
      "caps { name: 'a' attribute: 'genre' max: 9 }\n"
      "caps { name: 'b' attribute: 'franchise' max: 1 window: 7 "
      "strict: true }",
  };
  std::mt19937 random(7);
  for (int round = 0; round < 40; ++round) {
    Begin(policies[random() % policies.size()], 1 + random() % 170);
    for (size_t place = 0; place < kPlaces; ++place) {
      caps_.GoTo(place);
      ASSERT_NO_FATAL_FAILURE(ExpectWhatTheCapsSay());
      const size_t i = random() % candidates_.size();
      if (taken_[i] || random() % 4 == 0) continue;
      caps_.Place(candidates_[i].row, place);
      open_.Take(i);
      taken_[i] = true;
      ASSERT_NO_FATAL_FAILURE(ExpectWhatTheCapsSay());
    }
  }
}

TEST_F(OpenCandidatesTest, NoCandidatesAreNone) {
  Begin("caps { name: 'a' attribute: 'franchise' max: 1 }", 0);
  caps_.Place(ItemRow{0}, 0);
  caps_.GoTo(1);
  EXPECT_TRUE(open_.At(caps_, CapMode::kAll).empty());
}

}  // namespace
}  // namespace marquee
