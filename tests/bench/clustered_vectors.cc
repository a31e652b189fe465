#include "tests/bench/clustered_vectors.h"

#include <cmath>
#include <memory>
#include <numbers>
#include <span>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/random.h"
#include "core/base/status_macros.h"
#include "core/files/output_file.h"
#include "offline/formats/npy.h"

namespace marquee {
namespace {

constexpr double kNoise = 0.7;
enum Stream : uint64_t { kCenters = 1, kItems, kUsers };

// Normal with its tails, which Random::Normal does not have: the few longest
// items are what makes inner products hard. (Box and Muller, 1958.)
double NormalWithTails(Random& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.Uniform()));
  return radius * std::cos(2 * std::numbers::pi * random.Uniform());
}

void Scale(double length, std::span<float> vector) {
  double square = 0;
  for (const float x : vector) square += double{x} * x;
  if (square == 0) return;
  const double factor = length / std::sqrt(square);
  for (float& x : vector) x = static_cast<float>(x * factor);
}

class Generator {
 public:
  explicit Generator(const ClusteredVectorsOptions& options)
      : options_(options), vector_(options.dimension) {
    for (size_t c = 0; c < options.clusters; ++c) {
      Random random(options.seed, kCenters, c);
      for (size_t d = 0; d < options.dimension; ++d) {
        centers_.push_back(static_cast<float>(random.Normal()));
      }
    }
  }

  // Valid until the next call.
  std::span<const float> Item(size_t number) {
    Random random(options_.seed, kItems, number);
    Draw(random);
    Scale(std::exp(options_.sigma * NormalWithTails(random)), vector_);
    return vector_;
  }
  std::span<const float> User(size_t number) {
    Random random(options_.seed, kUsers, number);
    Draw(random);
    return vector_;
  }

 private:
  void Draw(Random& random) {
    const size_t cluster =
        random.Below(static_cast<uint32_t>(options_.clusters));
    const float* const center = &centers_[cluster * options_.dimension];
    for (size_t d = 0; d < vector_.size(); ++d) {
      vector_[d] = static_cast<float>(center[d] + kNoise * random.Normal());
    }
  }

  const ClusteredVectorsOptions& options_;
  std::vector<float> centers_;  // [clusters × dimension]
  std::vector<float> vector_;
};

}  // namespace

absl::Status WriteClusteredVectors(const ClusteredVectorsOptions& options) {
  MARQUEE_RETURN_IF_ERROR(MakeDirectory(options.directory));
  const auto create = [&](const char* name) {
    return NpyWriter::Create(absl::StrCat(options.directory, "/", name),
                             options.dimension, NpyType::kFloat32);
  };
  MARQUEE_ASSIGN_OR_RETURN(const auto items, create("item_embeddings.npy"));
  MARQUEE_ASSIGN_OR_RETURN(const auto users, create("user_embeddings.npy"));
  Generator generator(options);
  for (size_t i = 0; i < options.items; ++i) {
    items->Append(generator.Item(i));
  }
  for (size_t i = 0; i < options.users; ++i) users->Append(generator.User(i));
  return PublishAll({items->Finish(), users->Finish()});
}

}  // namespace marquee
