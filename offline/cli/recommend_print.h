// What `marquee recommend` prints, as text or JSON.
#ifndef MARQUEE_OFFLINE_CLI_RECOMMEND_PRINT_H_
#define MARQUEE_OFFLINE_CLI_RECOMMEND_PRINT_H_

#include "core/pipeline/pipeline.h"
#include "core/snapshot/snapshot.h"
#include "offline/cli/recommend_call.h"

namespace marquee {

// One request with all that was made for it.
struct Answer {
  const Snapshot& snapshot;
  const Pipeline& pipeline;
  const RecommendRequest& request;
  PipelineScratch scratch;
  RecommendResponse response;
  Trace trace;
};

// Titles, and as the call asks for it the stages, the features of each title,
// and what became of others.
void PrintAnswer(const RecommendCall& call, const Answer& answer);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_RECOMMEND_PRINT_H_
