#include "core/snapshot/version_ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <google/protobuf/text_format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/files/atomic_file.h"
#include "core/snapshot/snapshot_directory.h"
#include "core/textproto/message_text.h"
#include "marquee/config/versions.pb.h"

namespace marquee {
namespace {

using ::google::protobuf::TextFormat;

constexpr uint64_t kMaxLedgerBytes = 16 << 20;
constexpr char kHeader[] =
    "# Written by `marquee build`, `marquee versions` and AdminService; change "
    "it with `marquee versions`.\n";

constexpr absl::string_view kRemedy =
    "; mend the line, or remove the file, which lifts every block";

std::string LedgerPath(const std::string& snapshots) {
  return absl::StrCat(snapshots, "/", kLedgerName);
}

// `line`: of the message in the file, from 1.
absl::StatusOr<BlockedVersion> FromMessage(const config::BlockedSnapshot& in,
                                           const std::string& path, int line) {
  const auto fault = [&](absl::string_view field, const std::string& value,
                         absl::string_view right) {
    return absl::DataLossError(absl::StrCat(path, ":", line, ": ", field,
                                            " is '", value, "', must be ",
                                            right, kRemedy));
  };
  BlockedVersion out{.version = in.version(), .by = in.by(), .why = in.why()};
  const std::optional<uint64_t> identity = ParseIdentity(in.identity());
  if (!identity) {
    return fault(
        "identity", in.identity(),
        "16 hexadecimal digits (`marquee versions DIR list` has them)");
  }
  out.identity = *identity;
  for (const auto* const words : {&out.by, &out.why}) {
    if (!CheckBlockWords("", *words).ok()) {
      return fault(
          words == &out.by ? "by" : "why", absl::CHexEscape(*words),
          absl::StrCat("UTF-8 of at most ", kMaxBlockWordsBytes, " bytes"));
    }
  }
  std::string ignored;
  if (!absl::ParseTime(absl::RFC3339_full, in.time(), &out.when, &ignored)) {
    return fault("time", in.time(), "as 2026-11-29T12:00:00Z");
  }
  return out;
}

absl::Status Write(const VersionLedger& ledger, const std::string& snapshots) {
  for (const BlockedVersion& block : ledger.blocked) {
    MARQUEE_RETURN_IF_ERROR(CheckBlockWords("by", block.by));
    MARQUEE_RETURN_IF_ERROR(CheckBlockWords("why", block.why));
  }
  config::Versions message;
  message.set_highest(ledger.highest);
  for (const BlockedVersion& block : ledger.blocked) {
    config::BlockedSnapshot& out = *message.add_blocked();
    out.set_version(block.version);
    out.set_identity(IdentityText(block.identity));
    out.set_by(block.by);
    out.set_time(MomentText(block.when));
    out.set_why(block.why);
  }
  std::string text;
  TextFormat::PrintToString(message, &text);
  // Servers run as other users than builds.
  return WriteFileAtomically(LedgerPath(snapshots), absl::StrCat(kHeader, text),
                             Readers::kEverybody);
}

// A number that exists or was blocked was given, even if there was no ledger
// then.
void Raise(const std::string& snapshots, VersionLedger& ledger) {
  const absl::StatusOr<std::vector<uint64_t>> versions =
      ListVersions(snapshots);
  if (versions.ok() && !versions->empty()) {
    ledger.highest = std::max(ledger.highest, versions->front());
  }
  for (const BlockedVersion& block : ledger.blocked) {
    ledger.highest = std::max(ledger.highest, block.version);
  }
}

absl::StatusOr<int> Lock(const std::string& snapshots,
                         absl::Duration patience) {
  // A file of its own: the ledger's is replaced by each update.
  const std::string path = absl::StrCat(LedgerPath(snapshots), ".lock");
  // A user who may read it may lock it: builds and servers may run as several
  // users.
  const int descriptor =
      ::open(path.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    return absl::ErrnoToStatus(errno,
                               absl::StrCat(path, ": can not be opened"));
  }
  // Independent of the umask. If this fails, another user owns the file and has
  // opened it to all.
  (void)::fchmod(descriptor, 0644);
  const SteadyTime end = Clock::Real().Steady() + patience;
  // Polls, because flock waits without a limit.
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    if (error == EINTR) continue;
    if (error == EWOULDBLOCK && Clock::Real().Steady() < end) {
      absl::SleepFor(absl::Milliseconds(10));
      continue;
    }
    ::close(descriptor);
    if (error == EWOULDBLOCK) {
      return absl::UnavailableError(
          absl::StrCat(path, ": another process has held the lock for ",
                       absl::FormatDuration(patience)));
    }
    return absl::ErrnoToStatus(error,
                               absl::StrCat(path, ": can not be locked"));
  }
  return descriptor;
}

// Makes any text one line: control characters become \xNN.
std::string OnOneLine(const std::string& words) {
  std::string line;
  for (const char c : words) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) {
      absl::StrAppendFormat(&line, "\\x%02x", c);
    } else {
      line += c;
    }
  }
  return line;
}

}  // namespace

