// The recall of a retrieval engine, as commands print it.
#ifndef MARQUEE_OFFLINE_CLI_RECALL_TEXT_H_
#define MARQUEE_OFFLINE_CLI_RECALL_TEXT_H_

#include <cmath>
#include <string>

#include "absl/strings/str_format.h"

namespace marquee {

// Returns "97.318 %". Rounded down, so that only a full recall is 100 %.
inline std::string RecallText(double recall) {
  return absl::StrFormat("%.6g %%", std::floor(recall * 1e5) / 1e3);
}

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_CLI_RECALL_TEXT_H_
