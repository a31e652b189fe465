#include "core/snapshot/snapshot.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <limits>
#include <span>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/check.h"
#include "core/base/checksum.h"
#include "core/base/parallel_for.h"
#include "core/base/status_macros.h"
#include "core/features/schema.h"
#include "core/rerank/policy_loader.h"
#include "core/snapshot/manifest.h"
#include "core/users/taste.h"
#include "marquee/config/manifest.pb.h"

namespace marquee {
namespace {

// The number of tables in kSections. Behind them are the models, which are
// compiled for each snapshot.
constexpr size_t kTables = 10;
static_assert(absl::string_view(kSections[kTables]) == "ranker");

Placement PlacementOf(absl::string_view section,
                      const SnapshotOptions& options) {
  const bool hot = std::find(std::begin(kHotSections), std::end(kHotSections),
                             section) != std::end(kHotSections);
  return hot ? options.hot_sections : Placement::kMapped;
}

}  // namespace

Snapshot::Snapshot() : manifest_(std::make_unique<config::Manifest>()) {}

Snapshot::~Snapshot() = default;

uint64_t Snapshot::version() const { return manifest_->version(); }

absl::StatusOr<std::unique_ptr<const Snapshot>> Snapshot::Load(
    const std::string& version_directory, const SnapshotOptions& options,
    const Snapshot* like) {
  std::unique_ptr<Snapshot> snapshot(new Snapshot);
  MARQUEE_ASSIGN_OR_RETURN(*snapshot->manifest_,
                           ReadManifest(version_directory));
  MARQUEE_RETURN_IF_ERROR(snapshot->CheckName(version_directory));
  MARQUEE_RETURN_IF_ERROR(
      snapshot->OpenSections(version_directory, options, like));
  if (like != nullptr && snapshot->HasTablesOf(*like)) {
    snapshot->TakeTables(*like);
  } else {
    MARQUEE_RETURN_IF_ERROR(snapshot->OpenTables(options.threads));
  }
  MARQUEE_RETURN_IF_ERROR(snapshot->CheckCounts(version_directory));
  MARQUEE_RETURN_IF_ERROR(snapshot->OpenModels(version_directory));
  return snapshot;
}

absl::StatusOr<Snapshot::Section> Snapshot::OpenSection(
    const std::string& path, size_t number, Placement placement,
    const Snapshot* like) const {
  const char* const name = kSections[number];
  // Before the file is opened. If it is replaced in between, the next load
  // finds another id and reads the file again.
  MARQUEE_ASSIGN_OR_RETURN(const FileId id, FileId::Of(path));
  const uint64_t identity = SectionIdentity(*manifest_, name);
  if (like != nullptr && id == like->sections_[number].id &&
      identity == SectionIdentity(*like->manifest_, name) &&
      placement == like->sections_[number].file->placement()) {
    return like->sections_[number];
  }
  Section section{.id = id};
  MARQUEE_ASSIGN_OR_RETURN(section.file,
                           ArrayFile::Open(path, identity, placement));
  return section;
}

absl::Status Snapshot::OpenSections(const std::string& directory,
                                    const SnapshotOptions& options,
                                    const Snapshot* like) {
  if (manifest_->sections_size() != static_cast<int>(std::size(kSections))) {
    return absl::DataLossError(absl::StrCat(
        directory, "/", kManifestName, ": lists ", manifest_->sections_size(),
        " sections, not ", std::size(kSections)));
  }
  for (size_t i = 0; i < std::size(kSections); ++i) {
    const std::string& name = manifest_->sections(static_cast<int>(i)).name();
    if (name == kSections[i]) continue;
    return absl::DataLossError(absl::StrCat(directory, "/", kManifestName,
                                            ": section ", i, " is '", name,
                                            "', not '", kSections[i], "'"));
  }
  std::vector<absl::StatusOr<Section>> opened(std::size(kSections));
  ParallelFor(opened.size(), 1, options.threads, [&](size_t i, size_t, size_t) {
    opened[i] = OpenSection(absl::StrCat(directory, "/", kSections[i]), i,
                            PlacementOf(kSections[i], options), like);
  });
  // In the order of the sections, so that the same fault is reported on every
  // run.
  std::string digests;
  for (const config::Manifest::Section& listed : manifest_->sections()) {
    MARQUEE_ASSIGN_OR_RETURN(Section section,
                             std::move(opened[sections_.size()]));
    if (section.file->size_bytes() != listed.bytes() ||
        section.file->digest() != listed.digest()) {
      return absl::DataLossError(
          absl::StrCat(directory, "/", listed.name(),
                       ": is not the section that the manifest lists"));
    }
    absl::StrAppend(&digests, listed.name(), "=", listed.digest(), "\n");
    sections_.push_back(std::move(section));
  }
  digest_ = Digest128(std::as_bytes(std::span(digests.data(), digests.size())));
  return absl::OkStatus();
}

bool Snapshot::HasTablesOf(const Snapshot& other) const {
  return std::equal(sections_.begin(), sections_.begin() + kTables,
                    other.sections_.begin(),
                    [](const Section& ours, const Section& theirs) {
                      return ours.file == theirs.file;
                    });
}

void Snapshot::TakeTables(const Snapshot& other) {
  catalog_ = other.catalog_;
  licences_ = other.licences_;
  popularity_ = other.popularity_;
  related_items_ = other.related_items_;
  item_vectors_ = other.item_vectors_;
  item_codes_ = other.item_codes_;
  item_cells_ = other.item_cells_;
  graph_ = other.graph_;
  users_ = other.users_;
  user_vectors_ = other.user_vectors_;
}

// An item with a release day begins with that day.
absl::Status Snapshot::CheckNewest(absl::string_view file) const {
  constexpr int64_t kSecondsPerDay = 24 * 60 * 60;
  const NewestItems newest = popularity_->Newest();
  size_t listed = 0, released = 0;
  for (size_t i = 0; i < newest.rows.size(); ++i) {
    const int32_t day = catalog_->ReleasedDay(newest.rows[i]);
    if (day == Catalog::kUnknownDay) continue;
    if (newest.begins[i] != kSecondsPerDay * day) {
      return absl::DataLossError(absl::StrCat(
          file, ": array 'newest' disagrees with the days of release"));
    }
    ++listed;
  }
  for (uint32_t row = 0; row < catalog_->size(); ++row) {
    released += catalog_->ReleasedDay(ItemRow{row}) != Catalog::kUnknownDay;
  }
  if (listed == released) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(file, ": array 'newest' does not list every release"));
}

