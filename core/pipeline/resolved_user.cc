#include "core/pipeline/resolved_user.h"

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
                    ResolvedUser& user) {
  const UserTable& users = snapshot.users();
  user.row =
      request.user_id.empty() ? std::nullopt : users.Find(request.user_id);
  UserContext& context = user.context;
  context = {.country = request.country,
             .device = request.device,
             .language = request.language,
             .scene = request.scene,
             .maturity_limit =
                 request.maturity_limit.value_or(UserTable::kNoMaturityLimit),
             .now = ToCalendarSecond(request.now),
             .local_hour = request.local_hour};
  if (user.row) {
    if (context.country.empty()) context.country = users.Country(*user.row);
    if (context.language.empty()) context.language = users.Language(*user.row);
    context.maturity_limit =
        std::min(context.maturity_limit, users.MaturityLimit(*user.row));
  }
  user.country = snapshot.licences().FindCountry(context.country);
}

// Reads each item of the events once, with its largest weight, because callers
// send events again. In the order of the rows.
void ReadEvents(const Snapshot& snapshot, const RecommendRequest& request,
                ResolvedUser& user) {
  user.events.clear();
  user.latest.clear();
  user.unknown_events = {};
  for (const RecentEvent& event : request.recent_events) {
    const std::optional<ItemRow> row = snapshot.catalog().Find(event.item_id);
    if (row) {
      user.events.push_back({*row, event.weight});
      user.latest.push_back(*row);
    } else {
      user.unknown_events.Add(event.item_id);
    }
  }
  std::sort(user.events.begin(), user.events.end(),
            [](const FoldInEvent& a, const FoldInEvent& b) {
              return a.row != b.row ? a.row < b.row : a.weight > b.weight;
            });
  const auto repeated =
      std::unique(user.events.begin(), user.events.end(),
                  [](const FoldInEvent& a, const FoldInEvent& b) {
                    return a.row == b.row;
                  });
  user.events.erase(repeated, user.events.end());
}

// Requires: user.latest has the items of the request's events, in their order.
// They come later than the stored history.
void FindLatest(ResolvedUser& user) {
  std::vector<ItemRow>& latest = user.latest;
  std::reverse(latest.begin(), latest.end());
  size_t kept = 0;
  const auto full = [&] { return kept == ResolvedUser::kLatest; };
  const auto is_new = [&](ItemRow row) {
    const auto end = latest.begin() + static_cast<ptrdiff_t>(kept);
    return std::find(latest.begin(), end, row) == end;
  };
  for (size_t i = 0; i < latest.size() && !full(); ++i) {
    if (is_new(latest[i])) latest[kept++] = latest[i];
  }
  latest.resize(kept);
  const size_t wanted = std::min(ResolvedUser::kLatest, user.liked.size());
  const auto end = user.liked.begin() + static_cast<ptrdiff_t>(wanted);
  std::partial_sort(user.liked.begin(), end, user.liked.end(),
                    [](const SeenItem& a, const SeenItem& b) {
                      return a.last != b.last ? a.last > b.last : a.row < b.row;
                    });
  for (auto it = user.liked.begin(); it != end && !full(); ++it) {
    if (!is_new(it->row)) continue;
    latest.push_back(it->row);
    ++kept;
  }
}

void ResolveHistory(const Snapshot& snapshot, const RecommendRequest& request,
                    ResolvedUser& user) {
  ReadEvents(snapshot, request, user);
  user.seen.clear();
  for (const FoldInEvent& event : user.events) user.seen.push_back(event.row);
  if (user.row && snapshot.users().Taste(*user.row).watches > 0) {
    user.context.taste = snapshot.users().Taste(*user.row);
  } else {
    user.context.taste =
        ComputeTaste(snapshot.catalog(), snapshot.popularity().watches(),
                     user.seen, user.genre_share);
  }
  user.sent_again.clear();
  user.liked.clear();
  if (!user.row) return;
  user.context.last_play = snapshot.users().LastPlay(*user.row);
  const size_t recent = user.seen.size();
  snapshot.users().ForEachSeen(*user.row, [&](const SeenItem& item) {
    const auto end = user.seen.begin() + static_cast<ptrdiff_t>(recent);
    const bool again = std::binary_search(user.seen.begin(), end, item.row);
    (again ? user.sent_again : user.seen).push_back(item.row);
    if (item.liked) user.liked.push_back(item);
  });
}

// Keeps the events that place the user. A stored vector already includes the
// stored history.
void KeepEventsThatPlace(const Snapshot& snapshot, bool stored,
                         ResolvedUser& user) {
  std::erase_if(user.events, [&](const FoldInEvent& event) {
    if (!snapshot.item_vectors().Has(event.row)) return true;
    return stored && std::binary_search(user.sent_again.begin(),
                                        user.sent_again.end(), event.row);
  });
}

void ResolveVector(const Snapshot& snapshot, const RecommendRequest& request,
                   ResolvedUser& user) {
  user.vector_source = VectorSource::kNone;
  if (!request.embedding.empty()) {
    user.vector.assign(request.embedding.begin(), request.embedding.end());
    user.vector_source = VectorSource::kRequest;
    return;
  }
  const size_t dimension = snapshot.item_vectors().dimension();
  user.stored.resize(dimension);
  user.vector.resize(dimension);
  const bool stored =
      user.row && snapshot.user_vectors().Read(*user.row, user.stored);
  const std::span<const float> prior =
      stored ? std::span<const float>(user.stored) : std::span<const float>();
  KeepEventsThatPlace(snapshot, stored, user);
  if (FoldIn(snapshot.item_vectors(), user.events, prior, user.fold_in,
             user.vector)) {
    user.vector_source = VectorSource::kRecentEvents;
  } else if (stored) {
    user.vector = user.stored;
    user.vector_source = VectorSource::kStored;
  }
}

absl::Status ResolveSimilar(const Snapshot& snapshot,
                            const RecommendRequest& request,
                            ResolvedUser& user) {
  user.similar_to = snapshot.catalog().Find(request.similar_to);
  if (!user.similar_to) {
    return absl::NotFoundError(absl::StrCat(
        "item_id: the catalogue has no item '", request.similar_to, "'"));
  }
  if (!snapshot.item_vectors().Has(*user.similar_to)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "item_id: item '", request.similar_to,
        "' has no vector in this snapshot: too few watches, or zeros"));
  }
  const std::span<const float> vector =
      snapshot.item_vectors()[*user.similar_to];
  user.vector.assign(vector.begin(), vector.end());
  user.vector_source = VectorSource::kItem;
  return absl::OkStatus();
}

}  // namespace

absl::Status ResolveUser(const Snapshot& snapshot,
                         const RecommendRequest& request, ResolvedUser& user) {
  ResolveProfile(snapshot, request, user);
  ResolveHistory(snapshot, request, user);
  FindLatest(user);
  user.similar_to.reset();
  if (!request.similar_to.empty()) {
    MARQUEE_RETURN_IF_ERROR(ResolveSimilar(snapshot, request, user));
  } else {
    if (!request.embedding.empty()) {
      MARQUEE_RETURN_IF_ERROR(CheckEmbedding(
          request.embedding, snapshot.item_vectors().dimension()));
    }
    ResolveVector(snapshot, request, user);
  }
  user.context.seen = user.seen;
  if (user.has_vector()) user.context.vector = user.vector;
  return absl::OkStatus();
}

}  // namespace marquee
