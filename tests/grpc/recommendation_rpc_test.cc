// Calls through gRPC, in one process and with a clock that stands still.
#include "server/grpc/recommendation_rpc.h"

#include <unistd.h>

#include <cstdio>
#include <deque>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/server.h"
#include "gtest/gtest.h"
#include "server/grpc/metadata_check.h"
#include "server/grpc/server_options.h"
#include "tests/files/scratch.h"
#include "tests/service/served_world.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

// One call of Recommend or Explain whose answer is waited for later.
template <typename Request, typename Response>
struct Pending {
  Request request;
  Response answer;
  grpc::Status status;
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> reader;
};

// A clock of which somebody can hold up whoever asks for the date, and which
// may go on by a step with every look at the time.
class HeldClock final : public Clock {
 public:
  explicit HeldClock(FakeClock& clock) : clock_(clock) {}

  absl::Time Now() const override {
    absl::MutexLock lock(&mu_);
    waits_ = held_;
    const auto free = [this]()
                          ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) { return !held_; };
    mu_.Await(absl::Condition(&free));
    return clock_.Now();
  }
  SteadyTime Steady() const override {
    if (step != absl::ZeroDuration()) clock_.Advance(step);
    return clock_.Steady();
  }
  void Hold(bool held) {
    absl::MutexLock lock(&mu_);
    held_ = held;
  }
  void WaitUntilSomebodyWaits() const {
    absl::MutexLock lock(&mu_);
    mu_.Await(absl::Condition(&waits_));
  }
  absl::Duration step = absl::ZeroDuration();

 private:
  FakeClock& clock_;
  mutable absl::Mutex mu_;
  bool held_ ABSL_GUARDED_BY(mu_) = false;
  mutable bool waits_ ABSL_GUARDED_BY(mu_) = false;
};

class RecommendationRpcTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    static FakeClock clock(absl::FromUnixSeconds(kSmallNow));
    serving_ =
        LoadServed(TinyWorld(), absl::StrCat("marquee_rpc_", getpid()), clock);
  }
  static void TearDownTestSuite() { serving_.reset(); }

  void SetUp() override {
    log_file_ = std::fopen(ScratchPath("log").c_str(), "w");
    ASSERT_NE(log_file_, nullptr);
    log_ = std::make_unique<EventLog>(LogLevel::kInfo, log_file_);
    published_.Publish(serving_);
    options_.workers = 1;
    options_.slots = 2;
  }
  void TearDown() override {
    Stop();
    log_.reset();
    std::fclose(log_file_);
  }

  void Start() {
    queue_ = std::make_unique<AdmissionQueue>(queue_options_, clock_);
    metrics_ = std::make_unique<ServerMetrics>(options_.workers +
                                               RecommendationRpc::kIoThreads);
    rpc_ = std::make_unique<RecommendationRpc>(
        options_, *queue_, published_, *metrics_, recall_, *log_, rpc_clock_);
    grpc::ServerBuilder builder;
    ApplyServerOptions(false, builder);
    rpc_->Register(builder);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
    ASSERT_TRUE(rpc_->Start().ok());
    channel_ = server_->InProcessChannel({});
    stub_ = v1::RecommendationService::NewStub(channel_);
  }
  void Stop() {
    if (server_ == nullptr) return;
    server_->Shutdown(gpr_time_0(GPR_CLOCK_MONOTONIC));
    rpc_->WaitUntilAnswered();
    rpc_->Finish();
    stub_.reset();
    channel_.reset();
    server_.reset();
    rpc_.reset();
  }

  // Without workers: what waits is taken by the test.
  void StartWithoutWorkers() {
    options_.workers = 0;
    Start();
  }
  Call* TakeWaiting() {
    const auto dequeued = queue_->Pop();
    EXPECT_TRUE(dequeued && !dequeued->shed);
    return static_cast<Call*>(dequeued->request);
  }
  void Work() { TakeWaiting()->Compute(worker_, {.best_tier = Tier::kFull}); }
  void WaitForDepth(size_t depth) {
    const absl::Time give_up = absl::Now() + absl::Seconds(5);
    while (queue_->depth() != depth && absl::Now() < give_up) {
      absl::SleepFor(absl::Milliseconds(1));
    }
    ASSERT_EQ(queue_->depth(), depth);
  }

  // A context that gives up when a mutant, or a bug, loses the call.
  static void SetDeadline(grpc::ClientContext& context) {
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::seconds(5));
  }
  grpc::Status Recommend(const v1::RecommendRequest& request) {
    context_ = std::make_unique<grpc::ClientContext>();
    SetDeadline(*context_);
    answer_.Clear();
    return stub_->Recommend(context_.get(), request, &answer_);
  }
  static v1::RecommendRequest For(const std::string& user) {
    v1::RecommendRequest request;
    request.mutable_context()->set_user_id(user);
    return request;
  }
  // What the caller is told about trying again; -1: nothing.
  int Pushback() const {
    const auto& trailer = context_->GetServerTrailingMetadata();
    const auto found = trailer.find("grpc-retry-pushback-ms");
    int ms = -1;
    if (found != trailer.end()) {
      EXPECT_TRUE(absl::SimpleAtoi(
          absl::string_view(found->second.data(), found->second.size()), &ms));
    }
    return ms;
  }

  Pending<v1::RecommendRequest, v1::RecommendResponse>& Send(
      const v1::RecommendRequest& request) {
    auto& call = recommends_.emplace_back();
    SetDeadline(call.context);
    call.reader = stub_->AsyncRecommend(&call.context, request, &completions_);
    call.reader->Finish(&call.answer, &call.status, &call);
    return call;
  }
  Pending<v1::ExplainRequest, v1::ExplainResponse>& SendExplain() {
    auto& call = explains_.emplace_back();
    SetDeadline(call.context);
    call.request.mutable_request()->mutable_context()->set_user_id("u");
    call.reader =
        stub_->AsyncExplain(&call.context, call.request, &completions_);
    call.reader->Finish(&call.answer, &call.status, &call);
    return call;
  }
  // The next call that is answered.
  void* Answered() {
    void* tag = nullptr;
    bool ok = false;
    completions_.Next(&tag, &ok);
    return tag;
  }

  RequestCounts<uint64_t> Counts() { return Sum().counts; }
  RequestMetrics::Sum Sum() {
    RequestMetrics::Sum sum;
    for (size_t i = 0; i < options_.workers + RecommendationRpc::kIoThreads;
         ++i) {
      metrics_->shard(i).AddTo(sum);
    }
    worker_metrics_.AddTo(sum);
    return sum;
  }

  inline static std::shared_ptr<ServingSnapshot> serving_;
  FakeClock clock_{absl::FromUnixSeconds(kSmallNow)};
  HeldClock rpc_clock_{clock_};
  AdmissionQueue::Options queue_options_{.capacity = 8};
  RecommendationRpc::Options options_;
  std::FILE* log_file_ = nullptr;
  std::unique_ptr<EventLog> log_;
  Published published_;
  RecallMonitor recall_{1};
  std::unique_ptr<AdmissionQueue> queue_;
  std::unique_ptr<ServerMetrics> metrics_;
  std::unique_ptr<RecommendationRpc> rpc_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::RecommendationService::Stub> stub_;
  std::unique_ptr<grpc::ClientContext> context_;
  v1::RecommendResponse answer_;
  // The worker that the test plays.
  RequestMetrics worker_metrics_;
  Worker worker_{worker_metrics_};
  grpc::CompletionQueue completions_;
  std::deque<Pending<v1::RecommendRequest, v1::RecommendResponse>> recommends_;
  std::deque<Pending<v1::ExplainRequest, v1::ExplainResponse>> explains_;
};

