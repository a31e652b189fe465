#include "server/reload/warm_up.h"

#include <cstdint>

#include "core/base/status_macros.h"
#include "marquee/config/manifest.pb.h"

namespace marquee {

absl::Status CheckNotStopped(const std::stop_token& stop) {
  if (!stop.stop_requested()) return absl::OkStatus();
  return absl::CancelledError("the server is stopping");
}

absl::Status WarmUp(const Pipeline& pipeline, size_t count, absl::Time now,
                    const std::stop_token& stop) {
  const Snapshot& snapshot = pipeline.snapshot();
  PipelineScratch scratch(snapshot, pipeline.max_candidates());
  RecommendRequest request;
  RecommendResponse response;
  request.now = now;
  const size_t golden = static_cast<size_t>(snapshot.manifest().golden_size());
  for (size_t i = 0; i < count; ++i) {
    MARQUEE_RETURN_IF_ERROR(CheckNotStopped(stop));
    if (i < golden) {
      request.user_id =
          snapshot.manifest().golden(static_cast<int>(i)).user_id();
    } else if (snapshot.users().size() > 0) {
      const uint64_t row = uint64_t{i} * snapshot.users().size() / count;
      request.user_id =
          snapshot.users().Id(UserRow{static_cast<uint32_t>(row)});
    }
    MARQUEE_RETURN_IF_ERROR(pipeline.Recommend(request, scratch, response));
  }
  return absl::OkStatus();
}

}  // namespace marquee
