#include "core/pipeline/viewer_context.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/users/taste.h"

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

// Each title of the events once, with its largest weight: callers send events
// again. In the order of the rows.
void ReadEvents(const Snapshot& snapshot, const RecommendRequest& request,
                ViewerContext& viewer) {
  viewer.events.clear();
  viewer.unknown_events = {};
  for (const RecentEvent& event : request.recent_events) {
    const std::optional<ItemRow> row = snapshot.catalog().Find(event.item_id);
    if (row) {
      viewer.events.push_back({*row, event.weight});
    } else {
      viewer.unknown_events.Add(event.item_id);
    }
  }
  std::sort(viewer.events.begin(), viewer.events.end(),
            [](const FoldInEvent& a, const FoldInEvent& b) {
              return a.row != b.row ? a.row < b.row : a.weight > b.weight;
            });
  const auto repeated =
      std::unique(viewer.events.begin(), viewer.events.end(),
                  [](const FoldInEvent& a, const FoldInEvent& b) {
                    return a.row == b.row;
                  });
  viewer.events.erase(repeated, viewer.events.end());
}

void ResolveHistory(const Snapshot& snapshot, const RecommendRequest& request,
                    ViewerContext& viewer) {
  ReadEvents(snapshot, request, viewer);
  viewer.seen.clear();
  for (const FoldInEvent& event : viewer.events)
    viewer.seen.push_back(event.row);
  if (viewer.user && snapshot.users().Taste(*viewer.user).watches > 0) {
    viewer.taste = snapshot.users().Taste(*viewer.user);
  } else {
    viewer.taste =
        ComputeTaste(snapshot.catalog(), snapshot.popularity().watches(),
                     viewer.seen, viewer.genre_share);
  }
  viewer.sent_again.clear();
  if (!viewer.user) return;
  const size_t recent = viewer.seen.size();
  snapshot.users().ForEachSeen(*viewer.user, [&](ItemRow row) {
    const auto end = viewer.seen.begin() + static_cast<ptrdiff_t>(recent);
    const bool again = std::binary_search(viewer.seen.begin(), end, row);
    (again ? viewer.sent_again : viewer.seen).push_back(row);
  });
}

// The events that place the person. A stored vector knows the stored history.
void KeepEventsThatPlace(const Snapshot& snapshot, bool stored,
                         ViewerContext& viewer) {
  std::erase_if(viewer.events, [&](const FoldInEvent& event) {
    if (!snapshot.item_vectors().Has(event.row)) return true;
    return stored && std::binary_search(viewer.sent_again.begin(),
                                        viewer.sent_again.end(), event.row);
  });
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
  KeepEventsThatPlace(snapshot, stored, viewer);
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
