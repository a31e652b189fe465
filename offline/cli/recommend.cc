// marquee recommend: the server's pipeline on one request, without a server.
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/pipeline/pipeline.h"
#include "core/pipeline/request_limits.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/snapshot_directory.h"
#include "offline/cli/command.h"
#include "offline/cli/recommend_call.h"
#include "offline/cli/recommend_print.h"
#include "offline/cli/whole_number.h"

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

void RegisterRecommend(CLI::App& app, Action* action) {
  CLI::App* const recommend = app.add_subcommand(
      "recommend", "Answer one request from a snapshot, without a server");
  const auto call = std::make_shared<RecommendCall>();
  recommend
      ->add_option("--snapshot", call->snapshot,
                   "A version, or the directory of the versions: the newest "
                   "that is not blocked")
      ->required();
  recommend->add_option("--user", call->user,
                        "Id; none or unknown: a newcomer");
  recommend->add_option("--similar-to", call->similar_to,
                        "Titles like this one instead");
  recommend->add_option("--country", call->country,
                        "Two letters; none: the user's");
  recommend->add_option("--device", call->device, "For example tv");
  recommend->add_option("--language", call->language, "None: the user's");
  recommend->add_option("--scene", call->scene, "For example home");
  recommend
      ->add_option("--maturity-limit", call->maturity_limit,
                   "Age of the profile")
      ->check(WholeNumber(0, kMaxMaturityLimit));
  recommend->add_option("--limit", call->limit, "How many titles")
      ->capture_default_str()
      ->check(WholeNumber(1, kMaxLimit));
  recommend->add_option("--watched", call->watched,
                        "Ids of titles watched just now");
  recommend->add_option("--exclude", call->exclude,
                        "Ids of titles not to show");
  recommend->add_flag("--include-seen", call->include_seen,
                      "Show also what the person has seen");
  recommend->add_flag("--only-seen", call->only_seen,
                      "Show only what the person has seen: to watch again");
  recommend->add_option("--filter", call->filters,
                        "ATTRIBUTE=VALUE that titles must have");
  recommend->add_option(
      "--now", call->now,
      "Answer as of this moment (RFC 3339, day, Unix seconds)");
  recommend->add_option("--why-not", call->why_not,
                        "Ids of titles to account for");
  recommend->add_flag("--explain", call->explain,
                      "Print the stages, and the features of each title");
  recommend->add_flag("--json", call->json, "Print JSON");
  recommend->callback(
      [call, action] { *action = [call] { return Recommend(*call); }; });
}

}  // namespace marquee
