#include "core/pipeline/viewer_context.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/catalog/taste.h"

namespace marquee {
namespace {

absl::Status CheckEmbedding(std::span<const float> embedding,
                            size_t dimension) {
  if (embedding.size() != dimension) {
    return absl::InvalidArgumentError(
        absl::StrCat("user_embedding: has ", embedding.size(),
                     " values, must have ", dimension));
  }
  for (size_t i = 0; i < embedding.size(); ++i) {
    if (!std::isfinite(embedding[i])) {
      return absl::InvalidArgumentError(
          absl::StrCat("user_embedding[", i, "]: must be a finite number"));
    }
  }
  return absl::OkStatus();
}

void ResolveProfile(const Snapshot& snapshot, const RecommendRequest& request,
                    ViewerContext& viewer) {
  const UserTable& users = snapshot.users();
  viewer.user =
      request.user_id.empty() ? std::nullopt : users.Find(request.user_id);
  PolicyContext& policy = viewer.policy;
  policy = {.country = request.country,
            .device = request.device,
            .language = request.language,
            .scene = request.scene,
            .maturity_limit =
                request.maturity_limit.value_or(UserTable::kNoMaturityLimit),
            .now = ToCalendarSecond(request.now)};
  if (viewer.user) {
    if (policy.country.empty()) policy.country = users.Country(*viewer.user);
    if (policy.language.empty()) policy.language = users.Language(*viewer.user);
    policy.maturity_limit =
        std::min(policy.maturity_limit, users.MaturityLimit(*viewer.user));
  }
  viewer.country = snapshot.licences().FindCountry(policy.country);
}

void ResolveHistory(const Snapshot& snapshot, const RecommendRequest& request,
                    ViewerContext& viewer) {
  viewer.seen.clear();
  viewer.events.clear();
  for (const RecentEvent& event : request.recent_events) {
    const std::optional<ItemRow> row = snapshot.catalog().Find(event.item_id);
    if (!row) continue;
    viewer.seen.push_back(*row);
    if (snapshot.item_vectors().Has(*row))
      viewer.events.push_back({*row, event.weight});
  }
  if (viewer.user && snapshot.users().Taste(*viewer.user).watches > 0) {
    viewer.taste = snapshot.users().Taste(*viewer.user);
  } else {
    viewer.taste =
        ComputeTaste(snapshot.catalog(), snapshot.popularity().watches(),
                     viewer.seen, viewer.genre_share);
  }
  if (viewer.user) {
    snapshot.users().ForEachSeen(
        *viewer.user, [&](ItemRow row) { viewer.seen.push_back(row); });
  }
}

void ResolveVector(const Snapshot& snapshot, const RecommendRequest& request,
                   ViewerContext& viewer) {
  viewer.vector_source = VectorSource::kNone;
  if (!request.embedding.empty()) {
    viewer.vector.assign(request.embedding.begin(), request.embedding.end());
    viewer.vector_source = VectorSource::kRequest;
    return;
  }
  const size_t dimension = snapshot.item_vectors().dimension();
  viewer.stored.resize(dimension);
  viewer.vector.resize(dimension);
  const bool stored =
      viewer.user && snapshot.user_vectors().Read(*viewer.user, viewer.stored);
  const std::span<const float> prior =
      stored ? std::span<const float>(viewer.stored) : std::span<const float>();
  if (FoldIn(snapshot.item_vectors(), viewer.events, prior, viewer.fold_in,
             viewer.vector)) {
    viewer.vector_source = VectorSource::kRecentEvents;
  } else if (stored) {
    viewer.vector = viewer.stored;
    viewer.vector_source = VectorSource::kStored;
  }
}

absl::Status ResolveSimilar(const Snapshot& snapshot,
                            const RecommendRequest& request,
                            ViewerContext& viewer) {
  viewer.similar_to = snapshot.catalog().Find(request.similar_to);
  if (!viewer.similar_to) {
    return absl::NotFoundError(absl::StrCat(
        "item_id: the catalogue has no title '", request.similar_to, "'"));
  }
  if (!snapshot.item_vectors().Has(*viewer.similar_to)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "item_id: title '", request.similar_to,
        "' has no vector in this snapshot: too few watches, or zeros"));
  }
  const std::span<const float> vector =
      snapshot.item_vectors()[*viewer.similar_to];
  viewer.vector.assign(vector.begin(), vector.end());
  viewer.vector_source = VectorSource::kTitle;
  return absl::OkStatus();
}

}  // namespace

absl::Status ResolveViewer(const Snapshot& snapshot,
                           const RecommendRequest& request,
                           ViewerContext& viewer) {
  ResolveProfile(snapshot, request, viewer);
  ResolveHistory(snapshot, request, viewer);
  viewer.similar_to.reset();
  if (!request.similar_to.empty())
    return ResolveSimilar(snapshot, request, viewer);
  if (!request.embedding.empty()) {
    MARQUEE_RETURN_IF_ERROR(
        CheckEmbedding(request.embedding, snapshot.item_vectors().dimension()));
  }
  ResolveVector(snapshot, request, viewer);
  return absl::OkStatus();
}

Viewer AsFeaturesSee(const ViewerContext& viewer,
                     std::optional<int> local_hour) {
  constexpr CalendarSecond kSecondsPerDay = 24 * 60 * 60;
  return {.vector = viewer.vector,
          .taste = viewer.taste,
          .seen = viewer.seen,
          .language = viewer.policy.language,
          .device = viewer.policy.device,
          .local_hour = local_hour,
          .day = static_cast<int32_t>(viewer.policy.now / kSecondsPerDay)};
}

}  // namespace marquee