// A copy under another number would be served as one version and reported as
// another.
absl::Status Snapshot::CheckName(const std::string& directory) const {
  const std::string name =
      std::filesystem::path(directory).lexically_normal().filename().string();
  uint64_t number = 0;
  if (!absl::SimpleAtoi(name, &number) || number == manifest_->version()) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      absl::StrCat(directory, "/", kManifestName, ": is of version ",
                   manifest_->version(), ", not of ", number));
}

const ArrayFile& Snapshot::File(absl::string_view section) const {
  const auto it =
      std::find(std::begin(kSections), std::end(kSections), section);
  MARQUEE_CHECK(it != std::end(kSections));
  return *sections_[it - std::begin(kSections)].file;
}

absl::Status Snapshot::OpenTables(size_t threads) {
  // First: all other tables are checked against the numbers of items and of
  // dimensions.
  MARQUEE_ASSIGN_OR_RETURN(catalog_, Catalog::Open(File("catalog")));
  MARQUEE_ASSIGN_OR_RETURN(item_vectors_,
                           ItemVectors::Open(File("item_vectors")));
  absl::Status items, users;
  ParallelFor(2, 1, threads, [&](size_t part, size_t, size_t) {
    if (part == 0) {
      users = OpenUsers();
    } else {
      items = OpenItems();
    }
  });
  MARQUEE_RETURN_IF_ERROR(items);
  return users;
}

absl::Status Snapshot::OpenItems() {
  MARQUEE_ASSIGN_OR_RETURN(
      licences_, LicenceCalendar::Open(File("licences"), catalog_->size()));
  MARQUEE_ASSIGN_OR_RETURN(
      popularity_, Popularity::Open(File("popularity"), catalog_->size()));
  MARQUEE_ASSIGN_OR_RETURN(
      related_items_,
      RelatedItems::Open(File("related_items"), catalog_->size()));
  MARQUEE_ASSIGN_OR_RETURN(
      item_codes_, ItemCodes::Open(File("item_codes"), item_vectors_->size(),
                                   item_vectors_->dimension()));
  MARQUEE_ASSIGN_OR_RETURN(
      item_cells_, ItemCells::Open(File("item_cells"), item_vectors_->size(),
                                   item_vectors_->dimension()));
  MARQUEE_ASSIGN_OR_RETURN(graph_,
                           Graph::Open(File("graph"), item_vectors_->size()));
  return absl::OkStatus();
}

