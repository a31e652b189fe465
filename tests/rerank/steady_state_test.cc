// That a list is made without allocating, once the memory has grown.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/rerank/policy_loader.h"
#include "core/rerank/slate.h"
#include "gtest/gtest.h"
#include "tests/rerank/world.h"
#include "tests/scoring/allocation_counter.h"

namespace marquee {
namespace {

constexpr size_t kItems = 240;
constexpr size_t kCandidates = 70;
constexpr size_t kLimit = 40;

// Caps of the whole list and of windows, over both attributes in both orders;
// places for popular items; diversity.
const char* const kPolicies[] = {
    "caps { name: 'a' attribute: 'franchise' max: 1 }\n"
    "caps { name: 'b' attribute: 'genre' max: 2 window: 3 }\n"
    "diversity { name: 'd' strength: 0.3 }",
    "caps { name: 'a' attribute: 'genre' max: 8 }\n"
    "caps { name: 'b' attribute: 'franchise' max: 1 window: 9 strict: "
    "true }\n"
    "pins { name: 'p' item_id: 't8' position: 3 }",
    "",
};

TEST(SteadyState, ListsOfEveryPolicyAllocateNothing) {
  const RerankWorld world(kItems);
  const std::vector<uint64_t> eligible(BitmapWords(kItems), ~uint64_t{0});
  std::vector<ItemRow> popular;
  for (uint32_t row = kItems; row-- > 0;) popular.push_back(ItemRow{row});
  std::vector<float> vectors(kItems * 2);
  for (size_t i = 0; i < vectors.size(); ++i) {
    vectors[i] = static_cast<float>(i % 7) - 3;
  }
  std::vector<std::unique_ptr<const Policy>> policies;
  for (const std::string text : kPolicies) {
    auto policy = LoadPolicy(text, "policy", *world.catalog, *world.calendar);
    ASSERT_TRUE(policy.ok()) << policy.status();
    policies.push_back(*std::move(policy));
  }
  SlateScratch scratch;
  std::vector<Candidate> candidates(kCandidates);
  std::vector<RecommendedItem> out;
  const auto make_lists = [&] {
    for (const auto& policy : policies) {
      for (uint32_t i = 0; i < kCandidates; ++i) {
        candidates[i] = {ItemRow{i * 3}, 100 - static_cast<float>(i)};
      }
      out.clear();
      FillSlate({.policy = policy.get(),
                 .catalog = world.catalog.get(),
                 .eligible = eligible,
                 .popular = {.everywhere = popular},
                 .vectors = vectors,
                 .dimension = 2,
                 .limit = kLimit},
                candidates, scratch, out);
      ASSERT_EQ(out.size(), kLimit);
    }
  };
  ASSERT_NO_FATAL_FAILURE(make_lists());
  const size_t before = Allocations();
  for (int round = 0; round < 20; ++round) {
    ASSERT_NO_FATAL_FAILURE(make_lists());
  }
  EXPECT_EQ(Allocations(), before);
}

}  // namespace
}  // namespace marquee
