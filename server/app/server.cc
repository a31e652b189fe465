#include "server/app/server.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/base/threads.h"
#include "core/files/file_bytes.h"
#include "core/snapshot/version_ledger.h"
#include "grpc/grpc.h"
#include "grpc/support/time.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "marquee/config/manifest.pb.h"
#include "server/grpc/server_options.h"
#include "server/reload/steady_event.h"
#include "server/telemetry/process_metrics.h"

namespace marquee {
namespace {

// A request takes milliseconds. A worker that takes this long never ends.
constexpr absl::Duration kStuck = absl::Seconds(30);

// Time for clients to read their last answers and to close their connections.
constexpr absl::Duration kGoodbye = absl::Seconds(2);

// Time for a load to notice that it must stop.
constexpr absl::Duration kLeaveLoad = absl::Seconds(1);

AdmissionQueue::Options QueueOptions(const config::ServerConfig& config) {
  return {.capacity = static_cast<size_t>(config.queue()),
          .workers = static_cast<size_t>(config.workers()),
          .codel = {.target = absl::Milliseconds(config.queue_target_ms())}};
}

RecommendationRpc::Options RpcOptions(const config::ServerConfig& config) {
  return {.workers = static_cast<size_t>(config.workers()),
          .slots = static_cast<size_t>(config.queue()) +
                   static_cast<size_t>(config.workers()) + 64,
          .default_deadline = absl::Milliseconds(config.default_deadline_ms()),
          .allow_time_override = config.allow_time_override(),
          // A quarter of the workers: an explanation costs as much as many
          // other requests.
          .explanations =
              std::max<size_t>(1, static_cast<size_t>(config.workers()) / 4)};
}

Reloader::Options ReloadOptions(const config::ServerConfig& config) {
  Reloader::Options options{.snapshots = config.snapshots(),
                            .pinned_version = config.snapshot_version(),
                            .poll = absl::Seconds(config.poll_seconds())};
  for (const std::string& identity : config.blocked()) {
    // Checked by CompleteConfig.
    options.blocked.push_back(ParseIdentity(identity).value_or(0));
  }
  options.serving.pipeline.candidates =
      static_cast<size_t>(config.candidates());
  if (config.memory() == PlacementName(Placement::kHugePages)) {
    options.serving.snapshot.hot_sections = Placement::kHugePages;
  }
  options.serving.retrieval = {
      .engine = ParseRetrievalEngine(config.retrieval()),
      .exact_below = static_cast<size_t>(config.exact_below_items())};
  return options;
}

uint64_t ProbeEvery(const config::ServerConfig& config) {
  return static_cast<uint64_t>(std::max(0, config.recall_sample_every()));
}

std::optional<SnapshotFacts> Describe(const Published& published) {
  const Published::Handle serving = published.current();
  if (serving == nullptr) return std::nullopt;
  const Snapshot& snapshot = serving->snapshot();
  const Ranker* const ranker = snapshot.ranker();
  return SnapshotFacts{
      .version = snapshot.version(),
      .digest = snapshot.digest(),
      .created =
          absl::FromUnixSeconds(snapshot.manifest().created_unix_seconds()),
      .loaded = serving->loaded(),
      .items = snapshot.catalog().size(),
      .users = snapshot.users().size(),
      .ranker = ranker == nullptr ? "none" : std::string(ranker->engine()),
      .ranks_of_items = ranker != nullptr && ranker->ranks_items(),
      .served = serving->served().Shape(),
      .sections = serving->sections()};
}

// Returns when every connection has ended, by itself or by force after `time`.
void ShutDown(grpc::Server& server, absl::Duration time) {
  server.Shutdown(gpr_time_add(
      gpr_now(GPR_CLOCK_MONOTONIC),
      gpr_time_from_nanos(absl::ToInt64Nanoseconds(time), GPR_TIMESPAN)));
}

// Runs the work on its own thread. If no thread can be started, runs it here,
// which only takes longer.
std::thread Beside(const std::function<void()>& work) {
  absl::StatusOr<std::thread> thread = StartThread("the shutdown", work);
  if (thread.ok()) return *std::move(thread);
  work();
  return {};
}

absl::StatusOr<std::unique_ptr<grpc::Server>> Build(
    absl::string_view field, const std::string& address,
    grpc::ServerBuilder& builder, int& port) {
  builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &port);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    return absl::UnavailableError(
        absl::StrCat(field, ": can not listen on ", address));
  }
  return server;
}

}  // namespace

Server::Server(const config::ServerConfig& config, EventLog& log,
               StopSource& stop)
    : config_(config),
      log_(log),
      stop_(stop),
      queue_(QueueOptions(config), Clock::Real()),
      metrics_(std::make_shared<ServerMetrics>(
          static_cast<size_t>(config.workers()) +
          RecommendationRpc::kIoThreads)),
      recall_(ProbeEvery(config)),
      rpc_(RpcOptions(config), queue_, published_, *metrics_, recall_, log,
           Clock::Real()),
      reloader_(ReloadOptions(config), Clock::Real(), published_, *metrics_,
                log),
      admin_({.snapshots = config.snapshots(),
              .workers = static_cast<size_t>(config.workers()),
              .state = [this] { return StateName(); }},
             published_, reloader_, queue_, Clock::Real()) {}

Server::~Server() = default;