std::string IdentityText(uint64_t identity) {
  return absl::StrFormat("%016x", identity);
}

std::optional<uint64_t> ParseIdentity(absl::string_view text) {
  uint64_t identity = 0;
  // SimpleHexAtoi also takes spaces and 0x.
  if (text.size() != 16 ||
      !std::all_of(text.begin(), text.end(), absl::ascii_isxdigit) ||
      !absl::SimpleHexAtoi(text, &identity)) {
    return std::nullopt;
  }
  return identity;
}

std::string MomentText(absl::Time moment) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", moment, absl::UTCTimeZone());
}

absl::Status CheckBlockWords(absl::string_view field,
                             const std::string& words) {
  if (words.size() > kMaxBlockWordsBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(field, ": has ", words.size(), " bytes, at most ",
                     kMaxBlockWordsBytes));
  }
  if (FindInvalidUtf8(words) == absl::string_view::npos) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(field, ": is not UTF-8"));
}

std::string Describe(const BlockedVersion& block) {
  return OnOneLine(
      absl::StrCat("is blocked since ", MomentText(block.when), " by ",
                   block.by.empty() ? "an unnamed operator" : block.by, ": ",
                   block.why.empty() ? "no reason was given" : block.why));
}

absl::StatusOr<VersionLedger> VersionLedger::Read(
    const std::string& snapshots) {
  const std::string path = LedgerPath(snapshots);
  const absl::StatusOr<std::string> text = ReadFile(path, kMaxLedgerBytes);
  if (absl::IsNotFound(text.status())) return VersionLedger{};
  MARQUEE_RETURN_IF_ERROR(text.status());
  config::Versions message;
  TextFormat::ParseInfoTree places;
  // An unknown field may be a later program's way to block.
  const std::vector<MessageFault> faults = ParseMessage(*text, message, places);
  if (!faults.empty()) {
    return absl::DataLossError(
        absl::StrCat(DescribeFault(path, faults.front()), kRemedy));
  }
  VersionLedger ledger{.highest = message.highest()};
  const auto* const field =
      config::Versions::descriptor()->FindFieldByName("blocked");
  for (int i = 0; i < message.blocked_size(); ++i) {
    const int line = places.GetLocation(field, i).line + 1;
    MARQUEE_ASSIGN_OR_RETURN(BlockedVersion block,
                             FromMessage(message.blocked(i), path, line));
    ledger.blocked.push_back(std::move(block));
  }
  return ledger;
}

const BlockedVersion* VersionLedger::Find(uint64_t identity) const {
  for (const BlockedVersion& block : blocked) {
    if (block.identity == identity) return &block;
  }
  return nullptr;
}

void VersionLedger::Block(BlockedVersion block) {
  Unblock(block.identity);
  blocked.push_back(std::move(block));
}

bool VersionLedger::Unblock(uint64_t identity) {
  return std::erase_if(blocked, [identity](const BlockedVersion& block) {
           return block.identity == identity;
         }) > 0;
}

absl::Status UpdateLedger(
    const std::string& snapshots,
    const std::function<absl::Status(VersionLedger&)>& change,
    absl::Duration patience) {
  MARQUEE_ASSIGN_OR_RETURN(const int lock, Lock(snapshots, patience));
  const absl::Cleanup unlock = [lock] { ::close(lock); };
  MARQUEE_ASSIGN_OR_RETURN(VersionLedger ledger,
                           VersionLedger::Read(snapshots));
  const VersionLedger before = ledger;
  // Before the change, which may read the highest number, and after it, because
  // it may block a higher one.
  Raise(snapshots, ledger);
  MARQUEE_RETURN_IF_ERROR(change(ledger));
  Raise(snapshots, ledger);
  // No write without a change: versions must be removable from a full disk.
  if (ledger == before) return absl::OkStatus();
  return Write(ledger, snapshots);
}

absl::StatusOr<uint64_t> TakeVersionNumber(const std::string& snapshots) {
  uint64_t number = 0;
  const auto take = [&](VersionLedger& ledger) -> absl::Status {
    // Raise passes over a directory that can not be listed. A number taken then
    // might be one that is there.
    MARQUEE_RETURN_IF_ERROR(ListVersions(snapshots).status());
    number = ledger.highest;
    if (number == std::numeric_limits<uint64_t>::max()) {
      return absl::FailedPreconditionError(
          absl::StrCat(snapshots, ": has no number left above ", number));
    }
    ledger.highest = ++number;
    return absl::OkStatus();
  };
  MARQUEE_RETURN_IF_ERROR(UpdateLedger(snapshots, take));
  return number;
}

}  // namespace marquee
