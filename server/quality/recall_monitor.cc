#include "server/quality/recall_monitor.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/threads.h"
#include "core/retrieval/exact_scan.h"
#include "core/retrieval/recall.h"

namespace marquee {
namespace {

constexpr double kBandEnds[RecallMonitor::kBands] = {0.001, 0.01, 0.1, 1};
constexpr double kWeightOfNew = 0.01;

size_t BandOf(const RecallProbe& probe) {
  const double share = static_cast<double>(probe.eligible_count) /
                       static_cast<double>(probe.vectors->size());
  // The last band takes all that is left, whatever rounding makes of 1.
  const auto* const end =
      std::find_if(std::begin(kBandEnds), std::end(kBandEnds) - 1,
                   [&](double most) { return share <= most; });
  return static_cast<size_t>(end - std::begin(kBandEnds));
}

// Returns the share of the exact answer that was found. Of an answer that is
// too short, items are missing.
double Repeat(const RecallProbe& probe) {
  const ExactScan exact(*probe.vectors);
  RetrievalScratch scratch(probe.vectors->size());
  std::vector<Candidate> truth(std::min(probe.k, probe.eligible_count));
  truth.resize(exact.Retrieve({.vector = probe.query,
                               .eligible = probe.eligible,
                               .eligible_count = probe.eligible_count,
                               .k = truth.size()},
                              scratch, truth));
  if (truth.empty()) return 1;
  return static_cast<double>(CountFound(truth, probe.found)) /
         static_cast<double>(truth.size());
}

}  // namespace

absl::Status RecallMonitor::Start() {
  if (every_ == 0) return absl::OkStatus();
  MARQUEE_ASSIGN_OR_RETURN(
      thread_, StartThread("the monitor of recall", [this] { Run(); }));
  return absl::OkStatus();
}

RecallMonitor::~RecallMonitor() {
  {
    absl::MutexLock lock(&mu_);
    stopping_ = true;
    changed_.SignalAll();
  }
  if (thread_.joinable()) thread_.join();
}

bool RecallMonitor::Wants() {
  if (every_ == 0) return false;
  const uint64_t number = requests_.fetch_add(1, std::memory_order_relaxed);
  // `busy_` is read before a probe is made, because making one copies the
  // eligible set.
  return number % every_ == 0 && !busy_.load(std::memory_order_relaxed);
}

void RecallMonitor::Offer(RecallProbe probe) {
  // A worker never waits here.
  if (every_ == 0 || !mu_.TryLock()) return;
  if (!waiting_ && !computing_ && !stopping_) {
    waiting_ = std::move(probe);
    busy_.store(true, std::memory_order_relaxed);
    changed_.SignalAll();
  }
  mu_.Unlock();
}

void RecallMonitor::Run() {
  LowerThreadPriority();
  for (;;) {
    RecallProbe probe;
    {
      absl::MutexLock lock(&mu_);
      while (!waiting_ && !stopping_) changed_.Wait(&mu_);
      if (stopping_) return;
      probe = *std::exchange(waiting_, std::nullopt);
      computing_ = true;
    }
    const double recall = Repeat(probe);
    const size_t band = BandOf(probe);
    const RetrievalEngine engine = probe.engine;
    const uint64_t generation = probe.generation;
    // Before it counts as idle: a retired snapshot waits for this handle.
    probe = {};
    absl::MutexLock lock(&mu_);
    Count(engine, band, generation, recall);
    computing_ = false;
    busy_.store(false, std::memory_order_relaxed);
    changed_.SignalAll();
  }
}

void RecallMonitor::Count(RetrievalEngine engine, size_t band,
                          uint64_t generation, double recall) {
  if (generation != generation_) {
    generation_ = generation;
    for (auto& bands : table_) {
      // Means belong to one snapshot. Counters never fall.
      for (Recall& old : bands) old = {.probes = old.probes};
    }
  }
  Recall& mean = table_[static_cast<size_t>(engine)][band];
  ++mean.probes;
  ++mean.of;
  // The first probes are averaged evenly.
  const double weight =
      std::max(kWeightOfNew, 1 / static_cast<double>(mean.of));
  mean.recall += (recall - mean.recall) * weight;
}

RecallMonitor::Table RecallMonitor::Read() const {
  absl::MutexLock lock(&mu_);
  return table_;
}

void RecallMonitor::WaitUntilIdle() {
  absl::MutexLock lock(&mu_);
  while (waiting_ || computing_) changed_.Wait(&mu_);
}

}  // namespace marquee