absl::StatusOr<std::unique_ptr<Server>> Server::Create(
    const config::ServerConfig& config, EventLog& log, StopSource& stop) {
  std::unique_ptr<Server> server(new Server(config, log, stop));
  MARQUEE_ASSIGN_OR_RETURN(
      server->metrics_endpoint_,
      MetricsEndpoint::Create(
          config.metrics_listen(),
          {server->metrics_, std::make_shared<ProcessMetrics>()}));
  MARQUEE_RETURN_IF_ERROR(server->ListenAdmin());
  MARQUEE_RETURN_IF_ERROR(server->Listen());
  const absl::Status started = server->Start();
  if (started.ok()) return server;
  server->Abandon();
  return started;
}

// For a server that has not served yet.
void Server::Abandon() {
  ShutDown(*admin_server_, absl::ZeroDuration());
  ShutDown(*server_, absl::ZeroDuration());
  rpc_.Finish();
}

absl::Status Server::ListenAdmin() {
  grpc::ServerBuilder builder;
  ApplyServerOptions(false, builder);
  builder.RegisterService(&admin_);
  MARQUEE_ASSIGN_OR_RETURN(
      admin_server_,
      Build("admin_listen", config_.admin_listen(), builder, admin_port_));
  return absl::OkStatus();
}

absl::Status Server::Listen() {
  Health::Enable();
  grpc::ServerBuilder builder;
  ApplyServerOptions(config_.reflection(), builder);
  rpc_.Register(builder);
  MARQUEE_ASSIGN_OR_RETURN(server_,
                           Build("listen", config_.listen(), builder, port_));
  health_ = std::make_unique<Health>(*server_);
  return absl::OkStatus();
}

absl::Status Server::Start() {
  MARQUEE_RETURN_IF_ERROR(recall_.Start());
  MARQUEE_RETURN_IF_ERROR(rpc_.Start());
  metrics_->SetSources({.queue_depth = [this] { return queue_.depth(); },
                        .overloaded = [this] { return queue_.overloaded(); },
                        .snapshot = [this] { return Describe(published_); },
                        .recall = [this] { return recall_.Read(); }});
  LogPorts("listening");
  return reloader_.Start(
      {.first_load_ended =
           [this](const absl::Status& status) {
             if (status.ok()) return;
             if (config_.poll_seconds() == 0) {
               stop_.Request(status.message(), /*failed=*/true);
               return;
             }
             log_.Warning("no snapshot yet", {{"reason", status.message()}});
           },
       .published = [this] { BecomeReady(); }});
}

void Server::BecomeReady() {
  // Health is set under the lock, so that a first snapshot that is published
  // during a drain does not make the server ready again.
  absl::MutexLock lock(&mu_);
  if (state_ != State::kStarting) return;
  state_ = State::kServing;
  health_->SetStarted();
  health_->SetReady(true);
  LogPorts("serving");
}

void Server::LogPorts(absl::string_view event) const {
  const Published::Handle serving = published_.current();
  log_.Info(event, {{"version",
                     serving == nullptr ? 0 : serving->snapshot().version()},
                    {"recommend_port", port_},
                    {"admin_port", admin_port_},
                    {"metrics_port", metrics_endpoint_->port()},
                    {"workers", config_.workers()},
                    {"queue", config_.queue()}});
}

std::string Server::StateName() const {
  absl::MutexLock lock(&mu_);
  switch (state_) {
    case State::kStarting:
      return "starting";
    case State::kServing:
      return "serving";
    case State::kDraining:
      break;
  }
  return "draining";
}

void Server::ReloadNewest() {
  log_.Info("reload", {{"reason", "SIGHUP"}});
  reloader_.ReloadSoon();
}

void Server::CheckLiveness() {
  const absl::Duration busy = rpc_.LongestBusy();
  health_->SetAlive(busy < kStuck);
  if (busy >= kStuck) {
    log_.Error("worker stuck", {{"seconds", absl::ToDoubleSeconds(busy)}});
  }
}

bool Server::Drain(StopSource& stop) {
  bool was_ready = false;
  {
    absl::MutexLock lock(&mu_);
    was_ready = state_ == State::kServing;
    state_ = State::kDraining;
    health_->SetReady(false);
  }
  // Only begun here: a load may take its time to notice while requests are
  // still answered.
  reloader_.BeginStop();
  // No traffic was routed here yet.
  const int delay_ms = was_ready ? std::max(config_.drain_delay_ms(), 0) : 0;
  log_.Info("draining", {{"reason", stop.reason()}, {"delay_ms", delay_ms}});
  stop.WaitForAnother(absl::Milliseconds(delay_ms));
  // Not earlier: from here on new calls on old connections are cut off, and the
  // router had the delay to stop.
  std::thread admin =
      Beside([this] { ShutDown(*admin_server_, absl::Seconds(1)); });
  SteadyEvent connections_ended;
  std::thread service = Beside([&] {
    ShutDown(*server_, absl::Milliseconds(config_.drain_deadline_ms()));
    connections_ended.Set();
  });
  rpc_.WaitUntilAnswered();
  // An answer that was written may still be on its way. A client that has all
  // of it closes its connection. The connections that are left belong to
  // clients that do not read.
  if (!connections_ended.WaitFor(kGoodbye)) {
    grpc_server_cancel_all_calls(server_->c_server());
  }
  if (service.joinable()) service.join();
  rpc_.Finish();
  metrics_->SetSources({});
  metrics_endpoint_.reset();
  if (admin.joinable()) admin.join();
  return reloader_.StopWithin(kLeaveLoad);
}

}  // namespace marquee
