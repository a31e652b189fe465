// Writes the pipeline's answer to the wire's message.
#ifndef MARQUEE_SERVER_SERVICE_ANSWER_WRITER_H_
#define MARQUEE_SERVER_SERVICE_ANSWER_WRITER_H_

#include "absl/time/time.h"
#include "core/pipeline/response.h"
#include "core/snapshot/snapshot.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "marquee/v1/recommendation_service.pb.h"

namespace marquee {

// Writes everything but recommendation_id and timings. `snapshot`: the one that
// the answer was computed from.
void WriteAnswer(const Snapshot& snapshot, const RecommendResponse& response,
                 v1::RecommendResponse& wire);

v1::Stage StageOnTheWire(Stage stage);

// Writes the queue and then the stages.
void WriteTimings(absl::Duration queue_wait, const RecommendResponse& response,
                  v1::RecommendResponse& wire);

void WriteDuration(absl::Duration time, google::protobuf::Duration& wire);
void WriteTimestamp(absl::Time time, google::protobuf::Timestamp& wire);

}  // namespace marquee

#endif  // MARQUEE_SERVER_SERVICE_ANSWER_WRITER_H_
