// The first stage: who asks, from where, with what history, and where in the
// space of the vectors.
#ifndef MARQUEE_CORE_PIPELINE_VIEWER_CONTEXT_H_
#define MARQUEE_CORE_PIPELINE_VIEWER_CONTEXT_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "core/base/ids.h"
#include "core/features/extractor.h"
#include "core/pipeline/request.h"
#include "core/rerank/policy.h"
#include "core/snapshot/snapshot.h"
#include "core/users/fold_in.h"
#include "core/users/user_table.h"

namespace marquee {

// What the later stages read of a request. Memory of one worker, used again;
// views end with the request. Externally synchronised.
struct ViewerContext {
  std::optional<UserRow> user;
  std::optional<ItemRow> similar_to;
  PolicyContext policy;
  CountryIndex country{};
  VectorSource vector_source = VectorSource::kNone;
  std::vector<float> vector;  // [dimension] unless the source is kNone
  std::vector<ItemRow> seen;  // stored and recent, each once, in any order
  UnknownIds unknown_events;
  TasteProfile taste;

  bool has_vector() const { return vector_source != VectorSource::kNone; }

  // Memory of `taste` and of the computation.
  std::array<uint8_t, TasteProfile::kMaxGenres> genre_share{};
  std::vector<FoldInEvent> events;
  std::vector<ItemRow> sent_again;  // events that are of the stored history
  std::vector<float> stored;
  FoldInScratch fold_in;
};

// Errors: InvalidArgument for an embedding of another length than the
// snapshot's or with a value that is not finite; NotFound when `similar_to` is
// not in the catalogue, FailedPrecondition when it has no vector.
absl::Status ResolveViewer(const Snapshot& snapshot,
                           const RecommendRequest& request,
                           ViewerContext& viewer);

// What the features of a ranker read of it; ends with the request.
Viewer AsFeaturesSee(const ViewerContext& viewer,
                     std::optional<int> local_hour);

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_VIEWER_CONTEXT_H_
