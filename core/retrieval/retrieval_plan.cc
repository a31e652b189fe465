#include "core/retrieval/retrieval_plan.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace marquee {
namespace {

// Near the point where both cost the same on the measured machines.
constexpr size_t kExactBelow = size_t{1} << 15;

}  // namespace

absl::string_view RetrievalEngineName(RetrievalEngine engine) {
  switch (engine) {
    case RetrievalEngine::kExact:
      break;
    case RetrievalEngine::kCells:
      return "cells";
    case RetrievalEngine::kGraph:
      return "graph";
  }
  return "exact";
}

std::optional<RetrievalEngine> ParseRetrievalEngine(absl::string_view name) {
  for (const RetrievalEngine engine : kRetrievalEngines) {
    if (name == RetrievalEngineName(engine)) return engine;
  }
  return std::nullopt;
}

RetrievalPlan RetrievalPlan::Always(RetrievalEngine engine) {
  RetrievalPlan plan;
  plan.by_magnitude_.fill(engine);
  return plan;
}

RetrievalPlan RetrievalPlan::ExactBelow(size_t items, RetrievalEngine above) {
  RetrievalPlan plan = Always(above);
  for (size_t magnitude = 0; magnitude < Magnitude(items); ++magnitude) {
    plan.by_magnitude_[magnitude] = RetrievalEngine::kExact;
  }
  return plan;
}

RetrievalPlan RetrievalPlan::Default() {
  return ExactBelow(kExactBelow, RetrievalEngine::kCells);
}

bool RetrievalPlan::Uses(RetrievalEngine engine) const {
  return std::find(by_magnitude_.begin(), by_magnitude_.end(), engine) !=
         by_magnitude_.end();
}

std::string RetrievalPlan::ToString() const {
  std::string text(RetrievalEngineName(by_magnitude_[0]));
  for (size_t magnitude = 1; magnitude < kMagnitudes; ++magnitude) {
    if (by_magnitude_[magnitude] == by_magnitude_[magnitude - 1]) continue;
    absl::StrAppend(&text, " below ", uint64_t{1} << (magnitude - 1), ", then ",
                    RetrievalEngineName(by_magnitude_[magnitude]));
  }
  return text;
}

}  // namespace marquee
