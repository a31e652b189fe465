// The first stage: the user, the country, the history, and the user's vector.
//
//   ResolvedUser user;  // one per worker
//   MARQUEE_RETURN_IF_ERROR(ResolveUser(snapshot, request, user));
//   if (!user.has_vector()) ListPopular(…);
#ifndef MARQUEE_CORE_PIPELINE_RESOLVED_USER_H_
#define MARQUEE_CORE_PIPELINE_RESOLVED_USER_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "core/base/ids.h"
#include "core/pipeline/request.h"
#include "core/snapshot/snapshot.h"
#include "core/users/fold_in.h"
#include "core/users/user_context.h"
#include "core/users/user_table.h"

namespace marquee {

// A user as later stages need it, resolved from a request and a snapshot.
// Memory of one worker, reused. Its views end with the request. Externally
// synchronised.
struct ResolvedUser {
  static constexpr size_t kLatest = 30;

  // For features and rules. Its views point into the request, the snapshot and
  // the members below.
  UserContext context;
  std::optional<UserRow> row;         // absent: an unknown user
  std::optional<ItemRow> similar_to;  // the item whose neighbours are requested
  CountryIndex country{};
  VectorSource vector_source = VectorSource::kNone;
  std::vector<float> vector;  // [dimension] unless the source is kNone
  std::vector<ItemRow> seen;  // stored and recent, each once, in any order
  UnknownIds unknown_events;
  // The items that the user liked last, the last one first; at most kLatest.
  std::vector<ItemRow> latest;

  bool has_vector() const { return vector_source != VectorSource::kNone; }

  // Memory of the taste and of the computation.
  std::array<uint8_t, TasteProfile::kMaxGenres> genre_share{};
  std::vector<FoldInEvent> events;
  std::vector<ItemRow> sent_again;  // events that the stored history has, too
  std::vector<SeenItem> liked;      // of the stored history
  std::vector<float> stored;
  FoldInScratch fold_in;
};

// Resolves the user of a request. Errors: InvalidArgument for an embedding of
// another length than the snapshot's, or with a value that is not finite;
// NotFound if `similar_to` is not in the catalogue; FailedPrecondition if it
// has no vector.
absl::Status ResolveUser(const Snapshot& snapshot,
                         const RecommendRequest& request, ResolvedUser& user);

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_RESOLVED_USER_H_
