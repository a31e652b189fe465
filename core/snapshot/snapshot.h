// One version of everything that a request reads: mapped, verified and
// compiled.
//
//   MARQUEE_ASSIGN_OR_RETURN(
//       const std::unique_ptr<const Snapshot> snapshot,
//       Snapshot::Load("SNAPSHOTS/7"));
//   const std::optional<ItemRow> row = snapshot->catalog().Find("t5");
#ifndef MARQUEE_CORE_SNAPSHOT_SNAPSHOT_H_
#define MARQUEE_CORE_SNAPSHOT_SNAPSHOT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/catalog/catalog.h"
#include "core/catalog/item_vectors.h"
#include "core/catalog/licence_calendar.h"
#include "core/catalog/popularity.h"
#include "core/catalog/related_items.h"
#include "core/files/array_file.h"
#include "core/files/file_bytes.h"
#include "core/ranking/ranker.h"
#include "core/rerank/policy.h"
#include "core/retrieval/graph.h"
#include "core/retrieval/item_cells.h"
#include "core/retrieval/item_codes.h"
#include "core/retrieval/retrieval_index.h"
#include "core/snapshot/section_memory.h"
#include "core/users/user_table.h"
#include "core/users/user_vectors.h"

namespace marquee::config {
class Manifest;
}

namespace marquee {

// The files of a version directory beside the manifest, in load order.
inline constexpr const char* kSections[] = {
    "catalog",    "licences",   "popularity",   "related_items", "item_vectors",
    "item_codes", "users",      "user_vectors", "item_cells",    "graph",
    "ranker",     "item_ranks", "policy"};

// Immutable after construction. Owns the memory that all of its parts read. The
// memory of a section that is a file of another snapshot is shared with it.
class Snapshot {
 public:
  // Maps a version directory, or copies it as the options say, and checks it:
  // sizes, checksums, digests, then the meaning of every section and their
  // agreement. Does not check the golden requests: those need the pipeline
  // (golden.h).
  //
  // Sections that are the same files as those of `like`, by hard links, are
  // taken from it: they are already checked and in memory.
  //
  // Errors name the section, and the offset or array: NotFound, DataLoss,
  // FailedPrecondition for an unknown format, InvalidArgument for a model or
  // policy that does not fit the catalogue, ResourceExhausted if there is no
  // memory for a copy.
  static absl::StatusOr<std::unique_ptr<const Snapshot>> Load(
      const std::string& version_directory, const SnapshotOptions& options = {},
      const Snapshot* like = nullptr);

  ~Snapshot();

  uint64_t version() const;
  const config::Manifest& manifest() const { return *manifest_; }
  // The digest of the whole: of the digests of all sections.
  const std::string& digest() const { return digest_; }
  uint64_t size_bytes() const;
  // Whether all sections but the model and the rules share the other snapshot's
  // memory.
  bool HasTablesOf(const Snapshot& other) const;
  // The current state of all sections, in the order of kSections. Asks the
  // system, which takes time. Errors: those of MeasureResidency.
  absl::StatusOr<std::vector<SectionMemory>> MeasureSections() const;

  const Catalog& catalog() const { return *catalog_; }
  const LicenceCalendar& licences() const { return *licences_; }
  const Popularity& popularity() const { return *popularity_; }
  const RelatedItems& related_items() const { return *related_items_; }
  const ItemVectors& item_vectors() const { return *item_vectors_; }
  RetrievalIndex retrieval_index() const {
    return {*item_vectors_, *item_codes_, *item_cells_, *graph_};
  }
  const UserTable& users() const { return *users_; }
  const UserVectors& user_vectors() const { return *user_vectors_; }
  // nullptr if the snapshot has no model: candidates keep the order of
  // retrieval.
  const Ranker* ranker() const { return ranker_.get(); }
  const Policy& policy() const { return *policy_; }
  FeatureSources feature_sources() const;

 private:
  struct Section {
    std::shared_ptr<const ArrayFile> file;
    FileId id;
  };

  Snapshot();
  absl::Status OpenSections(const std::string& directory,
                            const SnapshotOptions& options,
                            const Snapshot* like);
  absl::StatusOr<Section> OpenSection(const std::string& path, size_t number,
                                      Placement placement,
                                      const Snapshot* like) const;
  void TakeTables(const Snapshot& other);
  absl::Status OpenTables(size_t threads);
  absl::Status OpenItems();
  absl::Status OpenUsers();
  absl::Status OpenModels(const std::string& directory);
  absl::Status CheckCounts(const std::string& directory) const;
  absl::Status CheckName(const std::string& directory) const;
  absl::Status CheckNewest(absl::string_view file) const;
  const ArrayFile& File(absl::string_view section) const;

  std::unique_ptr<config::Manifest> manifest_;
  std::string digest_;
  std::vector<Section> sections_;  // in the order of kSections
  std::shared_ptr<const Catalog> catalog_;
  std::shared_ptr<const LicenceCalendar> licences_;
  std::shared_ptr<const Popularity> popularity_;
  std::shared_ptr<const RelatedItems> related_items_;
  std::shared_ptr<const ItemVectors> item_vectors_;
  std::shared_ptr<const ItemCodes> item_codes_;
  std::shared_ptr<const ItemCells> item_cells_;
  std::shared_ptr<const Graph> graph_;
  std::shared_ptr<const UserTable> users_;
  std::shared_ptr<const UserVectors> user_vectors_;
  std::unique_ptr<const Ranker> ranker_;
  std::unique_ptr<const Policy> policy_;
};

}  // namespace marquee

#endif  // MARQUEE_CORE_SNAPSHOT_SNAPSHOT_H_
