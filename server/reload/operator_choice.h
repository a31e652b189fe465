// What an operator chose to serve: by a load with force, or by a rollback.
#ifndef MARQUEE_SERVER_RELOAD_OPERATOR_CHOICE_H_
#define MARQUEE_SERVER_RELOAD_OPERATOR_CHOICE_H_

#include <cstdint>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/reload/published.h"
#include "server/reload/version_state.h"

namespace marquee {

// Thread-safe. Polling leaves a version that was forced neither because it is
// blocked nor because another number is pinned. Without a pin it leaves it for
// a version newer than all that were served, and for another snapshot under its
// number or that of the newest served.
class OperatorChoice {
 public:
  // `pinned`: the number of the pinned version; 0: none. `published` must
  // outlive it.
  OperatorChoice(Published& published, uint64_t pinned)
      : published_(published), pinned_(pinned) {}

  // Published::RollBack. With a pin, going back to another number counts as
  // force.
  bool GoBack();
  // The identity of the snapshot that was loaded with force.
  void Force(uint64_t identity);
  // After a load without force.
  void Clear();

  bool IsForced(const VersionName& version) const;

  struct Seen {
    std::optional<VersionName> served;
    // It was forced, or a rollback took place since the last call.
    bool chosen = false;
  };
  // A rollback at the same time is in the answer as a whole, or not at all.
  Seen See();

 private:
  Published& published_;
  const uint64_t pinned_;
  mutable absl::Mutex mu_;
  std::optional<uint64_t> forced_ ABSL_GUARDED_BY(mu_);
  bool went_back_ ABSL_GUARDED_BY(mu_) = false;  // since the last See
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_RELOAD_OPERATOR_CHOICE_H_
