#include "offline/build/snapshot_builder.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/base/status_macros.h"
#include "core/features/schema.h"
#include "core/snapshot/snapshot_writer.h"
#include "marquee/config/manifest.pb.h"
#include "offline/build/derived_snapshot.h"
#include "offline/build/folded_users.h"
#include "offline/build/item_rows.h"
#include "offline/build/ranker_sections.h"
#include "offline/build/related_rows.h"
#include "offline/build/snapshot_seal.h"
#include "offline/build/user_rows.h"
#include "offline/data/embedding_set.h"
#include "offline/doubts/catalogue_doubts.h"
#include "offline/doubts/id_doubts.h"
#include "offline/doubts/id_match.h"
#include "offline/doubts/vector_doubts.h"
#include "offline/formats/parse_number.h"
#include "offline/formats/progress.h"

namespace marquee {
namespace {

// Users whose vectors judge the cells.
constexpr size_t kSampledUsers = 50;

void WriteSeen(const SeenInteractions& seen, config::Manifest::Seen& out) {
  out.set_rows(seen.rows);
  out.set_last_unix_seconds(seen.last);
  out.set_digest(seen.digest);
}

class Builder {
 public:
  Builder(const BuildOptions& options, SnapshotWriter& out)
      : options_(options), out_(out) {}

  absl::StatusOr<BuildSummary> Build() {
    // Read the model first, before minutes are spent. Its features are checked
    // later.
    MARQUEE_ASSIGN_OR_RETURN(
        ranker_, ReadRanker(options_.ranker, options_.ranker_iterations));
    MARQUEE_ASSIGN_OR_RETURN(embeddings_, ReadEmbeddings(options_.embeddings));
    if (!options_.allow_other_vectors) {
      MARQUEE_RETURN_IF_ERROR(CheckVectors(
          ranker_, options_.ranker, embeddings_.recipe, options_.embeddings));
    }
    MARQUEE_ASSIGN_OR_RETURN(
        items_, ReadItemRows(absl::StrCat(options_.data, "/items.jsonl"),
                             embeddings_.items.ids));
    MARQUEE_RETURN_IF_ERROR(CheckNotEmpty());
    PutInOrderOfCells();
    // For a build of a later moment, rows up to then are not in the future.
    const absl::Time now =
        std::max(absl::Now(), options_.now.value_or(absl::InfinitePast()));
    const UserRows::Options users{
        .directory = options_.data,
        .history = {.until = options_.until, .events = Events(), .now = now}};
    MARQUEE_ASSIGN_OR_RETURN(
        users_, UserRows::Read(users, embeddings_.users.ids, items_.ids));
    if (!options_.allow_unmatched) {
      MARQUEE_RETURN_IF_ERROR(
          users_.CheckIds(users, options_.embeddings, items_.ids));
    }
    MARQUEE_RETURN_IF_ERROR(WriteItemSections());
    MARQUEE_RETURN_IF_ERROR(WriteUserSections());
    MARQUEE_ASSIGN_OR_RETURN(
        std::vector<std::string> warnings,
        WriteEngineSections(cell_begins_, options_.retrieval, out_));
    const absl::Status ranked = WriteRankerSections(ranker_, out_);
    if (!ranked.ok()) return NameTheSources(ranked, options_, out_);
    MARQUEE_RETURN_IF_ERROR(WritePolicySection(options_.policy, out_));
    FillManifest();
    warnings.insert(warnings.end(), ranker_.warnings.begin(),
                    ranker_.warnings.end());
    summary_.warnings = std::move(warnings);
    MARQUEE_RETURN_IF_ERROR(SealSnapshot(options_, out_, summary_));
    WarnOfData();
    WarnOfLosses();
    return PublishSnapshot(options_, out_, std::move(summary_));
  }

 private:
  // A snapshot that can show or find nothing is an error of the call.
  absl::Status CheckNotEmpty() const {
    if (items_.records.empty()) {
      return absl::FailedPreconditionError(
          absl::StrCat(options_.data, "/items.jsonl: has no items"));
    }
    if (items_.vector_number.empty()) {
      return TellForeignItems();
    }
    if (options_.allow_unmatched) return absl::OkStatus();
    return CheckMatch(
        {.file = absl::StrCat(options_.embeddings, "/items.txt"),
         .what = "items",
         .where = absl::StrCat(options_.data, "/items.jsonl"),
         .count = embeddings_.items.size(),
         .unmatched = items_.unknown.size(),
         .example = items_.unknown.empty() ? "" : items_.unknown.front(),
         .there_example = items_.records.front().id});
  }

