// The iterations of a tree model as an option.
#ifndef MARQUEE_OFFLINE_CLI_ITERATIONS_H_
#define MARQUEE_OFFLINE_CLI_ITERATIONS_H_

#include "offline/command_line/value_check.h"

namespace marquee {

// A whole number of 1 or more, or "best", which is converted to
// Forest::kBestIteration.
ValueCheck Iterations();

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_ITERATIONS_H_
