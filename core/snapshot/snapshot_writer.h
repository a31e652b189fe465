// Writes a new version so that no reader ever sees a part of one.
//
//   MARQUEE_ASSIGN_OR_RETURN(auto writer, SnapshotWriter::Create(snapshots));
//   // For each of kSections:
//   MARQUEE_ASSIGN_OR_RETURN(auto section, writer->BeginSection("catalog"));
//   section->Add<float>("vectors", values);
//   MARQUEE_RETURN_IF_ERROR(writer->EndSection("catalog", *section));
//
//   MARQUEE_RETURN_IF_ERROR(writer->WriteManifest());
//   // Load writer->path(), add golden requests to writer->manifest(), then:
//   MARQUEE_RETURN_IF_ERROR(writer->WriteManifest());
//   MARQUEE_ASSIGN_OR_RETURN(const uint64_t version, writer->Publish());
#ifndef MARQUEE_CORE_SNAPSHOT_SNAPSHOT_WRITER_H_
#define MARQUEE_CORE_SNAPSHOT_SNAPSHOT_WRITER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/files/array_file.h"
#include "core/files/output_directory.h"

namespace marquee::config {
class Manifest;
}

namespace marquee {

// The prefix of the name of a build that could not be published and is kept.
inline constexpr char kUnpublished[] = "unpublished-";

// Works in SNAPSHOTS/.building-XXXXXX. This is not a version, and is locked
// while the writer lives. The next build removes what is left of one that was
// killed. Externally synchronised.
class SnapshotWriter {
 public:
  // Creates the directory and its parents if they are missing.
  static absl::StatusOr<std::unique_ptr<SnapshotWriter>> Create(
      const std::string& snapshots);

  SnapshotWriter(const SnapshotWriter&) = delete;
  SnapshotWriter& operator=(const SnapshotWriter&) = delete;
  // Removes what was neither published nor kept. Of the directory of the
  // versions and its parents, removes those that Create made and that are
  // empty.
  ~SnapshotWriter();

  absl::StatusOr<std::unique_ptr<ArrayFileWriter>> BeginSection(
      absl::string_view name) const;
  // Completes the file and lists it in the manifest.
  absl::Status EndSection(absl::string_view name, ArrayFileWriter& section);
  // Calls both, with `write` (ArrayFileWriter& to absl::Status) in between.
  template <typename Write>
  absl::Status WriteSection(absl::string_view name, Write write) {
    absl::StatusOr<std::unique_ptr<ArrayFileWriter>> section =
        BeginSection(name);
    if (!section.ok()) return section.status();
    if (absl::Status status = write(**section); !status.ok()) return status;
    return EndSection(name, **section);
  }
  // Takes a section of another version as it is, without reading it: by a hard
  // link, or as a copy where a link is not possible, for example on another
  // file system. `from`: the directory of that version; `manifest`: its
  // manifest.
  absl::Status TakeSection(absl::string_view name, const std::string& from,
                           const config::Manifest& manifest);
  // Opens the file of a section, to read back what was written.
  absl::StatusOr<std::unique_ptr<const ArrayFile>> OpenSection(
      absl::string_view name) const;

  config::Manifest& manifest() { return *manifest_; }
  absl::Status WriteManifest() const;
  const std::string& path() const { return path_; }

  // Gives the version its number (TakeVersionNumber), makes its files read-only
  // and renames the directory to the number. Returns the number. Builds side by
  // side each get their own. If this fails, for example because the ledger can
  // not be written, the work is not lost: the directory stays beside the
  // versions, and the error says where it is and how to publish it.
  absl::StatusOr<uint64_t> Publish();

 private:
  SnapshotWriter(std::string snapshots, std::string path, int directory,
                 std::unique_ptr<const OutputDirectory> made);

  absl::StatusOr<uint64_t> TryPublish();
  absl::Status Finish() const;
  absl::Status Keep(const absl::Status& failed);

  const std::string snapshots_;
  const std::string path_;
  const int directory_;  // open and locked
  const std::unique_ptr<const OutputDirectory> made_;
  const std::unique_ptr<config::Manifest> manifest_;
  bool published_ = false;
  bool kept_ = false;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_SNAPSHOT_SNAPSHOT_WRITER_H_
