// marquee import: converts other data sets to ours.
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/status_macros.h"
#include "nlohmann/json.hpp"
#include "offline/cli/commands.h"
#include "offline/cli/print_json.h"
#include "offline/command_line/value_check.h"
#include "offline/import/movielens.h"

namespace marquee {
namespace {

constexpr size_t kVerboseFranchises = 20;

struct ImportOptions {
  std::string directory;
  std::string out;
  MovieLensOptions movielens;
  bool verbose_franchises = false;
  bool json = false;
};

nlohmann::ordered_json AsJson(const MovieLensSummary& summary) {
  return {{"release", summary.release},
          {"items", summary.items},
          {"users", summary.users},
          {"interactions", summary.interactions},
          {"likes", summary.likes},
          {"franchises", summary.franchises.size()},
          {"items_without_year", summary.without_year},
          {"items_without_genre", summary.without_genre}};
}

void PrintText(const ImportOptions& options, const MovieLensSummary& summary) {
  uint64_t in_franchises = 0;
  for (const Franchise& franchise : summary.franchises) {
    in_franchises += franchise.titles.size();
  }
  std::string text;
  absl::StrAppend(&text, "items         ", summary.items, ", ",
                  summary.without_year, " without a year, ",
                  summary.without_genre, " without a genre\n");
  absl::StrAppend(&text, "franchises    ", summary.franchises.size(), " with ",
                  in_franchises, " items, derived from the titles\n");
  absl::StrAppend(&text, "users         ", summary.users, "\n");
  absl::StrAppend(&text, "interactions  ", summary.interactions, ": ",
                  summary.likes, " likes (", options.movielens.like_from,
                  " stars and more), ", summary.interactions - summary.likes,
                  " only seen (weight 0)\n");
  absl::StrAppend(
      &text, summary.not_read,
      "\nMovieLens has no age ratings, licences and countries: every "
      "item is licensed everywhere, and no user with an age limit is "
      "shown one unless built with --unrated-is.\n",
      "written to ", options.out, "\n");
  std::fputs(text.c_str(), stdout);
}

void PrintFranchises(const MovieLensSummary& summary) {
  for (size_t i = 0; i < summary.franchises.size() && i < kVerboseFranchises;
       ++i) {
    const Franchise& franchise = summary.franchises[i];
    std::fprintf(stderr, "%zu %s: %s\n", franchise.titles.size(),
                 franchise.name.c_str(),
                 absl::StrJoin(franchise.titles, " | ").c_str());
  }
}

absl::Status Import(const ImportOptions& options) {
  MARQUEE_ASSIGN_OR_RETURN(
      const MovieLensSummary summary,
      ImportMovieLens(options.directory, options.out, options.movielens));
  if (options.verbose_franchises) PrintFranchises(summary);
  if (options.json) {
    PrintJson(AsJson(summary));
  } else {
    PrintText(options, summary);
  }
  return absl::OkStatus();
}

}  // namespace

void RegisterImport(Command program) {
  Command import = program.Add("import", "Turn another data set into ours");
  auto options = std::make_shared<ImportOptions>();
  Command command = import.Add(
      "movielens",
      "A MovieLens folder (ml-latest, ml-1m or ml-100k): items.jsonl, "
      "users.jsonl, interactions.csv");
  command
      .AddOption("directory", options->directory,
                 "the folder with movies.csv and ratings.csv, movies.dat and "
                 "ratings.dat, or u.item and u.data")
      .Required();
  command.AddOption("--out", options->out, "the folder to write").Required();
  command
      .AddOption("--like-from", options->movielens.like_from,
                 "ratings of so many stars are likes; lower ones only say "
                 "that the item was seen")
      .ShowDefault()
      .Check(RealNumber(0.5, 5));
  command.AddFlag("--verbose-franchises", options->verbose_franchises,
                  "list the twenty largest franchises on the standard error");
  command.AddFlag("--json", options->json, "print the result as JSON");
  command.Does([options] { return Import(*options); });
}

}  // namespace marquee
