// Ten thousand random requests, each answer judged by a brute-force reading of
// the data set: what must never be shown is not, and a list is full or says
// why not.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "core/pipeline/pipeline.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/lawful_checker.h"
#include "tests/integration/lawful_world.h"

namespace marquee {
namespace {

constexpr uint64_t kSeed = 20260601;
constexpr int kRequests = 10'000;
constexpr size_t kFranchiseCap = 3;

// Every look takes a while, so that stages cost time and deadlines pass.
class TickingClock final : public Clock {
 public:
  explicit TickingClock(absl::Time now) : now_(now) {}
  absl::Time Now() const override { return now_; }
  SteadyTime Steady() const override {
    return steady_ += absl::Microseconds(50);
  }
  void Advance(absl::Duration step) {
    now_ += step;
    steady_ += step;
  }

 private:
  absl::Time now_;
  mutable SteadyTime steady_;
};

// A request and the memory that its views point into.
struct Call {
  Asked asked;
  std::vector<float> embedding;
  RecommendRequest request;
};

class Lawful : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = ::testing::TempDir() + "marquee_lawful";
    std::filesystem::remove_all(directory_);
    std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed));
    const SynthOptions world = {
        .users = 300, .items = 2'000, .seed = kSeed, .countries = 8};
    now_ = world.now;
    ASSERT_TRUE(WriteSynth(world, {.directory = directory_}).ok());
    judge_ = std::make_unique<Judge>(directory_);
    ASSERT_TRUE(TrainLawfulAls(directory_).ok());
    ASSERT_TRUE(TrainLawfulRanker(directory_, now_ - 60 * kLawfulDay).ok());
    std::vector<JudgeBlock> blocks;
    const std::string policy = LawfulPolicy(*judge_, now_, &blocks);
    for (JudgeBlock& block : blocks) judge_->AddBlock(std::move(block));
    ASSERT_TRUE(WriteFileAtomically(directory_ + "/policy.txt", policy).ok());
    const auto built = BuildSnapshot({.data = directory_,
                                      .embeddings = directory_,
                                      .ranker = directory_ + "/ranker.json",
                                      .policy = directory_ + "/policy.txt",
                                      .snapshots = directory_ + "/snapshots"});
    ASSERT_TRUE(built.ok()) << built.status();
    auto snapshot = Snapshot::Load(built->path);
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    snapshot_ = *std::move(snapshot);
    ASSERT_LT(snapshot_->item_vectors().size(), snapshot_->catalog().size());
    countries_.assign(judge_->countries().begin(), judge_->countries().end());
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string AnyItem() {
    const auto& items = judge_->items();
    return items[random_.Below(static_cast<uint32_t>(items.size()))].id;
  }
  template <typename T>
  const T& Any(const std::vector<T>& list) {
    return list[random_.Below(static_cast<uint32_t>(list.size()))];
  }

  // Near the end of the data, or just before or at the turn of a licence.
  int64_t AnyMoment(int64_t around) {
    if (random_.Chance(0.3)) return Any(judge_->turns()) - random_.Below(2);
    return around + static_cast<int64_t>(random_.Below(40 * 86400)) -
           20 * kLawfulDay;
  }

  void AskRandomly(int64_t around, SteadyTime clock, Call* call) {
    Asked& asked = call->asked;
    asked.now = AnyMoment(around);
    if (random_.Chance(0.8)) {
      asked.user = Any(judge_->users());
    } else if (random_.Chance(0.5)) {
      asked.user = "nobody";
    }
    if (random_.Chance(0.5)) asked.country = Any(countries_);
    if (random_.Chance(0.05)) asked.country = "ZZ";
    if (random_.Chance(0.3))
      asked.maturity_limit =
          std::vector<int>{0, 6, 11, 12, 16, 18}[random_.Below(6)];
    if (random_.Chance(0.2))
      asked.scene = random_.Chance(0.7) ? "kids" : "cartoons";
    for (uint32_t n = random_.Chance(0.3) ? random_.Below(8) : 0; n > 0; --n)
      asked.watched.push_back(AnyItem());
    for (uint32_t n = random_.Chance(0.3) ? random_.Below(200) : 0; n > 0; --n)
      asked.exclude.push_back(AnyItem());
    if (random_.Chance(0.15)) {
      asked.filters = {{"genre", {"Drama", "Comedy"}}};
      if (random_.Chance(0.3)) asked.filters.push_back({"language", {"de"}});
    }
    if (random_.Chance(0.05)) asked.similar_to = AnyItem();
    if (random_.Chance(0.1)) {
      for (int i = 0; i < kLawfulFactors; ++i)
        call->embedding.push_back(static_cast<float>(random_.Normal()));
    }
    RecommendRequest& request = call->request;
    request.limit = 1 + random_.Below(60);
    if (random_.Chance(0.3))
      request.deadline = clock + absl::Microseconds(random_.Below(900));
    if (random_.Chance(0.1))
      request.best_tier = static_cast<Tier>(random_.Below(kTiers));
    Point(call);
  }

  static void Point(Call* call) {
    const Asked& asked = call->asked;
    RecommendRequest& request = call->request;
    request.user_id = asked.user;
    request.country = asked.country;
    request.scene = asked.scene;
    request.similar_to = asked.similar_to;
    request.maturity_limit = asked.maturity_limit;
    request.embedding = call->embedding;
    request.now = absl::FromUnixSeconds(asked.now);
    for (const std::string& id : asked.watched)
      request.recent_events.push_back({id, 1});
    request.exclude.assign(asked.exclude.begin(), asked.exclude.end());
    for (const auto& [attribute, values] : asked.filters)
      request.filters.push_back({attribute, {values.begin(), values.end()}});
  }

  bool Says(const RecommendResponse& response, Degradation::Cause cause) {
    return std::any_of(
        response.degradations.begin(), response.degradations.end(),
        [cause](const Degradation& d) { return d.cause == cause; });
  }

  // The deadline passed while items were looked for to fill the list.
  bool FilledInHaste(const RecommendResponse& response) {
    return std::any_of(response.degradations.begin(),
                       response.degradations.end(), [](const Degradation& d) {
                         return d.cause == Degradation::Cause::kDeadline &&
                                d.detail.find("were looked for") !=
                                    std::string::npos;
                       });
  }

  void CheckShown(const Call& call, const RecommendResponse& response) {
    std::set<std::string> shown;
    std::map<std::string, size_t> franchises;
    for (const RecommendedItem& shown_item : response.items) {
      const std::string id(snapshot_->catalog().Id(shown_item.row));
      const JudgeItem& item = judge_->item(id);
      ASSERT_EQ(judge_->Refuse(item, call.asked), "") << id;
      ASSERT_TRUE(shown.insert(id).second) << id << " is shown twice";
      const auto franchise = item.attributes.find("franchise");
      if (franchise == item.attributes.end()) continue;
      ASSERT_LE(++franchises[*franchise->second.begin()], kFranchiseCap);
    }
    ASSERT_EQ(response.removed_by_final_check, 0)
        << "only the final check caught it";
    ASSERT_LE(response.items.size(), call.request.limit);
    CheckFull(call, response, shown, franchises);
  }

  void CheckFull(const Call& call, const RecommendResponse& response,
                 const std::set<std::string>& shown,
                 const std::map<std::string, size_t>& franchises) {
    const auto allowed = judge_->Allowed(call.asked);
    ASSERT_EQ(response.eligible, allowed.size());
    ASSERT_EQ(response.requested, call.request.limit);
    ASSERT_EQ(Says(response, Degradation::Cause::kTooFewEligible),
              response.items.size() < call.request.limit &&
                  allowed.size() < call.request.limit);
    const bool capped =
        shown.size() < std::min(call.request.limit, allowed.size());
    const bool hasty = FilledInHaste(response);
    ASSERT_EQ(Says(response, Degradation::Cause::kCaps), capped && !hasty)
        << shown.size() << " of " << allowed.size();
    ASSERT_TRUE(capped || !hasty);
    if (!capped || hasty) return;
    ++capped_;
    for (const JudgeItem* const item : allowed) {
      if (shown.contains(item->id)) continue;
      const auto it = item->attributes.find("franchise");
      ASSERT_NE(it, item->attributes.end()) << item->id << " would have fitted";
      const auto count = franchises.find(*it->second.begin());
      ASSERT_TRUE(count != franchises.end() && count->second == kFranchiseCap)
          << item->id << " would have fitted";
    }
  }

  // A list that breaks the cap that may be relaxed says so, and no other.
  void CheckRelaxed(const RecommendResponse& response) {
    bool broken = false;
    for (size_t begin = 0; begin < response.items.size(); ++begin) {
      std::map<std::string, int> genres;
      for (size_t i = begin; i < std::min(begin + 4, response.items.size());
           ++i) {
        const auto& attributes =
            judge_
                ->item(
                    std::string(snapshot_->catalog().Id(response.items[i].row)))
                .attributes;
        if (!attributes.contains("genre")) continue;
        for (const std::string& genre : attributes.at("genre"))
          broken |= ++genres[genre] > 2;
      }
    }
    ASSERT_EQ(broken, Says(response, Degradation::Cause::kCapRelaxed));
    relaxed_ += broken ? 1 : 0;
  }

  void CheckTier(const RecommendResponse& response) {
    ++tiers_[response.tier];
    const bool told =
        (Says(response, Degradation::Cause::kDeadline) &&
         (response.tier != Tier::kFull || !FilledInHaste(response))) ||
        Says(response, Degradation::Cause::kOverload);
    // Without a vector the ranker has the say, where there is one.
    const bool no_vector = Says(response, Degradation::Cause::kNoVector);
    ASSERT_TRUE(response.tier == Tier::kFull ? !told : told || no_vector)
        << TierName(response.tier);
  }

  std::string directory_;
  int64_t now_ = 0;
  std::unique_ptr<Judge> judge_;
  std::unique_ptr<const Snapshot> snapshot_;
  std::vector<std::string> countries_;
  Random random_{kSeed};
  std::map<Tier, int> tiers_;
  int capped_ = 0;
  int relaxed_ = 0;
};

