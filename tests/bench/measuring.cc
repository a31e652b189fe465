#include "tests/bench/measuring.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <numeric>
#include <thread>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/retrieval/exact_scan.h"

namespace marquee {
namespace {

constexpr size_t kWarmTurns = 5;
constexpr size_t kQuestionsApart = 7;  // one contender's from the next's

size_t Band(size_t rank) { return rank < 50 ? 0 : rank < 200 ? 1 : 2; }

void Count(std::span<const Candidate> truth, const Answer& answer,
           Measured& measured) {
  const absl::flat_hash_set<uint32_t> rows(
      answer.rows.begin(),
      answer.rows.begin() + static_cast<ptrdiff_t>(answer.found));
  for (size_t i = 0; i < truth.size(); ++i) {
    ++measured.owed[Band(i)];
    measured.hits[Band(i)] += rows.contains(Index(truth[i].row)) ? 1 : 0;
  }
}

void Merge(const Measured& from, Measured& into) {
  into.ms.insert(into.ms.end(), from.ms.begin(), from.ms.end());
  for (size_t band = 0; band < Measured::kBands; ++band) {
    into.hits[band] += from.hits[band];
    into.owed[band] += from.owed[band];
  }
}

// One search of one contender by each thread.
struct Turn {
  size_t contender;
  size_t question;  // of the first thread
  bool measured;
};

// A contender that answers several queries together has its turn once for so
// many questions. The order is drawn anew for each question: what a contender
// finds in the caches depends on who was before it (after a walk of the graph a
// scan took twice as long as after another scan).
std::vector<Turn> MakeTurns(std::span<const Contender> contenders,
                            size_t questions, bool filtered) {
  const size_t warm = std::min(questions, kWarmTurns);
  std::vector<size_t> order(contenders.size());
  std::iota(order.begin(), order.end(), size_t{0});
  Random random(1);
  std::vector<Turn> turns;
  for (size_t at = 0; at < warm + questions; ++at) {
    for (size_t i = order.size(); i > 1; --i) {
      std::swap(order[i - 1], order[random.Below(static_cast<uint32_t>(i))]);
    }
    for (const size_t c : order) {
      const bool measured = at >= warm;
      if (filtered && !contenders[c].filters) continue;
      if (measured && (at - warm) % contenders[c].together != 0) continue;
      turns.push_back({c, at + kQuestionsApart * c, measured});
    }
  }
  return turns;
}

// What the threads share.
struct Round {
  std::span<const Contender> contenders;
  std::span<const Question> questions;
  const BenchFilter& filter;
  const size_t k;
};

// One thread's turn, with the questions from `first` on.
void Take(const Round& round, const Turn& turn, size_t first,
          std::span<Answer> answers, Measured& measured) {
  const Contender& contender = round.contenders[turn.contender];
  const auto question = [&](size_t i) -> const Question& {
    return round.questions[(first + i) % round.questions.size()];
  };
  const size_t together = contender.together;
  std::array<RetrievalQuery, Contender::kMostTogether> queries;
  for (size_t i = 0; i < together; ++i) {
    queries[i] = {.vector = question(i).vector,
                  .eligible = round.filter.eligible,
                  .eligible_count = round.filter.count,
                  .k = round.k};
  }
  const SteadyTime start = Clock::Real().Steady();
  contender.search(std::span(queries).first(together), answers.first(together));
  const absl::Duration time = Clock::Real().Steady() - start;
  if (!turn.measured) return;
  for (size_t i = 0; i < together; ++i) {
    measured.ms.push_back(absl::ToDoubleMilliseconds(time) /
                          static_cast<double>(together));
    Count(question(i).truth, answers[i], measured);
  }
}

}  // namespace

std::vector<Question> MakeQuestions(const BenchIndex& index,
                                    const BenchFilter& filter, size_t count,
                                    size_t k) {
  const ExactScan oracle(index.index().vectors);
  RetrievalScratch scratch(index.items());
  const NpyMatrix& queries = index.queries();
  std::vector<Question> questions(std::min(count, queries.rows()));
  for (size_t q = 0; q < questions.size(); ++q) {
    Question& question = questions[q];
    question.vector.resize(index.dimension());
    queries.CopyRow(q * queries.rows() / questions.size(), question.vector);
    question.truth.resize(k);
    question.truth.resize(oracle.Retrieve({.vector = question.vector,
                                           .eligible = filter.eligible,
                                           .eligible_count = filter.count,
                                           .k = k},
                                          scratch, question.truth));
  }
  return questions;
}

std::vector<Measured> Measure(std::span<const Contender> contenders,
                              std::span<const Question> questions,
                              const BenchFilter& filter, size_t items, size_t k,
                              size_t threads) {
  const Round round{contenders, questions, filter, k};
  const std::vector<Turn> turns =
      MakeTurns(contenders, questions.size(), filter.count < items);
  // Runs on one thread while the others wait.
  const auto prepare = [&, next = size_t{0}]() mutable noexcept {
    const Contender& contender = contenders[turns[next++].contender];
    if (contender.prepare) contender.prepare();
  };
  std::atomic<size_t> awake = 0;  // relaxed: orders nothing but the clock
  std::barrier begin(static_cast<ptrdiff_t>(threads), prepare);
  std::vector<std::vector<Measured>> measured(
      threads, std::vector<Measured>(contenders.size()));
  const auto work = [&](size_t thread) {
    std::vector<Answer> answers;
    for (size_t i = 0; i < Contender::kMostTogether; ++i) {
      answers.emplace_back(items, k);
    }
    const size_t offset = thread * questions.size() / threads;
    size_t all_awake = 0;
    for (const Turn& turn : turns) {
      begin.arrive_and_wait();
      // To wake up takes longer than a short query.
      all_awake += threads;
      awake.fetch_add(1, std::memory_order_relaxed);
      while (awake.load(std::memory_order_relaxed) < all_awake) {
        std::this_thread::yield();
      }
      Take(round, turn, turn.question + offset, answers,
           measured[thread][turn.contender]);
    }
  };
  std::vector<std::thread> others;
  for (size_t t = 1; t < threads; ++t) others.emplace_back(work, t);
  work(0);
  for (std::thread& other : others) other.join();
  for (size_t t = 1; t < threads; ++t) {
    for (size_t c = 0; c < contenders.size(); ++c) {
      Merge(measured[t][c], measured[0][c]);
    }
  }
  return std::move(measured[0]);
}

}  // namespace marquee
