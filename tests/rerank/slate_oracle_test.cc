// The list beside its slow, obvious twin: every item is asked at every place,
// by counting what stands around it.
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/rerank/policy_loader.h"
#include "core/rerank/slate.h"
#include "gtest/gtest.h"
#include "tests/rerank/world.h"

namespace marquee {
namespace {

constexpr uint32_t kItems = 240;
constexpr uint32_t kNobody = ~uint32_t{0};

class Twin {
 public:
  Twin(const Policy& policy, const SlateRequest& request,
       std::vector<Candidate> candidates)
      : policy_(policy),
        request_(request),
        candidates_(std::move(candidates)),
        places_(request.limit, kNobody) {
    std::sort(candidates_.begin(), candidates_.end(),
              [](const Candidate& a, const Candidate& b) {
                return a.score != b.score ? a.score > b.score : a.row < b.row;
              });
  }

  std::vector<uint32_t> Fill() {
    for (const PinRule& pin : policy_.pins) Pin(pin);
    for (size_t place = 0; place < places_.size(); ++place) {
      if (places_[place] != kNobody) continue;
      if (Put(place, false) || Put(place, true) || PullUp(place)) continue;
      places_.resize(place);
    }
    return places_;
  }

 private:
  void Pin(const PinRule& pin) {
    const size_t place = static_cast<size_t>(pin.position) - 1;
    const uint32_t row = Index(pin.row);
    if (place >= places_.size() || places_[place] != kNobody) return;
    if (!TestBit(request_.eligible, row) || Stands(row)) return;
    if (Fits(row, place, false)) places_[place] = row;
  }

  bool Put(size_t place, bool strict_only) {
    return PutCandidate(place, strict_only) || PutPopular(place, strict_only);
  }

  // The one of the largest value among the first of the pool that fit.
  bool PutCandidate(size_t place, bool strict_only) {
    Diversity diversity;
    const size_t pool = policy_.diversity_pool != 0
                            ? static_cast<size_t>(policy_.diversity_pool)
                            : 5 * places_.size();
    diversity.Begin({.strength = policy_.diversity_strength,
                     .vectors = request_.vectors,
                     .dimension = request_.dimension,
                     .scaled_over = pool + places_.size()},
                    candidates_);
    for (const uint32_t row : places_) {
      if (row != kNobody) diversity.Place(ItemRow{row});
    }
    std::optional<size_t> best;
    size_t in_pool = 0;
    for (size_t i = 0; i < candidates_.size(); ++i) {
      const uint32_t row = Index(candidates_[i].row);
      if (Stands(row) || !Fits(row, place, strict_only)) continue;
      if (in_pool++ >= pool) break;
      if (!best ||
          (diversity.on() && diversity.Value(i) > diversity.Value(*best))) {
        best = i;
      }
    }
    if (best) places_[place] = Index(candidates_[*best].row);
    return best.has_value();
  }

  bool PutPopular(size_t place, bool strict_only) {
    std::vector<uint32_t> order;
    for (const auto& list :
         {request_.popular.in_country, request_.popular.everywhere}) {
      for (const ItemRow row : list) order.push_back(Index(row));
    }
    for (const uint32_t row : order) {
      if (!TestBit(request_.eligible, row) || Stands(row)) continue;
      if (!Fits(row, place, strict_only)) continue;
      places_[place] = row;
      return true;
    }
    return false;
  }

  bool PullUp(size_t place) {
    for (size_t later = place + 1; later < places_.size(); ++later) {
      if (places_[later] == kNobody) continue;
      const uint32_t row = std::exchange(places_[later], kNobody);
      const bool fits = Fits(row, place, true);
      places_[fits ? place : later] = row;
      if (fits) return true;
    }
    return false;
  }

  bool Stands(uint32_t row) const {
    return std::find(places_.begin(), places_.end(), row) != places_.end();
  }

  // Puts it there and counts every stretch that holds the place.
  bool Fits(uint32_t row, size_t place, bool strict_only) {
    const uint32_t stood = std::exchange(places_[place], row);
    const bool fits = std::none_of(
        policy_.caps.begin(), policy_.caps.end(), [&](const CapRule& cap) {
          return (cap.strict || !strict_only) && IsBroken(cap, row, place);
        });
    places_[place] = stood;
    return fits;
  }

  bool IsBroken(const CapRule& cap, uint32_t row, size_t place) const {
    const size_t window =
        cap.window == 0 ? places_.size() : static_cast<size_t>(cap.window);
    for (const uint32_t code : cap.attribute->Codes(ItemRow{row})) {
      // Where stretches begin that hold the place and end in the list; the
      // whole list where it is shorter.
      size_t begin = place + 1 >= window ? place + 1 - window : 0;
      do {
        const size_t end = std::min(begin + window, places_.size());
        int count = 0;
        for (size_t i = begin; i < end; ++i) {
          count += places_[i] != kNobody &&
                   cap.attribute->Has(ItemRow{places_[i]}, code);
        }
        if (count > cap.max) return true;
        ++begin;
      } while (begin <= place && begin + window <= places_.size());
    }
    return false;
  }

