// One poll of the directory with the versions: which of them to load, in which
// order, and what to log about the served one.
#ifndef MARQUEE_SERVER_RELOAD_DIRECTORY_POLL_H_
#define MARQUEE_SERVER_RELOAD_DIRECTORY_POLL_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "server/reload/operator_choice.h"
#include "server/reload/reported_faults.h"
#include "server/reload/version_blocks.h"
#include "server/reload/version_choice.h"
#include "server/reload/version_loader.h"
#include "server/reload/version_state.h"
#include "server/telemetry/event_log.h"

namespace marquee {

// Externally synchronised: for the reloader's thread.
class DirectoryPoll {
 public:
  // Returns true if no other version needs to be tried.
  using Load = std::function<bool(const VersionState&, LoadCause)>;

  // All references must outlive it.
  DirectoryPoll(std::string snapshots, const VersionBlocks& blocks,
                const VersionLoader& loader, OperatorChoice& choice,
                VersionHistory& history, EventLog& log)
      : snapshots_(std::move(snapshots)),
        blocks_(blocks),
        loader_(loader),
        choice_(choice),
        history_(history),
        reported_(log) {}

  // Calls `load` for each version that is wanted, the newest first, until it
  // returns true. To leave a blocked version it walks the list twice: only the
  // second time for versions that show less than half of the blocked one.
  void Poll(const Load& load);

 private:
  void SeeWhatServes();
  bool MustLeave(const BlockedNow& blocked);
  bool StaysBesideThePin() const;
  void ReportAbsence(const std::vector<uint64_t>& versions);
  bool Try(uint64_t version, const BlockedNow& blocked, bool leave,
           LoadCause cause, const Load& load);

  const std::string snapshots_;
  const VersionBlocks& blocks_;
  const VersionLoader& loader_;
  OperatorChoice& choice_;
  VersionHistory& history_;
  ReportedFaults reported_;
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_RELOAD_DIRECTORY_POLL_H_
