#include "offline/train/ranker_data.h"

#include <algorithm>
#include <memory>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/features/schema.h"
#include "core/features/trainer_names.h"

namespace marquee {
namespace {

// The likes of one user after the snapshot.
struct UserLabels {
  std::vector<uint32_t> items;  // of the label set
  int64_t first = 0;            // Unix seconds
};

std::vector<UserLabels> ByUser(const InteractionSet& labels) {
  std::vector<UserLabels> users(labels.users.size());
  for (size_t i = 0; i < labels.size(); ++i) {
    UserLabels& user = users[labels.user[i]];
    if (user.items.empty() || labels.timestamp[i] < user.first) {
      user.first = labels.timestamp[i];
    }
    user.items.push_back(labels.item[i]);
  }
  return users;
}

class Collector {
 public:
  Collector(const Pipeline& pipeline, const InteractionSet& labels,
            const RankerDataOptions& options)
      : pipeline_(pipeline),
        snapshot_(pipeline.snapshot()),
        labels_(labels),
        options_(options),
        scratch_(snapshot_, pipeline.max_candidates()) {}

  absl::StatusOr<RankerData> Collect(
      const std::function<void(size_t, size_t)>& progress) {
    const FeatureSchema schema(snapshot_.catalog());
    for (const FeatureSpec& spec : schema.features()) {
      if (!absl::StartsWith(spec.name, "request."))
        data_.feature_names.push_back(spec.name);
    }
    MARQUEE_ASSIGN_OR_RETURN(
        extractor_, FeatureExtractor::Create(snapshot_.feature_sources(),
                                             data_.feature_names));
    matrix_ =
        FeatureMatrix(pipeline_.max_candidates(), data_.feature_names.size());
    const std::vector<UserLabels> users = ByUser(labels_);
    const size_t count = std::min(users.size(), options_.max_users);
    for (size_t i = 0; i < count; ++i) {
      const size_t who = i * users.size() / count;
      MARQUEE_RETURN_IF_ERROR(
          Add(users[who], labels_.users[static_cast<uint32_t>(who)]));
      if (progress) progress(i + 1, count);
    }
    if (data_.group_sizes.empty()) {
      return absl::FailedPreconditionError(
          "no user has a label among the candidates: are the embeddings of the "
          "same users, and older than the labels?");
    }
    data_.feature_names = NamesForTrainers(data_.feature_names);
    return std::move(data_);
  }

 private:
  absl::Status Add(const UserLabels& user, absl::string_view user_id) {
    RecommendRequest request;
    request.user_id = user_id;
    // The list is not needed: the trace has the candidates.
    request.limit = 1;
    request.now = absl::FromUnixSeconds(user.first);
    Trace trace;
    RecommendResponse response;
    MARQUEE_RETURN_IF_ERROR(
        pipeline_.Recommend(request, scratch_, response, &trace));
    absl::flat_hash_set<uint32_t> liked;
    for (const uint32_t item : user.items) {
      if (const auto row = snapshot_.catalog().Find(labels_.items[item]))
        liked.insert(Index(*row));
    }
    data_.likes += liked.size();
    const auto is_liked = [&](const Candidate& c) {
      return liked.contains(Index(c.row));
    };
    const auto hits = std::count_if(trace.candidates.begin(),
                                    trace.candidates.end(), is_liked);
    data_.retrieved_likes += static_cast<uint64_t>(hits);
    // Without a like among the candidates, there is no order to learn.
    if (hits == 0) return absl::OkStatus();
    ExtractInto(trace);
    for (const Candidate& c : trace.candidates) {
      data_.labels.push_back(is_liked(c) ? 1.0f : 0.0f);
      data_.items.push_back(
          data_.item_ids.FindOrAdd(snapshot_.catalog().Id(c.row)));
    }
    data_.group_users.emplace_back(user_id);
    data_.group_sizes.push_back(static_cast<uint32_t>(trace.candidates.size()));
    return absl::OkStatus();
  }

  void ExtractInto(const Trace& trace) {
    extractor_->Extract(scratch_.user.context, trace.candidates, trace.origins,
                        feature_scratch_, matrix_);
    for (size_t i = 0; i < trace.candidates.size(); ++i) {
      for (size_t f = 0; f < matrix_.features(); ++f)
        data_.values.push_back(matrix_.At(i, f));
    }
  }

  const Pipeline& pipeline_;
  const Snapshot& snapshot_;
  const InteractionSet& labels_;
  const RankerDataOptions options_;
  PipelineScratch scratch_;
  std::unique_ptr<const FeatureExtractor> extractor_;
  FeatureScratch feature_scratch_;
  FeatureMatrix matrix_;
  RankerData data_;
};

}  // namespace

absl::Status RankerData::Append(const RankerData& more) {
  if (feature_names.empty()) feature_names = more.feature_names;
  // column[f]: the place of our column f in `more`. Genres, for example, are
  // numbered by the items with a vector, which differ between moments.
  std::vector<size_t> column;
  for (const std::string& name : feature_names) {
    const auto found =
        std::find(more.feature_names.begin(), more.feature_names.end(), name);
    if (found == more.feature_names.end() ||
        more.feature_names.size() != feature_names.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat("feature '", name, "' is not of every moment"));
    }
    column.push_back(static_cast<size_t>(found - more.feature_names.begin()));
  }
  for (size_t row = 0; row < more.rows(); ++row) {
    for (const size_t from : column) {
      values.push_back(more.values[row * column.size() + from]);
    }
    items.push_back(item_ids.FindOrAdd(more.item_ids[more.items[row]]));
  }
  labels.insert(labels.end(), more.labels.begin(), more.labels.end());
  group_sizes.insert(group_sizes.end(), more.group_sizes.begin(),
                     more.group_sizes.end());
  group_users.insert(group_users.end(), more.group_users.begin(),
                     more.group_users.end());
  retrieved_likes += more.retrieved_likes;
  likes += more.likes;
  return absl::OkStatus();
}

absl::StatusOr<RankerData> CollectRankerData(
    const Pipeline& pipeline, const InteractionSet& labels,
    const RankerDataOptions& options,
    const std::function<void(size_t, size_t)>& progress) {
  return Collector(pipeline, labels, options).Collect(progress);
}

}  // namespace marquee
