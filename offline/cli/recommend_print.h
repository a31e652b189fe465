// Prints the output of `marquee recommend`, as text or JSON.
#ifndef MARQUEE_OFFLINE_CLI_RECOMMEND_PRINT_H_
#define MARQUEE_OFFLINE_CLI_RECOMMEND_PRINT_H_

#include "core/pipeline/pipeline.h"
#include "core/snapshot/snapshot.h"
#include "offline/cli/recommend_call.h"

namespace marquee {

// One request with everything that was computed for it.
struct Answer {
  const Snapshot& snapshot;
  const Pipeline& pipeline;
  const RecommendRequest& request;
  PipelineScratch scratch;
  RecommendResponse response;
  Trace trace;
};

// Prints the items. If the call requests them, also prints the stages, the
// features of each item, and what became of other items.
void PrintAnswer(const RecommendCall& call, const Answer& answer);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_RECOMMEND_PRINT_H_
