#include "offline/data/vector_doubts.h"

#include <algorithm>
#include <span>

#include "absl/strings/str_format.h"
#include "core/simd/dot.h"

namespace marquee {
namespace {

constexpr size_t kPeople = 400;
constexpr size_t kOwn = 8;           // titles of a person, at most
constexpr size_t kOthers = 256;      // titles that they are compared with
constexpr size_t kLeastPeople = 30;  // fewer tell nothing
constexpr double kLeastPlace = 0.6;

}  // namespace

OwnTitles PlaceOwnTitles(
    const Embeddings& people, const ItemVectors& titles,
    absl::FunctionRef<std::vector<ItemRow>(uint32_t)> likes) {
  OwnTitles own;
  const size_t sample = std::min(kPeople, people.size());
  const size_t others = std::min(kOthers, titles.size());
  std::vector<float> vector(titles.dimension());
  double places = 0;
  const auto score = [&](ItemRow row) {
    return simd::Dot(vector.data(), titles[row].data(), vector.size());
  };
  for (size_t i = 0; i < sample; ++i) {
    const auto person = static_cast<uint32_t>(i * people.size() / sample);
    std::vector<ItemRow> liked = likes(person);
    std::erase_if(liked, [&](ItemRow row) { return !titles.Has(row); });
    if (liked.empty()) continue;
    people.Copy(person, vector);
    double below = 0;
    const size_t looked_at = std::min(kOwn, liked.size());
    for (size_t j = 0; j < looked_at; ++j) {
      const float mine = score(liked[j * liked.size() / looked_at]);
      for (size_t o = 0; o < others; ++o) {
        // Not the same for everybody.
        const size_t row = (o * titles.size() / others + i) % titles.size();
        const float other = score(ItemRow{static_cast<uint32_t>(row)});
        below += other < mine ? 1 : other == mine ? 0.5 : 0;
      }
    }
    places += below / static_cast<double>(looked_at * others);
    ++own.people;
  }
  if (own.people > 0) own.place = places / static_cast<double>(own.people);
  return own;
}

std::string TellOwnTitles(const OwnTitles& own, const std::string& directory) {
  if (own.people < kLeastPeople || own.place >= kLeastPlace) return "";
  return absl::StrFormat(
      "%s: by these vectors the titles that people like stand above %.0f %% of "
      "the others, where chance is 50 %% (%d people): are users.txt and "
      "items.txt in the order of their matrices, and both of one training?",
      directory, 100 * own.place, own.people);
}

}  // namespace marquee