  const Policy& policy_;
  const SlateRequest& request_;
  std::vector<Candidate> candidates_;
  std::vector<uint32_t> places_;
};

class SlateOracle : public ::testing::Test {
 protected:
  int Below(int n) { return static_cast<int>(random_() % n); }

  std::string RandomPolicy() {
    std::string text;
    const std::vector<std::string> attributes = {"franchise", "genre"};
    for (int i = Below(4); i > 0; --i) {
      const int max = 1 + Below(5);
      absl::StrAppend(&text, "caps { name: 'c", i, "' attribute: '",
                      attributes[Below(2)], "' max: ", max);
      if (Below(2)) absl::StrAppend(&text, " window: ", max + 1 + Below(12));
      absl::StrAppend(&text, Below(2) ? " strict: true }\n" : " }\n");
    }
    for (int i = Below(4); i > 0; --i) {
      absl::StrAppend(&text, "pins { name: 'p", i, "' item_id: 't",
                      10 * i + 2 + Below(8), "' position: ", 12 * i + Below(12),
                      " }\n");
    }
    if (Below(3) == 0) {
      absl::StrAppend(&text, "diversity { name: 'd' strength: 0.",
                      1 + Below(9));
      if (Below(2)) absl::StrAppend(&text, " pool: ", 1 + Below(20));
      absl::StrAppend(&text, " }\n");
    }
    return text;
  }

  // The last items have none.
  void RandomVectors(SlateRequest& request) {
    vectors_.resize(size_t{kItems - 20} * 4);
    for (float& value : vectors_) value = static_cast<float>(Below(9) - 3);
    request.vectors = vectors_;
    request.dimension = 4;
  }

  void RandomWorld(SlateRequest& request) {
    // Few genres: sometimes of one alone, as with a filter.
    const bool drama_only = Below(3) == 0;
    eligible_.assign(BitmapWords(kItems), 0);
    everywhere_.clear();
    for (uint32_t row = 0; row < kItems; ++row) {
      everywhere_.push_back(ItemRow{row});
      if (Below(4) == 0 || (drama_only && row % 2 == 0)) continue;
      SetBit(eligible_, row);
    }
    std::shuffle(everywhere_.begin(), everywhere_.end(), random_);
    in_country_.assign(everywhere_.begin() + 100,
                       everywhere_.begin() + 100 + Below(40));
    std::shuffle(everywhere_.begin(), everywhere_.end(), random_);
    if (Below(8) == 0) everywhere_.clear();
    request.eligible = eligible_;
    request.popular = {in_country_, everywhere_};
    candidates_.clear();
    for (uint32_t row = 0; row < kItems; ++row) {
      if (!TestBit(eligible_, row) || Below(6) != 0) continue;
      candidates_.push_back({ItemRow{row}, static_cast<float>(Below(20))});
    }
  }

  std::mt19937 random_{20261129};
  RerankWorld world_{kItems};
  std::vector<uint64_t> eligible_;
  std::vector<ItemRow> in_country_;
  std::vector<ItemRow> everywhere_;
  std::vector<Candidate> candidates_;
  std::vector<float> vectors_;
};

TEST_F(SlateOracle, EveryListIsThatOfItsTwin) {
  SlateScratch scratch;
  int relaxed = 0;
  int backfilled = 0;
  int full = 0;
  for (int round = 0; round < 1000; ++round) {
    const std::string text = RandomPolicy();
    auto policy = LoadPolicy(text, "policy", *world_.catalog, *world_.calendar);
    if (!policy.ok()) continue;  // pins that contradict each other
    SlateRequest request{.policy = policy->get(),
                         .catalog = world_.catalog.get()};
    RandomWorld(request);
    RandomVectors(request);
    request.limit = 1 + static_cast<size_t>(Below(60));
    SCOPED_TRACE(
        absl::StrCat("round ", round, ", ", request.limit, " places:\n", text));
    const std::vector<uint32_t> expected =
        Twin(**policy, request, candidates_).Fill();
    std::vector<RecommendedItem> places;
    const SlateOutcome outcome =
        FillSlate(request, candidates_, scratch, places);
    std::vector<uint32_t> rows;
    for (const RecommendedItem& place : places)
      rows.push_back(Index(place.row));
    ASSERT_EQ(rows, expected);
    EXPECT_FALSE(outcome.cut_off);
    relaxed += outcome.relaxed > 0;
    backfilled += outcome.backfilled > 0;
    full += rows.size() == request.limit;
  }
  // The rounds are worth something.
  EXPECT_GT(relaxed, 100);
  EXPECT_GT(backfilled, 330);
  EXPECT_GT(full, 330);
}

}  // namespace
}  // namespace marquee
