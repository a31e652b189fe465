// Which sources bring the candidates of a request.
#ifndef MARQUEE_CORE_PIPELINE_MIX_H_
#define MARQUEE_CORE_PIPELINE_MIX_H_

#include "core/pipeline/request.h"
#include "core/rerank/policy.h"
#include "core/sources/source_mix.h"
#include "core/users/user_context.h"

namespace marquee {

// Returns the sources that the request asks for, else those of the policy's
// rules that apply to it, else the default mix. Never empty.
SourceMix MixOf(const RecommendRequest& request, const Policy& policy,
                const UserContext& user);

// Returns what is left of the mix without vectors, for a user who has none.
// Where nothing is left, trending and new items.
SourceMix WithoutVector(SourceMix mix);

// Returns the cheapest part of the mix: trending and new items.
SourceMix Cheapest(SourceMix mix);

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_MIX_H_
