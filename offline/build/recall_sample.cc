#include "offline/build/recall_sample.h"

#include <algorithm>
#include <span>
#include <utility>

#include "core/base/parallel_for.h"
#include "core/base/threads.h"
#include "core/catalog/bitmap.h"
#include "core/retrieval/exact_scan.h"
#include "core/retrieval/recall.h"

namespace marquee {

RecallSample::RecallSample(const ItemVectors& items, const UserVectors& users,
                           const Options& options)
    : items_(items), depth_(options.depth) {
  for (const double selectivity : options.selectivities) {
    Filter filter{RandomEligible(items.size(), selectivity, filters_.size())};
    filter.count = CountBits(filter.eligible);
    filters_.push_back(std::move(filter));
  }
  AddQueries(users, options);
  FindTruth(options);
}

void RecallSample::AddQueries(const UserVectors& users,
                              const Options& options) {
  std::vector<float> vector(items_.dimension());
  const size_t of_users = std::min(options.users, users.size());
  for (size_t q = 0; q < of_users; ++q) {
    const size_t row = q * users.size() / of_users;
    if (!users.Read(UserRow{static_cast<uint32_t>(row)}, vector)) continue;
    queries_.push_back({.vector = vector});
  }
  const size_t of_items = std::min(options.items, items_.size());
  for (size_t q = 0; q < of_items; ++q) {
    const size_t row = q * items_.size() / of_items;
    const auto item = items_[ItemRow{static_cast<uint32_t>(row)}];
    queries_.push_back({.vector = {item.begin(), item.end()}, .is_item = true});
  }
}

void RecallSample::FindTruth(const Options& options) {
  const ExactScan exact(items_);
  ParallelForWith([&] { return RetrievalScratch(items_.size()); },
                  queries_.size(), 1, ThreadCount(options.threads),
                  [&](RetrievalScratch& scratch, size_t q, size_t, size_t) {
                    for (const Filter& filter : filters_) {
                      std::vector<Candidate> truth(depth_);
                      truth.resize(exact.Retrieve(Ask(queries_[q], filter),
                                                  scratch, truth));
                      queries_[q].truth.push_back(std::move(truth));
                    }
                  },
                  options.progress);
}

RetrievalQuery RecallSample::Ask(const Query& query,
                                 const Filter& filter) const {
  return {.vector = query.vector,
          .eligible = filter.eligible,
          .eligible_count = filter.count,
          .k = depth_};
}

double RecallSample::Lowest(const Retriever& engine) const {
  RetrievalScratch scratch(items_.size());
  std::vector<Candidate> found(depth_);
  double lowest = 1;
  for (size_t f = 0; f < filters_.size(); ++f) {
    size_t hits[2] = {};
    size_t owed[2] = {};
    for (const Query& query : queries_) {
      const size_t count =
          engine.Retrieve(Ask(query, filters_[f]), scratch, found);
      hits[query.is_item] +=
          CountFound(query.truth[f], std::span(found).first(count));
      owed[query.is_item] += query.truth[f].size();
    }
    for (const bool is_item : {false, true}) {
      if (owed[is_item] == 0) continue;
      lowest = std::min(lowest, static_cast<double>(hits[is_item]) /
                                    static_cast<double>(owed[is_item]));
    }
  }
  return lowest;
}

}  // namespace marquee
