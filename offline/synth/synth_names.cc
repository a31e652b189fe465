#include "offline/synth/synth_names.h"

#include <array>

#include "absl/strings/str_cat.h"

namespace marquee {
namespace {

// The first four are for children.
constexpr std::array<absl::string_view, kSynthGenres> kGenres = {
    "Animation", "Family",  "Fairy Tale", "Adventure", "Comedy",  "Drama",
    "Romance",   "Action",  "Thriller",   "Crime",     "Mystery", "Horror",
    "Fantasy",   "Science", "War",        "History",   "Western", "Music",
    "Sport",     "Nature",  "Travel",     "Biography", "Reality", "Noir"};

constexpr std::array<SynthCountry, kSynthMaxCountries> kCountries = {{
    {"US", "en"}, {"DE", "de"}, {"GB", "en"}, {"FR", "fr"}, {"BR", "pt"},
    {"IN", "hi"}, {"JP", "ja"}, {"MX", "es"}, {"IT", "it"}, {"ES", "es"},
    {"CA", "en"}, {"KR", "ko"}, {"AU", "en"}, {"PL", "pl"}, {"NL", "nl"},
    {"TR", "tr"}, {"SE", "sv"}, {"AR", "es"}, {"CH", "de"}, {"AT", "de"},
    {"BE", "nl"}, {"PT", "pt"}, {"DK", "da"}, {"NO", "no"}, {"FI", "fi"},
    {"IE", "en"}, {"CZ", "cs"}, {"GR", "el"}, {"HU", "hu"}, {"RO", "ro"},
    {"CL", "es"}, {"CO", "es"}, {"PE", "es"}, {"ZA", "en"}, {"EG", "ar"},
    {"ID", "id"}, {"TH", "th"}, {"VN", "vi"}, {"PH", "en"}, {"NZ", "en"},
}};

constexpr std::array<absl::string_view, 40> kAdjectives = {
    "Silent",   "Golden",    "Broken",  "Distant",  "Hidden",    "Crimson",
    "Last",     "Electric",  "Frozen",  "Gentle",   "Hollow",    "Iron",
    "Burning",  "Midnight",  "Paper",   "Quiet",    "Restless",  "Secret",
    "Velvet",   "Wandering", "Ancient", "Bitter",   "Clever",    "Daring",
    "Endless",  "Faithful",  "Glass",   "Hungry",   "Invisible", "Jealous",
    "Kind",     "Lonely",    "Modern",  "Northern", "Open",      "Painted",
    "Reckless", "Salted",    "Twisted", "Upper"};

constexpr std::array<absl::string_view, 48> kNouns = {
    "Harbour", "Orchard", "Engine",  "Lantern", "Province",    "Carnival",
    "Winter",  "Compass", "Kingdom", "Letter",  "Machine",     "Mountain",
    "Ocean",   "Parade",  "Quarry",  "River",   "Signal",      "Tower",
    "Valley",  "Window",  "Archive", "Bridge",  "Circus",      "Desert",
    "Echo",    "Factory", "Garden",  "Horizon", "Island",      "Journey",
    "Key",     "Library", "Mirror",  "Nomad",   "Observatory", "Piano",
    "Queen",   "Railway", "Shadow",  "Theatre", "Uncle",       "Voyage",
    "Witness", "Year",    "Zenith",  "Baker",   "Detective",   "Gardener"};

constexpr std::array<absl::string_view, 12> kMoods = {
    "warm", "dark",        "witty", "tense", "dreamy",  "loud",
    "slow", "bittersweet", "epic",  "cosy",  "strange", "hopeful"};

}  // namespace

absl::string_view SynthGenre(size_t genre) { return kGenres[genre]; }

SynthCountry SynthCountryAt(size_t country) { return kCountries[country]; }

absl::string_view SynthMood(size_t mood) {
  return kMoods[mood % kMoods.size()];
}

std::string SynthStudio(size_t studio) {
  return absl::StrCat(kNouns[studio % kNouns.size()], " Pictures");
}

std::string SynthTitle(Random* random) {
  const absl::string_view adjective = kAdjectives[random->Below(40)];
  const absl::string_view noun = kNouns[random->Below(48)];
  const absl::string_view other = kNouns[random->Below(48)];
  switch (random->Below(4)) {
    case 0:
      return absl::StrCat("The ", adjective, " ", noun);
    case 1:
      return absl::StrCat(adjective, " ", noun);
    case 2:
      return absl::StrCat(noun, " of the ", adjective, " ", other);
    default:
      return absl::StrCat("The ", noun, " and the ", other);
  }
}

}  // namespace marquee