  absl::Status TellForeignItems() const {
    const std::string there =
        items_.unknown.empty() ? "" : items_.unknown.front();
    return absl::FailedPreconditionError(absl::StrCat(
        options_.embeddings, "/items.txt: names no item of ", items_.path,
        there.empty() ? ""
                      : absl::StrCat(", but such as ", QuoteForError(there)),
        "; ids there look like ", QuoteForError(items_.records.front().id),
        "; export both files from one catalogue.", HintOfId(there)));
  }

  // Makes each cell a range of rows.
  void PutInOrderOfCells() {
    const std::vector<float> values = items_.Vectors(embeddings_.items);
    CellAssignment cells = PartitionItems(
        values, embeddings_.items.dim(),
        embeddings_.users.Sample(kSampledUsers), options_.retrieval);
    items_.Reorder(cells.order);
    cell_begins_ = std::move(cells.begins);
  }

  // Writes in the order of kSections, as do the following functions.
  absl::Status WriteItemSections() {
    MARQUEE_RETURN_IF_ERROR(
        out_.WriteSection("catalog", [&](ArrayFileWriter& out) {
          return items_.WriteCatalog(options_.unrated_is, out);
        }));
    MARQUEE_RETURN_IF_ERROR(out_.WriteSection(
        "licences",
        [&](ArrayFileWriter& out) { return items_.WriteLicences(out); }));
    MARQUEE_RETURN_IF_ERROR(
        out_.WriteSection("popularity", [&](ArrayFileWriter& out) {
          return users_.popularity().Write(items_.ReleasedDays(), out);
        }));
    MARQUEE_RETURN_IF_ERROR(
        out_.WriteSection("related_items", [&](ArrayFileWriter& out) {
          WriteRelatedItems(users_, items_.records.size(),
                            options_.retrieval.threads, out);
          return absl::OkStatus();
        }));
    const std::vector<float> values = items_.Vectors(embeddings_.items);
    const size_t dimension = embeddings_.items.dim();
    MARQUEE_RETURN_IF_ERROR(
        out_.WriteSection("item_vectors", [&](ArrayFileWriter& out) {
          const AlsParameters* const als =
              embeddings_.als ? &*embeddings_.als : nullptr;
          return WriteItemVectors(values, dimension, als, out);
        }));
    return WriteCodeSection(values, dimension, out_);
  }

  absl::Status WriteUserSections() {
    MARQUEE_ASSIGN_OR_RETURN(const auto file, out_.OpenSection("catalog"));
    MARQUEE_ASSIGN_OR_RETURN(const auto catalog, Catalog::Open(*file));
    MARQUEE_ASSIGN_OR_RETURN(const auto vector_file,
                             out_.OpenSection("item_vectors"));
    MARQUEE_ASSIGN_OR_RETURN(const auto items, ItemVectors::Open(*vector_file));
    own_items_ =
        PlaceOwnItems(embeddings_.users, *items,
                      [this](uint32_t user) { return users_.Liked(user); });
    const FoldedUsers folded = FoldInUsers(users_.TakeLikesWithoutVector(),
                                           *items, options_.retrieval.threads);
    summary_.folded_users = folded.users.size();
    MARQUEE_RETURN_IF_ERROR(
        out_.WriteSection("users", [&](ArrayFileWriter& out) {
          return users_.WriteUsers(*catalog, OrderOfUsers(folded.users), out);
        }));
    return out_.WriteSection("user_vectors", [&](ArrayFileWriter& out) {
      return WriteUserVectors(folded, out);
    });
  }

  // Returns users with a vector first: the trained ones, then the folded ones.
  std::vector<uint32_t> OrderOfUsers(std::span<const uint32_t> folded) const {
    std::vector<uint32_t> order(embeddings_.users.size());
    std::iota(order.begin(), order.end(), 0);
    order.insert(order.end(), folded.begin(), folded.end());
    for (uint32_t user = embeddings_.users.size(); user < users_.size();
         ++user) {
      if (!std::binary_search(folded.begin(), folded.end(), user)) {
        order.push_back(user);
      }
    }
    return order;
  }

  absl::Status WriteUserVectors(const FoldedUsers& folded,
                                ArrayFileWriter& out) const {
    const EmbeddingTable& trained = embeddings_.users;
    const size_t dimension = embeddings_.items.dim();
    UserVectorWriter writer(dimension,
                            std::max(trained.largest(), folded.largest()), out);
    std::vector<float> row(dimension);
    for (uint32_t i = 0; i < trained.size(); ++i) {
      trained.Copy(i, row);
      MARQUEE_RETURN_IF_ERROR(writer.Add(row));
    }
    for (size_t i = 0; i < folded.users.size(); ++i) {
      MARQUEE_RETURN_IF_ERROR(writer.Add(
          std::span(folded.vectors).subspan(i * dimension, dimension)));
    }
    return absl::OkStatus();
  }