absl::Status Snapshot::OpenUsers() {
  MARQUEE_ASSIGN_OR_RETURN(users_,
                           UserTable::Open(File("users"), catalog_->size()));
  MARQUEE_ASSIGN_OR_RETURN(
      user_vectors_,
      UserVectors::Open(File("user_vectors"), item_vectors_->dimension()));
  return absl::OkStatus();
}

absl::Status Snapshot::CheckCounts(const std::string& directory) const {
  const auto check = [&](absl::string_view what, uint64_t manifest,
                         uint64_t found) {
    if (manifest == found) return absl::OkStatus();
    return absl::DataLossError(absl::StrCat(directory, "/", kManifestName, ": ",
                                            what, " is ", manifest,
                                            ", the sections have ", found));
  };
  MARQUEE_RETURN_IF_ERROR(check("items", manifest_->items(), catalog_->size()));
  MARQUEE_RETURN_IF_ERROR(check("items_with_vector",
                                manifest_->items_with_vector(),
                                item_vectors_->size()));
  MARQUEE_RETURN_IF_ERROR(check("users", manifest_->users(), users_->size()));
  MARQUEE_RETURN_IF_ERROR(check("users_with_vector",
                                manifest_->users_with_vector(),
                                user_vectors_->size()));
  MARQUEE_RETURN_IF_ERROR(
      check("dimension", manifest_->dimension(), item_vectors_->dimension()));
  if (item_vectors_->size() > catalog_->size() ||
      user_vectors_->size() > users_->size()) {
    return absl::DataLossError(
        absl::StrCat(directory, ": more vectors than items or users"));
  }
  if (users_->genres() != CountedGenres(*catalog_)) {
    return absl::DataLossError(absl::StrCat(
        File("users").name(), ": array 'genres' is ", users_->genres(),
        ", the catalogue has ", CountedGenres(*catalog_)));
  }
  MARQUEE_RETURN_IF_ERROR(CheckNewest(File("popularity").name()));
  MARQUEE_RETURN_IF_ERROR(FeatureSchema::CheckNumberNames(*catalog_));
  const std::string schema = FeatureSchema(*catalog_).Hash();
  if (manifest_->feature_schema() != schema) {
    return absl::FailedPreconditionError(
        absl::StrCat(directory, "/", kManifestName, ": feature_schema ",
                     manifest_->feature_schema(), ", this program computes ",
                     schema, ": build the snapshot again"));
  }
  return absl::OkStatus();
}

absl::Status Snapshot::OpenModels(const std::string& directory) {
  MARQUEE_ASSIGN_OR_RETURN(const absl::string_view model,
                           File("ranker").Text("model"));
  if (!model.empty()) {
    MARQUEE_ASSIGN_OR_RETURN(
        ranker_, Ranker::Open(File("ranker"), manifest_->ranker_iterations(),
                              File("item_ranks"), feature_sources()));
    const absl::Status listed =
        CheckRankerFeatures(ranker_->extractor().specs(), *manifest_);
    if (!listed.ok()) {
      return absl::Status(
          listed.code(),
          absl::StrCat(directory, "/", kManifestName, ": ", listed.message()));
    }
  }
  MARQUEE_ASSIGN_OR_RETURN(const absl::string_view policy,
                           File("policy").Text("policy"));
  MARQUEE_ASSIGN_OR_RETURN(
      policy_, LoadPolicy(policy, absl::StrCat(directory, "/policy"), *catalog_,
                          *licences_));
  return absl::OkStatus();
}

FeatureSources Snapshot::feature_sources() const {
  return {.catalog = catalog_.get(),
          .popularity = popularity_.get(),
          .vectors = item_vectors_->values(),
          .dimension = item_vectors_->dimension()};
}

uint64_t Snapshot::size_bytes() const {
  uint64_t bytes = 0;
  for (const Section& section : sections_) bytes += section.file->size_bytes();
  return bytes;
}

absl::StatusOr<std::vector<SectionMemory>> Snapshot::MeasureSections() const {
  std::vector<MemoryRange> ranges;
  for (const Section& section : sections_) {
    ranges.push_back(section.file->memory());
  }
  MARQUEE_ASSIGN_OR_RETURN(const std::vector<Residency> residency,
                           MeasureResidency(ranges));
  std::vector<SectionMemory> sections;
  for (size_t i = 0; i < sections_.size(); ++i) {
    sections.push_back({.name = kSections[i],
                        .bytes = sections_[i].file->size_bytes(),
                        .placement = sections_[i].file->placement(),
                        .residency = residency[i]});
  }
  return sections;
}

}  // namespace marquee
