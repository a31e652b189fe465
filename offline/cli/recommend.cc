// marquee recommend: the server's pipeline on one request, without a server.
#include <memory>
#include <string>

#include "core/base/clock.h"
#include "core/base/request_limits.h"
#include "core/base/status_macros.h"
#include "core/pipeline/pipeline.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/snapshot_directory.h"
#include "offline/cli/commands.h"
#include "offline/cli/recommend_call.h"
#include "offline/cli/recommend_print.h"
#include "offline/command_line/value_check.h"

namespace marquee {
namespace {

absl::Status Recommend(const RecommendCall& call) {
  MARQUEE_ASSIGN_OR_RETURN(const RecommendRequest request,
                           RequestOf(call, Clock::Real().Now()));
  MARQUEE_ASSIGN_OR_RETURN(const std::string version,
                           ResolveVersion(call.snapshot));
  MARQUEE_ASSIGN_OR_RETURN(const auto snapshot, Snapshot::Load(version));
  const Pipeline pipeline(*snapshot, {}, Clock::Real());
  Answer answer{
      *snapshot, pipeline,
      request,   PipelineScratch(*snapshot, pipeline.max_candidates()),
      {},        {}};
  MARQUEE_RETURN_IF_ERROR(pipeline.Recommend(request, answer.scratch,
                                             answer.response, &answer.trace));
  PrintAnswer(call, answer);
  return absl::OkStatus();
}

}  // namespace

void RegisterRecommend(Command program) {
  Command recommend = program.Add(
      "recommend", "Answer one request from a snapshot, without a server");
  const auto call = std::make_shared<RecommendCall>();
  recommend
      .AddOption("--snapshot", call->snapshot,
                 "A version, or the directory of the versions: the newest "
                 "that is not blocked")
      .Required();
  recommend.AddOption("--user", call->user, "Id; none or unknown: a new user");
  recommend.AddOption("--similar-to", call->similar_to,
                      "Items like this one instead");
  recommend.AddOption("--country", call->country,
                      "Two letters; none: the user's");
  recommend.AddOption("--device", call->device, "For example tv");
  recommend.AddOption("--language", call->language, "None: the user's");
  recommend.AddOption("--scene", call->scene, "For example home");
  recommend
      .AddOption("--maturity-limit", call->maturity_limit, "Age of the profile")
      .Check(WholeNumber(0, kMaxMaturity));
  recommend.AddOption("--limit", call->limit, "How many items")
      .ShowDefault()
      .Check(WholeNumber(1, kMaxLimit));
  recommend
      .AddOption("--sources", call->sources,
                 "A row of these sources alone: personal, trending, new, "
                 "because, genre")
      .Split(',');
  recommend.AddOption("--watched", call->watched,
                      "Ids of items watched just now");
  recommend.AddOption("--exclude", call->exclude, "Ids of items not to show");
  recommend.AddFlag("--include-seen", call->include_seen,
                    "Show also what the user has seen");
  recommend.AddFlag("--only-seen", call->only_seen,
                    "Show only what the user has seen: to watch again");
  recommend.AddOption("--filter", call->filters,
                      "ATTRIBUTE=VALUE that items must have");
  recommend.AddOption("--now", call->now,
                      "Answer as of this moment (RFC 3339, day, Unix seconds)");
  recommend.AddOption("--why-not", call->why_not,
                      "Ids of items to account for");
  recommend.AddFlag("--explain", call->explain,
                    "Print the stages, and the features of each item");
  recommend.AddFlag("--json", call->json, "Print JSON");
  recommend.Does([call] { return Recommend(*call); });
}

}  // namespace marquee