TEST_F(RecommendationRpcTest, AnswersCallAfterCallOfEveryMethod) {
  Start();
  std::string last;
  for (int i = 0; i < 5; ++i) {
    const grpc::Status status = Recommend(For("u"));
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_GT(answer_.items_size(), 1);
    EXPECT_NE(answer_.recommendation_id(), last);
    last = answer_.recommendation_id();

    grpc::ClientContext similar_context;
    SetDeadline(similar_context);
    v1::SimilarItemsRequest similar;
    similar.set_item_id("a");
    v1::RecommendResponse like;
    ASSERT_TRUE(stub_->SimilarItems(&similar_context, similar, &like).ok());
    EXPECT_GT(like.items_size(), 0);

    grpc::ClientContext explain_context;
    SetDeadline(explain_context);
    v1::ExplainRequest explain;
    explain.mutable_request()->mutable_context()->set_user_id("u");
    explain.add_item_ids("b");
    v1::ExplainResponse explained;
    ASSERT_TRUE(stub_->Explain(&explain_context, explain, &explained).ok());
    EXPECT_EQ(explained.outcomes_size(), 1);
    EXPECT_GT(explained.response().items_size(), 1);
  }
  EXPECT_EQ(rpc_->LongestBusy(), absl::ZeroDuration());
  Stop();
  const auto counts = Counts();
  for (size_t method = 0; method < kMethods; ++method) {
    EXPECT_EQ(counts.started[method], 5);
    EXPECT_EQ(counts.handled[method][0], 5);
  }
  // Nothing to complain of.
  log_.reset(new EventLog(LogLevel::kInfo, log_file_));
  std::fflush(log_file_);
  std::ifstream log(ScratchPath("log"));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(log), {}), "");
}

TEST_F(RecommendationRpcTest, FaultsAreToldAndNotComputed) {
  Start();
  v1::RecommendRequest request = For("u");
  request.set_limit(201);
  grpc::Status status = Recommend(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message(), "limit: is 201, must be 0 to 200");
  EXPECT_EQ(Pushback(), -1) << "it would be as wrong again";
  // The pipeline's own, too.
  request.set_limit(2);
  request.add_user_embedding(1);
  status = Recommend(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("user_embedding"));
  // Bytes that are not UTF-8.
  request = For("\xff");
  EXPECT_THAT(Recommend(request).error_message(), HasSubstr("context.user_id"));
  // The server is as well as before.
  EXPECT_TRUE(Recommend(For("u")).ok());
  Stop();
  EXPECT_EQ(Counts().handled[0][3], 3);
  EXPECT_EQ(Counts().handled[0][0], 1);
  EXPECT_EQ(Counts().tiers[0], 1);
}

TEST_F(RecommendationRpcTest, TooMuchMetadataFailsOneCallAlone) {
  Start();
  grpc::ClientContext context;
  SetDeadline(context);
  context.AddMetadata("cookie", std::string(kMaxMetadataBytes, 'x'));
  const grpc::Status status = stub_->Recommend(&context, For("u"), &answer_);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status.error_message(), HasSubstr("metadata: has"));
  EXPECT_TRUE(Recommend(For("u")).ok());
}

