// What the tests of the services serve: the tiny snapshot, built once.
#ifndef MARQUEE_TESTS_SERVICE_SERVED_WORLD_H_
#define MARQUEE_TESTS_SERVICE_SERVED_WORLD_H_

#include <filesystem>
#include <memory>
#include <string>

#include "core/base/clock.h"
#include "core/pipeline/pipeline.h"
#include "gtest/gtest.h"
#include "server/reload/serving_snapshot.h"
#include "tests/snapshot/tiny_snapshot.h"

namespace marquee {

// Of the exact engine, without a warm-up.
inline std::shared_ptr<ServingSnapshot> LoadServed(
    const SmallWorld& world, const std::string& name, const Clock& clock,
    const PipelineOptions& pipeline = {}) {
  const std::string directory = ::testing::TempDir() + name;
  std::filesystem::remove_all(directory);
  auto serving =
      ServingSnapshot::Load(BuildTiny(world, directory),
                            {.pipeline = pipeline,
                             .retrieval = {.engine = RetrievalEngine::kExact},
                             .warm_up_requests = 1},
                            clock);
  EXPECT_TRUE(serving.ok()) << serving.status();
  return *std::move(serving);
}

}  // namespace marquee

#endif  // MARQUEE_TESTS_SERVICE_SERVED_WORLD_H_
