// The names in the synthetic world. None of them is a real title or person.
#ifndef MARQUEE_OFFLINE_SYNTH_SYNTH_NAMES_H_
#define MARQUEE_OFFLINE_SYNTH_SYNTH_NAMES_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "core/base/random.h"

namespace marquee {

inline constexpr size_t kSynthGenres = 24;
inline constexpr size_t kSynthMaxCountries = 40;

struct SynthCountry {
  absl::string_view code;      // ISO 3166-1 alpha-2
  absl::string_view language;  // ISO 639-1
};

absl::string_view SynthGenre(size_t genre);
SynthCountry SynthCountryAt(size_t country);
absl::string_view SynthMood(size_t mood);  // any number
std::string SynthStudio(size_t studio);

// Returns two or three words, for example "The Silent Harbour".
std::string SynthTitle(Random* random);

}  // namespace marquee

#endif  // MARQUEE_OFFLINE_SYNTH_SYNTH_NAMES_H_