TEST_F(RecommendationRpcTest, AnotherTimeIsAskedForOnlyWhereItIsAllowed) {
  Start();
  v1::RecommendRequest request = For("v");
  const auto has_c = [&] {
    for (const v1::RecommendedItem& item : answer_.items()) {
      if (item.item_id() == "c") return true;
    }
    return false;
  };
  ASSERT_TRUE(Recommend(request).ok());
  EXPECT_TRUE(has_c());
  // When the licence of "c" is over.
  request.mutable_context()->mutable_time_override()->set_seconds(kSmallNow +
                                                                  200);
  const grpc::Status status = Recommend(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_THAT(status.error_message(), HasSubstr("context.time_override"));
  Stop();
  options_.allow_time_override = true;
  Start();
  ASSERT_TRUE(Recommend(request).ok());
  EXPECT_FALSE(has_c());
  ASSERT_TRUE(Recommend(For("v")).ok());
  EXPECT_TRUE(has_c());
}

TEST_F(RecommendationRpcTest, WithoutASnapshotCallersAreToldWhenToRetry) {
  published_.Publish(nullptr);
  Start();
  const grpc::Status status = Recommend(For("u"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(status.error_message(), HasSubstr("no snapshot is loaded yet"));
  EXPECT_EQ(Pushback(), absl::ToInt64Milliseconds(queue_->RetryAfter()));
  EXPECT_EQ(Counts().refused[static_cast<size_t>(ShedReason::kNoSnapshot)], 1);
  published_.Publish(serving_);
  EXPECT_TRUE(Recommend(For("u")).ok());
}

// It bounds a client's own deadline, and stands for one that is missing.
TEST_F(RecommendationRpcTest, TheServersDeadlineHolds) {
  options_.default_deadline = absl::ZeroDuration();
  Start();
  EXPECT_EQ(Recommend(For("u")).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(Pushback(), -1) << "its time is over";
  grpc::ClientContext context;
  EXPECT_EQ(stub_->Recommend(&context, For("u"), &answer_).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(Counts().refused[static_cast<size_t>(ShedReason::kExpired)], 2);
}

TEST_F(RecommendationRpcTest, AWaitingCallKnowsWhenItCameAndWhenItsTimeIsOver) {
  StartWithoutWorkers();
  clock_.Advance(absl::Seconds(100));
  options_.default_deadline = absl::Milliseconds(100);
  auto& pending = Send(For("u"));
  WaitForDepth(1);
  Call* const call = TakeWaiting();
  EXPECT_EQ(call->arrived, clock_.Steady());
  EXPECT_EQ(call->deadline, clock_.Steady() + absl::Milliseconds(100));
  EXPECT_FALSE(call->batch);
  // A turn tells the tier that an overloaded server still pays for.
  call->Compute(worker_, {.queue_wait = absl::ZeroDuration(),
                          .best_tier = Tier::kRetrievalOrder});
  EXPECT_EQ(Answered(), &pending);
  EXPECT_TRUE(pending.status.ok());
  EXPECT_EQ(pending.answer.tier(), v1::TIER_RETRIEVAL_ORDER);
}

// Whichever is sooner: the client's own deadline or the server's.
TEST_F(RecommendationRpcTest, AClientsDeadlineIsKept) {
  options_.default_deadline = absl::Hours(1);
  StartWithoutWorkers();
  const auto ask = [&](grpc::ClientContext& context) {
    return std::thread([&] {
      EXPECT_TRUE(stub_->Recommend(&context, For("u"), &answer_).ok());
    });
  };
  grpc::ClientContext brief;
  brief.set_deadline(std::chrono::system_clock::now() +
                     std::chrono::milliseconds(9500));
  std::thread first = ask(brief);
  WaitForDepth(1);
  Call* const call = TakeWaiting();
  EXPECT_GT(call->deadline - call->arrived, absl::Milliseconds(9010));
  EXPECT_LE(call->deadline - call->arrived, absl::Milliseconds(9600));
  call->Compute(worker_, {.best_tier = Tier::kFull});
  first.join();
  // Without one it is the server's.
  grpc::ClientContext forever;
  std::thread second = ask(forever);
  WaitForDepth(1);
  Call* const patient = TakeWaiting();
  EXPECT_EQ(patient->deadline - patient->arrived, absl::Hours(1));
  patient->Compute(worker_, {.best_tier = Tier::kFull});
  second.join();
}

// What waited behind a slow one is refused by the worker that takes it.
TEST_F(RecommendationRpcTest, AWorkerRefusesWhatHasWaitedTooLong) {
  clock_.Advance(absl::Seconds(1));
  options_.default_deadline = absl::Milliseconds(100);
  Start();
  rpc_clock_.Hold(true);
  Send(For("u"));
  rpc_clock_.WaitUntilSomebodyWaits();
  auto& waits = Send(For("u"));
  WaitForDepth(1);
  clock_.Advance(absl::Seconds(2));
  EXPECT_EQ(rpc_->LongestBusy(), absl::Seconds(2));
  rpc_clock_.Hold(false);
  for (int i = 0; i < 2; ++i) Answered();
  EXPECT_EQ(waits.status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_THAT(waits.status.error_message(), HasSubstr("waited"));
  Stop();
  EXPECT_EQ(Counts().refused[static_cast<size_t>(ShedReason::kExpired)], 1);
  EXPECT_EQ(Sum().queue_wait.sum_seconds, 2);
}

// An explanation costs more and says nothing of what screens will cost.
TEST_F(RecommendationRpcTest, TheQueueLearnsWhatScreensCost) {
  StartWithoutWorkers();
  rpc_clock_.step = absl::Milliseconds(30);
  const absl::Duration before = queue_->RetryAfter();
  SendExplain();
  WaitForDepth(1);
  Work();
  Answered();
  Send(For("u"));
  WaitForDepth(1);
  EXPECT_EQ(queue_->RetryAfter(), before) << "one waits, and costs nothing yet";
  Work();
  Answered();
  Send(For("u"));
  WaitForDepth(1);
  EXPECT_GE(queue_->RetryAfter(), absl::Milliseconds(60));
  Work();
  Answered();
}

TEST_F(RecommendationRpcTest, EveryWorkerHasMemoryOfItsOwn) {
  options_.workers = 2;
  queue_options_.capacity = 64;
  Start();
  rpc_clock_.Hold(true);
  for (int i = 0; i < 8; ++i) Send(For("u"));
  rpc_clock_.WaitUntilSomebodyWaits();
  WaitForDepth(6);
  rpc_clock_.Hold(false);
  for (int i = 0; i < 8; ++i) Answered();
  for (const auto& call : recommends_) EXPECT_TRUE(call.status.ok());
}

// Beyond the slots, too: a slot is posted before its call is looked at.
TEST_F(RecommendationRpcTest, AllCallsWaitWhereTheyAreCounted) {
  StartWithoutWorkers();
  for (int i = 0; i < 6; ++i) Send(For("u"));
  WaitForDepth(6);
  for (int i = 0; i < 6; ++i) Work();
  for (int i = 0; i < 6; ++i) Answered();
  for (const auto& call : recommends_) EXPECT_TRUE(call.status.ok());
}

TEST_F(RecommendationRpcTest, BatchCallsGiveWay) {
  queue_options_.capacity = 1;
  StartWithoutWorkers();
  v1::RecommendRequest batch = For("u");
  batch.mutable_context()->set_criticality(v1::CRITICALITY_BATCH);
  auto& evicted = Send(batch);
  WaitForDepth(1);
  auto& served = Send(For("u"));
  EXPECT_EQ(Answered(), &evicted);
  EXPECT_EQ(evicted.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(evicted.status.error_message(), HasSubstr("batch"));
  EXPECT_EQ(evicted.context.GetServerTrailingMetadata().count(
                "grpc-retry-pushback-ms"),
            1);
  // An interactive one does not.
  auto& refused = Send(For("u"));
  EXPECT_EQ(Answered(), &refused);
  EXPECT_THAT(refused.status.error_message(), HasSubstr("too many requests"));
  Work();
  EXPECT_EQ(Answered(), &served);
  EXPECT_TRUE(served.status.ok());
  const auto counts = Counts();
  EXPECT_EQ(counts.refused[static_cast<size_t>(ShedReason::kBatch)], 1);
  EXPECT_EQ(counts.refused[static_cast<size_t>(ShedReason::kQueueFull)], 1);
  EXPECT_EQ(counts.handled[0][14], 2);
}

TEST_F(RecommendationRpcTest, ExplanationsAreFewAndGiveWay) {
  queue_options_.capacity = 2;
  StartWithoutWorkers();
  auto& first = SendExplain();
  WaitForDepth(1);
  auto& second = SendExplain();
  EXPECT_EQ(Answered(), &second);
  EXPECT_EQ(second.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(second.status.error_message(), HasSubstr("explanations"));
  Work();
  EXPECT_EQ(Answered(), &first);
  EXPECT_TRUE(first.status.ok());
  // The place is free again; screens take it.
  auto& third = SendExplain();
  WaitForDepth(1);
  Send(For("u"));
  WaitForDepth(2);
  Send(For("u"));
  EXPECT_EQ(Answered(), &third);
  EXPECT_THAT(third.status.error_message(), HasSubstr("batch"));
  for (int i = 0; i < 2; ++i) Work();
  for (int i = 0; i < 2; ++i) Answered();
  // And an evicted one frees its place, too.
  auto& fourth = SendExplain();
  WaitForDepth(1);
  Work();
  EXPECT_EQ(Answered(), &fourth);
  EXPECT_TRUE(fourth.status.ok());
  EXPECT_EQ(Counts().refused[static_cast<size_t>(ShedReason::kExplanations)],
            1);
}

// Neither those of screens nor those of explanations that are wrong.
TEST_F(RecommendationRpcTest, OtherCallsLeaveNoPlaceToExplanations) {
  StartWithoutWorkers();
  for (int i = 0; i < 3; ++i) {
    Send(For("u"));
    WaitForDepth(1);
    Work();
    Answered();
    SendExplain();
    WaitForDepth(1);
    Work();
    Answered();
    grpc::ClientContext context;
    SetDeadline(context);
    v1::ExplainRequest wrong;
    wrong.mutable_request()->set_limit(201);
    v1::ExplainResponse none;
    EXPECT_EQ(stub_->Explain(&context, wrong, &none).error_code(),
              grpc::StatusCode::INVALID_ARGUMENT);
  }
  auto& first = SendExplain();
  WaitForDepth(1);
  auto& second = SendExplain();
  EXPECT_EQ(Answered(), &second);
  EXPECT_THAT(second.status.error_message(), HasSubstr("explanations"));
  Work();
  EXPECT_EQ(Answered(), &first);
  EXPECT_TRUE(first.status.ok());
}

TEST_F(RecommendationRpcTest, AnswersAreOfferedToTheMonitorOfRecall) {
  ASSERT_TRUE(recall_.Start().ok());
  Start();
  ASSERT_TRUE(Recommend(For("stranger")).ok());  // without retrieval
  ASSERT_TRUE(Recommend(For("u")).ok());
  v1::RecommendRequest wrong = For("u");
  wrong.add_user_embedding(1);
  ASSERT_FALSE(Recommend(wrong).ok());
  Stop();
  recall_.WaitUntilIdle();
  uint64_t probes = 0;
  for (const auto& bands : recall_.Read()) {
    for (const RecallMonitor::Recall& recall : bands) probes += recall.probes;
  }
  EXPECT_EQ(probes, 1);
  // Of the exact engine, and for a user who may be shown nearly everything.
  const RecallMonitor::Recall exact =
      recall_.Read()[static_cast<size_t>(RetrievalEngine::kExact)].back();
  EXPECT_EQ(exact.of, 1);
  EXPECT_EQ(exact.recall, 1);
}

// Against what may be shown, not against all there is.
TEST_F(RecommendationRpcTest, RecallIsThatOfTheItemsThatMayBeShown) {
  ASSERT_TRUE(recall_.Start().ok());
  Start();
  v1::RecommendRequest request = For("u");
  request.mutable_context()->add_exclude_item_ids("a");  // the nearest
  ASSERT_TRUE(Recommend(request).ok());
  Stop();
  recall_.WaitUntilIdle();
  const auto exact =
      recall_.Read()[static_cast<size_t>(RetrievalEngine::kExact)];
  uint64_t probes = 0;
  for (const RecallMonitor::Recall& band : exact) {
    probes += band.of;
    if (band.of == 0) continue;
    EXPECT_EQ(band.recall, 1);
  }
  EXPECT_EQ(probes, 1);
}

// It says nothing of what retrieval finds when it is given its time.
TEST_F(RecommendationRpcTest, ACheaperAnswerIsNotOfferedToTheMonitorOfRecall) {
  ASSERT_TRUE(recall_.Start().ok());
  StartWithoutWorkers();
  auto& pending = Send(For("u"));
  WaitForDepth(1);
  TakeWaiting()->Compute(worker_, {.best_tier = Tier::kRetrievalOrder});
  EXPECT_EQ(Answered(), &pending);
  EXPECT_TRUE(worker_.response.engine);
  recall_.WaitUntilIdle();
  for (const auto& bands : recall_.Read()) {
    for (const RecallMonitor::Recall& recall : bands) {
      EXPECT_EQ(recall.probes, 0);
    }
  }
}

TEST_F(RecommendationRpcTest, EndsWithoutEverHavingStarted) {
  queue_ = std::make_unique<AdmissionQueue>(queue_options_, clock_);
  metrics_ = std::make_unique<ServerMetrics>(3);
  RecommendationRpc rpc(options_, *queue_, published_, *metrics_, recall_,
                        *log_, clock_);
  grpc::ServerBuilder builder;
  rpc.Register(builder);
  const auto server = builder.BuildAndStart();
  server->Shutdown(gpr_time_0(GPR_CLOCK_MONOTONIC));
  rpc.WaitUntilAnswered();
  rpc.Finish();
}

}  // namespace
}  // namespace marquee
