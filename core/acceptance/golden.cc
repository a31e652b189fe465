#include "core/acceptance/golden.h"

#include <bit>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"
#include "marquee/config/manifest.pb.h"

namespace marquee {
namespace {

// Fills the answer part of a golden request.
absl::Status Answer(const Pipeline& pipeline, PipelineScratch& scratch,
                    config::GoldenRequest& golden) {
  RecommendRequest request;
  request.user_id = golden.user_id();
  request.country = golden.country();
  request.now = absl::FromUnixSeconds(golden.unix_seconds());
  request.limit = static_cast<size_t>(golden.limit());
  RecommendResponse response;
  MARQUEE_RETURN_IF_ERROR(pipeline.Recommend(request, scratch, response));
  for (const RecommendedItem& item : response.items) {
    golden.add_item_ids(
        std::string(pipeline.snapshot().catalog().Id(item.row)));
    golden.add_score_bits(std::bit_cast<uint32_t>(item.score));
  }
  return absl::OkStatus();
}

std::string FirstDifference(const config::GoldenRequest& stored,
                            const config::GoldenRequest& computed) {
  if (stored.item_ids_size() != computed.item_ids_size()) {
    return absl::StrCat(computed.item_ids_size(), " items instead of ",
                        stored.item_ids_size());
  }
  if (stored.score_bits_size() != stored.item_ids_size())
    return "not one score for each item";
  for (int i = 0; i < stored.item_ids_size(); ++i) {
    if (stored.item_ids(i) != computed.item_ids(i)) {
      return absl::StrCat("'", computed.item_ids(i), "' instead of '",
                          stored.item_ids(i), "' at position ", i + 1);
    }
    if (stored.score_bits(i) != computed.score_bits(i)) {
      return absl::StrFormat("score %.9g instead of %.9g at position %d",
                             std::bit_cast<float>(computed.score_bits(i)),
                             std::bit_cast<float>(stored.score_bits(i)), i + 1);
    }
  }
  return "";
}

}  // namespace

absl::Status AddGolden(const Pipeline& pipeline, absl::Time now, size_t count,
                       config::Manifest& manifest) {
  PipelineScratch scratch(pipeline.snapshot(), pipeline.max_candidates());
  const UserTable& users = pipeline.snapshot().users();
  for (size_t i = 0; i < count; ++i) {
    config::GoldenRequest& golden = *manifest.add_golden();
    // The first request has no user. The users of the others are at equal
    // distances.
    if (i > 0 && users.size() > 0) {
      const uint64_t row =
          (i - 1) * users.size() / std::max<size_t>(count - 1, 1);
      golden.set_user_id(
          std::string(users.Id(UserRow{static_cast<uint32_t>(row)})));
    }
    golden.set_unix_seconds(absl::ToUnixSeconds(now));
    golden.set_limit(kDefaultLimit);
    MARQUEE_RETURN_IF_ERROR(Answer(pipeline, scratch, golden));
  }
  return absl::OkStatus();
}

absl::Status CheckGolden(const Pipeline& pipeline,
                         const config::Manifest& manifest) {
  PipelineScratch scratch(pipeline.snapshot(), pipeline.max_candidates());
  for (int i = 0; i < manifest.golden_size(); ++i) {
    const config::GoldenRequest& stored = manifest.golden(i);
    if (stored.limit() < 1 || stored.limit() > kMaxLimit) {
      return absl::FailedPreconditionError(
          absl::StrCat("golden request ", i, ": limit ", stored.limit(),
                       ": must be 1 to 200"));
    }
    config::GoldenRequest computed = stored;
    computed.clear_item_ids();
    computed.clear_score_bits();
    MARQUEE_RETURN_IF_ERROR(Answer(pipeline, scratch, computed));
    const std::string difference = FirstDifference(stored, computed);
    if (!difference.empty()) {
      return absl::FailedPreconditionError(
          absl::StrCat("golden request ", i, " (user '", stored.user_id(),
                       "'): ", difference,
                       ": this program does not compute what the builder of "
                       "the snapshot did"));
    }
  }
  return absl::OkStatus();
}

}  // namespace marquee