TEST_F(Lawful, NoAnswerOfTenThousandShowsWhatItMayNot) {
  EXPECT_GT(judge_->UnlicensedShare(now_), 0.25);
  EXPECT_LT(judge_->UnlicensedShare(now_), 0.45);
  TickingClock clock(absl::FromUnixSeconds(now_));
  Pipeline pipeline(*snapshot_, {}, clock);
  PipelineScratch scratch(*snapshot_, pipeline.max_candidates());
  RecommendResponse response;
  int shorter = 0;
  for (int i = 0; i < kRequests; ++i) {
    // Half a year passes, with licences that open and close on the way.
    clock.Advance(absl::Minutes(26));
    if (i % 20 == 0) pipeline.AdvanceTime();
    Call call;
    AskRandomly(absl::ToUnixSeconds(clock.Now()), clock.Steady(), &call);
    SCOPED_TRACE(absl::StrCat("request ", i, ", user '", call.asked.user,
                              "' in '", call.asked.country, "' at ",
                              call.asked.now));
    const absl::Status status =
        pipeline.Recommend(call.request, scratch, response);
    if (!status.ok()) {
      // The only fault that these requests can have.
      ASSERT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
      ASSERT_NE(call.asked.similar_to, "") << status;
      continue;
    }
    ASSERT_NO_FATAL_FAILURE(CheckShown(call, response));
    ASSERT_NO_FATAL_FAILURE(CheckRelaxed(response));
    ASSERT_NO_FATAL_FAILURE(CheckTier(response));
    shorter += response.items.size() < call.request.limit ? 1 : 0;
  }
  std::printf("short lists %d, by caps %d; caps were relaxed %d; tiers:",
              shorter, capped_, relaxed_);
  for (const auto& [tier, count] : tiers_)
    std::printf(" %s %d", std::string(TierName(tier)).c_str(), count);
  std::printf("\n");
  // The run met every kind of answer.
  EXPECT_GT(shorter, 0);
  EXPECT_GT(relaxed_, 0);
  EXPECT_EQ(tiers_.size(), kTiers);
}

}  // namespace
}  // namespace marquee