  void FillManifest() {
    config::Manifest& manifest = out_.manifest();
    manifest.set_items(items_.records.size());
    manifest.set_items_with_vector(items_.vector_number.size());
    manifest.set_users(users_.size());
    manifest.set_users_with_vector(embeddings_.users.size() +
                                   summary_.folded_users);
    manifest.set_dimension(static_cast<uint32_t>(embeddings_.items.dim()));
    const auto file = out_.OpenSection("catalog");
    const auto catalog = file.ok() ? Catalog::Open(**file) : file.status();
    if (catalog.ok())
      manifest.set_feature_schema(FeatureSchema(**catalog).Hash());
    summary_.vectors = embeddings_.recipe;
    summary_.vectors_seen = embeddings_.seen;
    summary_.history = users_.likes();
    manifest.set_vectors(summary_.vectors);
    if (embeddings_.seen) {
      WriteSeen(*embeddings_.seen, *manifest.mutable_vectors_seen());
    }
    WriteSeen(users_.likes(), *manifest.mutable_history());
    summary_.unknown_embedded_items = items_.unknown;
    summary_.unknown_interactions = users_.unknown_items();
    summary_.unknown_interaction = users_.unknown_item();
    summary_.zero_item_vectors = embeddings_.items.zeros();
    summary_.zero_user_vectors = embeddings_.users.zeros();
    summary_.conversions = embeddings_.Conversions();
  }

  WantedEvents Events() const {
    if (!options_.events.empty()) return {.names = options_.events};
    return {.names = embeddings_.events, .implied = true};
  }

  // Warns of input that is lawful but hardly ever meant.
  void WarnOfData() {
    const auto warn = [this](std::vector<std::string> lines) {
      for (std::string& line : lines) {
        summary_.data_warnings.push_back(std::move(line));
      }
    };
    warn(items_.TellUnknownCodes());
    warn(TellCatalogueDoubts(items_.path, items_.records, items_.lines));
    warn(TellIdDoubts(items_.path, items_.records, items_.lines));
    warn(users_.TellUnknownCodes(options_.data));
    warn(users_.remarks());
    std::string own = TellOwnItems(own_items_, options_.embeddings);
    if (!own.empty()) warn({std::move(own)});
  }

  void WarnOfLosses() {
    if (summary_.unrated_items == summary_.items && !options_.unrated_is) {
      Warn(items_.path,
           ": no item has a maturity, so no user with an age limit is shown "
           "anything; --unrated-is N gives them the age N");
    }
    if (ranker_.forest && !embeddings_.names_recipe) {
      Warn(options_.embeddings,
           ": does not say how its vectors were made, in one line of "
           "recipe.txt: whether the ranker was trained on vectors like these "
           "is not known");
    }
    if (users_.interactions() == 0) {
      Warn(options_.data, "/interactions.csv: of its ", users_.rows_read(),
           " rows none is before --until and of an item of the catalogue: "
           "nothing is popular, and users are shown what they have seen");
    }
    WarnOfUsersWithoutCountry();
  }

  void WarnOfUsersWithoutCountry() {
    const std::string path = absl::StrCat(options_.data, "/users.jsonl");
    if (users_.without_profile() > 0) {
      const std::string one = users_.OneWithoutProfile();
      Warn(path, ": has no line for ", users_.without_profile(), " of ",
           users_.size(), " users, such as ", QuoteForError(one),
           ": they have no country and no age limit",
           HintOfId(one).empty() ? "" : ".", HintOfId(one));
    }
    // If all items are licensed everywhere, users need no country.
    const size_t count = users_.without_country();
    if (count == 0 || !items_.NameCountries()) return;
    Warn(path, ": ", count, " of its ", users_.profiled(),
         " users have no country: where a request names none, they are shown "
         "only what is licensed everywhere");
  }

  template <typename... Parts>
  void Warn(const Parts&... parts) {
    summary_.warnings.push_back(absl::StrCat(parts...));
  }

  const BuildOptions& options_;
  SnapshotWriter& out_;
  EmbeddingSet embeddings_;
  ItemRows items_;
  UserRows users_;
  OwnItems own_items_;
  ChosenRanker ranker_;
  std::vector<uint32_t> cell_begins_;
  BuildSummary summary_;
};

}  // namespace

absl::StatusOr<BuildSummary> BuildSnapshot(const BuildOptions& options) {
  if (!options.from.empty()) return DeriveSnapshot(options);
  MARQUEE_ASSIGN_OR_RETURN(const auto writer,
                           SnapshotWriter::Create(options.snapshots));
  return Builder(options, *writer).Build();
}

}  // namespace marquee
