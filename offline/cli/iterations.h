// Iterations of a tree model on the command line.
#ifndef MARQUEE_OFFLINE_CLI_ITERATIONS_H_
#define MARQUEE_OFFLINE_CLI_ITERATIONS_H_

#include <string>

#include "core/ranking/forest.h"
#include "offline/command_line/value_check.h"

namespace marquee {

// A whole number of 1 or more, or "best", which becomes Forest::kBestIteration.
ValueCheck Iterations();

// Says on the standard error that all trees of the model are used, where early
// stopping found fewer best. `option` is the one that chooses.
void WarnOfUnusedBest(const std::string& path, const Forest& forest,
                      const char* option);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_ITERATIONS_H_
