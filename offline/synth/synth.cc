#include "offline/synth/synth.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/catalog/records.h"
#include "core/files/output_file.h"
#include "nlohmann/json.hpp"
#include "offline/data/interactions.h"
#include "offline/data/record_json.h"
#include "offline/formats/progress.h"
#include "offline/synth/synth_names.h"
#include "offline/synth/synth_viewing.h"

namespace marquee {
namespace {

constexpr uint64_t kNameStream = 200;
constexpr uint64_t kFranchiseStream = 201;
constexpr uint32_t kLicenceSample = 20'000;

std::string FranchiseTitle(const SynthWorld& world, uint32_t franchise) {
  Random random(world.options().seed, kFranchiseStream, franchise);
  return SynthTitle(&random);
}

std::string TitleOf(const SynthWorld& world, uint32_t number) {
  const SynthItem& item = world.items()[number];
  if (item.franchise == kNoFranchise) {
    Random random(world.options().seed, kNameStream, number);
    return SynthTitle(&random);
  }
  std::string name = FranchiseTitle(world, item.franchise);
  return item.part == 1 ? name : absl::StrCat(name, " ", item.part);
}

std::vector<LicenceWindow> LicencesOf(const SynthWorld& world,
                                      uint32_t number) {
  std::vector<LicenceWindow> windows;
  for (int c = 0; c < world.options().countries; ++c) {
    const SynthLicence licence = world.LicenceOf(number, c);
    if (!licence.licensed) continue;
    LicenceWindow window;
    window.country = std::string(SynthCountryAt(c).code);
    if (licence.has_window) {
      window.start = absl::FromUnixSeconds(licence.start);
      window.end = absl::FromUnixSeconds(licence.end);
    }
    windows.push_back(std::move(window));
  }
  return windows;
}

ItemRecord RecordOf(const SynthWorld& world, uint32_t number) {
  const SynthItem& item = world.items()[number];
  // TitleOf uses the same stream with `number` itself.
  Random random(world.options().seed, kNameStream, ~uint64_t{number});
  ItemRecord record;
  record.id = SynthItemId(number);
  record.title = TitleOf(world, number);
  record.released = absl::ToCivilDay(absl::FromUnixSeconds(item.released),
                                     absl::UTCTimeZone());
  record.maturity = item.maturity;
  if (!world.IsOriginal(number)) record.licences = LicencesOf(world, number);
  const size_t genre = world.GenreOf(item.cluster);
  const size_t second = random.Below(kSynthGenres);
  auto& attributes = record.attributes;
  attributes["genre"] = {std::string(SynthGenre(genre))};
  if (second != genre && random.Chance(0.6)) {
    attributes["genre"].emplace_back(SynthGenre(second));
  }
  attributes["language"] = {std::string(SynthCountryAt(item.origin).language)};
  attributes["mood"] = {std::string(SynthMood(item.cluster))};
  attributes["studio"] = {SynthStudio(random.Below(1000))};
  if (item.franchise != kNoFranchise) {
    // The number distinguishes franchises with the same words.
    attributes["franchise"] = {absl::StrCat(
        FranchiseTitle(world, item.franchise), " (f", item.franchise + 1, ")")};
  }
  record.numbers["runtime_minutes"] = 40 + random.Below(120);
  return record;
}

UserRecord RecordOf(const SynthUser& user, uint64_t number) {
  UserRecord record;
  record.id = SynthUserId(number);
  const SynthCountry country = SynthCountryAt(user.country);
  record.country = std::string(country.code);
  record.language = std::string(country.language);
  record.maturity_limit = user.maturity_limit;
  return record;
}

absl::StatusOr<std::unique_ptr<OutputFile>> WriteItems(
    const SynthWorld& world, const std::string& path) {
  MARQUEE_ASSIGN_OR_RETURN(auto file, OutputFile::Create(path));
  Progress progress("items", world.items().size(), "");
  for (uint32_t i = 0; i < world.items().size(); ++i) {
    MARQUEE_ASSIGN_OR_RETURN(const std::string line,
                             JsonFromItem(RecordOf(world, i)));
    file->Append(line);
    file->Append("\n");
    MARQUEE_RETURN_IF_ERROR(file->status());
    progress.Update(i);
  }
  return file;
}

absl::StatusOr<std::unique_ptr<OutputFile>> WriteUsers(
    const SynthWorld& world, const std::string& path) {
  MARQUEE_ASSIGN_OR_RETURN(auto file, OutputFile::Create(path));
  Progress progress("users", world.options().users, "");
  for (uint64_t u = 0; u < world.options().users; ++u) {
    MARQUEE_ASSIGN_OR_RETURN(const std::string line,
                             JsonFromUser(RecordOf(world.UserOf(u), u)));
    file->Append(line);
    file->Append("\n");
    MARQUEE_RETURN_IF_ERROR(file->status());
    progress.Update(u);
  }
  return file;
}

absl::StatusOr<std::unique_ptr<InteractionWriter>> WriteInteractions(
    const SynthWorld& world, const std::string& path) {
  MARQUEE_ASSIGN_OR_RETURN(auto writer, InteractionWriter::Create(path));
  if (!(world.options().interactions_per_user > 0)) return writer;
  const SynthViewing viewing(world);
  Progress progress("interactions", world.options().users, "users");
  std::vector<SynthPlay> plays;
  for (uint64_t u = 0; u < world.options().users; ++u) {
    viewing.PlaysOf(u, &plays);
    const std::string user = SynthUserId(u);
    for (const SynthPlay& play : plays) {
      writer->Append(
          {user, SynthItemId(play.item), play.time, "play", play.share});
    }
    MARQUEE_RETURN_IF_ERROR(writer->status());
    progress.Update(u);
  }
  return writer;
}

// The four files of embeddings, kept until all files are published.
struct EmbeddingFiles {
  std::unique_ptr<NpyWriter> user_vectors;
  std::unique_ptr<NpyWriter> item_vectors;
  std::unique_ptr<OutputFile> user_ids;
  std::unique_ptr<OutputFile> item_ids;
};

absl::StatusOr<EmbeddingFiles> WriteEmbeddingFiles(const SynthWorld& world,
                                                   const SynthOutput& output) {
  EmbeddingFiles files;
  const std::string& directory = output.directory;
  MARQUEE_ASSIGN_OR_RETURN(files.user_vectors,
                           NpyWriter::Create(directory + "/user_embeddings.npy",
                                             kSynthDim, output.user_type));
  MARQUEE_ASSIGN_OR_RETURN(files.item_vectors,
                           NpyWriter::Create(directory + "/item_embeddings.npy",
                                             kSynthDim, NpyType::kFloat32));
  MARQUEE_ASSIGN_OR_RETURN(files.user_ids,
                           OutputFile::Create(directory + "/users.txt"));
  MARQUEE_ASSIGN_OR_RETURN(files.item_ids,
                           OutputFile::Create(directory + "/items.txt"));
  for (uint32_t i = 0; i < world.items().size(); ++i) {
    files.item_vectors->Append(world.ItemVector(i));
    files.item_ids->Append(absl::StrCat(SynthItemId(i), "\n"));
  }
  Progress progress("user vectors", world.options().users, "");
  std::array<float, kSynthDim> vector;
  for (uint64_t u = 0; u < world.options().users; ++u) {
    world.UserVector(u, vector);
    files.user_vectors->Append(vector);
    files.user_ids->Append(absl::StrCat(SynthUserId(u), "\n"));
    progress.Update(u);
  }
  return files;
}

SynthSummary Summarise(const SynthWorld& world, uint64_t interactions) {
  SynthSummary summary;
  const SynthOptions& options = world.options();
  summary.users = options.users;
  summary.items = options.items;
  summary.interactions = interactions;
  for (const SynthItem& item : world.items()) {
    if (item.part == 1) ++summary.franchises;
  }
  const auto sample =
      static_cast<uint32_t>(std::min<uint64_t>(options.items, kLicenceSample));
  uint64_t licensed = 0;
  for (uint32_t i = 0; i < sample; ++i) {
    for (int c = 0; c < options.countries; ++c) {
      licensed += world.LicenceOf(i, c).AllowsAt(options.now);
    }
  }
  summary.licensed_share = static_cast<double>(licensed) / sample /
                           static_cast<double>(options.countries);
  return summary;
}

absl::StatusOr<std::unique_ptr<OutputFile>> WriteTruth(
    const SynthWorld& world, const SynthSummary& summary,
    const std::string& path) {
  MARQUEE_ASSIGN_OR_RETURN(auto file, OutputFile::Create(path));
  const SynthOptions& options = world.options();
  const nlohmann::ordered_json truth = {
      {"seed", options.seed},
      {"users", options.users},
      {"items", options.items},
      {"franchises", summary.franchises},
      {"interactions", summary.interactions},
      {"interactions_per_user", options.interactions_per_user},
      {"countries", options.countries},
      {"days", options.days},
      {"now", options.now},
      {"clusters", world.clusters()},
      {"dimensions", kSynthDim},
      {"licensed_share_at_now", summary.licensed_share},
      {"share_of_plays_by_taste", 0.8}};
  file->Append(truth.dump(2) + "\n");
  return file;
}

}  // namespace

std::string SynthItemId(uint64_t number) {
  return absl::StrCat("t", number + 1);
}

std::string SynthUserId(uint64_t number) {
  return absl::StrCat("u", number + 1);
}

absl::StatusOr<SynthSummary> WriteSynth(const SynthOptions& options,
                                        const SynthOutput& output) {
  MARQUEE_ASSIGN_OR_RETURN(const auto world, SynthWorld::Create(options));
  const std::string& directory = output.directory;
  MARQUEE_RETURN_IF_ERROR(MakeDirectory(directory));
  // No file is published before all are written, so an error leaves the old
  // data.
  EmbeddingFiles vectors;
  if (output.embeddings) {
    MARQUEE_ASSIGN_OR_RETURN(vectors, WriteEmbeddingFiles(*world, output));
  }
  MARQUEE_ASSIGN_OR_RETURN(const auto items,
                           WriteItems(*world, directory + "/items.jsonl"));
  MARQUEE_ASSIGN_OR_RETURN(const auto users,
                           WriteUsers(*world, directory + "/users.jsonl"));
  MARQUEE_ASSIGN_OR_RETURN(
      const auto interactions,
      WriteInteractions(*world, directory + "/interactions.csv"));
  const SynthSummary summary = Summarise(*world, interactions->rows());
  MARQUEE_ASSIGN_OR_RETURN(
      const auto truth, WriteTruth(*world, summary, directory + "/truth.json"));
  if (output.embeddings) {
    MARQUEE_RETURN_IF_ERROR(PublishAll(
        {vectors.user_vectors->Finish(), vectors.item_vectors->Finish(),
         vectors.user_ids.get(), vectors.item_ids.get()}));
  }
  MARQUEE_RETURN_IF_ERROR(PublishAll(
      {items.get(), users.get(), interactions->Finish(), truth.get()}));
  return summary;
}

}  // namespace marquee
