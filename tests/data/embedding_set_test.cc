#include "offline/data/embedding_set.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/files/atomic_file.h"
#include "core/files/output_file.h"
#include "core/forest/forest.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "offline/data/als_file.h"
#include "offline/formats/npy.h"
#include "offline/synth/synth.h"
#include "tests/files/scratch.h"

namespace marquee {
namespace {

using ::testing::HasSubstr;

// A directory of embeddings with this als.json.
std::string WithAls(absl::string_view als) {
  const std::string directory = ScratchPath("embeddings");
  EXPECT_TRUE(WriteSynth({.users = 5, .items = 10, .seed = 1},
                         {.directory = directory, .embeddings = true})
                  .ok());
  EXPECT_TRUE(WriteFileAtomically(directory + "/als.json", als).ok());
  return directory;
}

std::string Fault(absl::string_view als) {
  return std::string(ReadEmbeddings(WithAls(als)).status().message());
}

std::string FaultOfIds(const std::string& file, const std::string& first) {
  const std::string directory =
      WithAls("{\"alpha\": 1, \"regularization\": 1}");
  const std::string path = directory + "/" + file;
  const std::string ids = *ReadFile(path, 1 << 20);
  EXPECT_TRUE(WriteFileAtomically(path, first + "\n" + ids).ok());
  return std::string(ReadEmbeddings(directory).status().message());
}

// As pandas writes one above the ids.
TEST(EmbeddingSet, AHeaderAboveTheIdsIsTold) {
  for (const char* const header :
       {"item_id", "itemId", "movieId", "id", "0", "Item ID"}) {
    EXPECT_THAT(
        FaultOfIds("items.txt", header),
        HasSubstr(absl::StrCat("/items.txt has 11 ids: its first line, '",
                               header, "', is probably a header: delete it")));
  }
  EXPECT_THAT(FaultOfIds("users.txt", "user_id"),
              HasSubstr("/users.txt has 6 ids: its first line, 'user_id', is "
                        "probably a header"));
  for (const char* const id : {"7", "ib", "t", "item_id\nanother"}) {
    EXPECT_THAT(FaultOfIds("items.txt", id),
                HasSubstr("they are not of one training"))
        << id;
  }
}

// What is said of embeddings in which one of the files is replaced by a matrix
// with `value` in its fourth row.
std::string FaultOf(const std::string& file, size_t rows, size_t columns,
                    float value, float others = 0.5f) {
  const std::string directory =
      WithAls("{\"alpha\": 1, \"regularization\": 1}");
  const std::string path = directory + "/" + file;
  std::filesystem::remove(path);
  const auto writer = *NpyWriter::Create(path, columns, NpyType::kFloat32);
  std::vector<float> values(rows * columns, others);
  values[3 * columns + 1] = value;
  writer->Append(values);
  EXPECT_TRUE(PublishAll({writer->Finish()}).ok());
  const absl::Status status = ReadEmbeddings(directory).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  return std::string(status.message());
}

TEST(EmbeddingSet, WhatASnapshotCanNotHoldIsNamed) {
  const std::string items = "item_embeddings.npy";
  const std::string users = "user_embeddings.npy";
  EXPECT_THAT(FaultOf(items, 10, 1025, 1),
              HasSubstr("/item_embeddings.npy: has 1025 columns; must have at "
                        "most 1024"));
  EXPECT_THAT(FaultOf(items, 10, 64, -1e20f),
              HasSubstr("/item_embeddings.npy: row 3, column 1 is -1e+20; must "
                        "be from -1e+06 to 1e+06"));
  EXPECT_THAT(FaultOf(users, 5, 1025, 1),
              HasSubstr("/user_embeddings.npy: has 1025 columns"));
  EXPECT_THAT(FaultOf(users, 5, 64, 1e7f),
              HasSubstr("/user_embeddings.npy: row 3, column 1 is 1e+07; must "
                        "be from -1e+06 to 1e+06"));
}

TEST(EmbeddingSet, VectorsThatLoseAllDigitsAreRefused) {
  for (const char* const file :
       {"item_embeddings.npy", "user_embeddings.npy"}) {
    EXPECT_THAT(FaultOf(file, file[0] == 'i' ? 10 : 5, 64, 0, 0),
                HasSubstr("its largest number is 0; must be at least 1e-18"));
    EXPECT_THAT(FaultOf(file, file[0] == 'i' ? 10 : 5, 64, 1e-30f, 1e-30f),
                HasSubstr("multiply all by one factor"));
  }
}

TEST(EmbeddingSet, ReadsTheParametersOfAls) {
  const std::string directory =
      WithAls(R"({"alpha": 2, "regularization": 0.5, "until": "2026-05-01",
                  "factors": 64, "seed": 3, "events": ["play"], "seen":
                  {"rows": 7, "last": 9, "digest": "00000000000000ff"}})");
  const auto set = ReadEmbeddings(directory);
  ASSERT_TRUE(set.ok()) << set.status();
  ASSERT_TRUE(set->als.has_value());
  EXPECT_EQ(set->als->alpha, 2);
  EXPECT_EQ(set->als->regularization, 0.5f);
  EXPECT_EQ(set->recipe,
            "als factors=64 regularization=0.5 alpha=2 events=[\"play\"]");
  EXPECT_EQ(set->seen, (SeenInteractions{.rows = 7, .last = 9, .digest = 255}));
  EXPECT_EQ((*ReadAlsFile(directory + "/als.json"))->until, "2026-05-01");
}

// It would give the vectors the name of others, and a ranker of others to them.
TEST(EmbeddingSet, AnAlsOfAnotherTrainingIsRefused) {
  const auto fault = [](const char* what) {
    return Fault(
        absl::StrCat("{\"alpha\": 1, \"regularization\": 1, ", what, "}"));
  };
  EXPECT_EQ(fault("\"factors\": 64, \"users\": 5, \"items\": 10"), "");
  EXPECT_THAT(fault("\"factors\": 16"),
              HasSubstr("/als.json: 'factors' is 16, "));
  EXPECT_THAT(fault("\"factors\": 16"),
              HasSubstr("/item_embeddings.npy has 64: they are not of one"));
  EXPECT_THAT(fault("\"items\": 11"), HasSubstr("'items' is 11, "));
  EXPECT_THAT(fault("\"users\": 4"),
              HasSubstr("/user_embeddings.npy has 5: they are not of one"));
  EXPECT_THAT(fault("\"users\": -4"),
              HasSubstr("'users' is -4, must be a whole number"));
}

TEST(EmbeddingSet, WithoutAlsItTellsNothing) {
  const std::string directory = WithAls("{}");
  std::filesystem::remove(directory + "/als.json");
  const auto set = ReadEmbeddings(directory);
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_FALSE(set->als.has_value());
  EXPECT_FALSE(set->seen.has_value());
  EXPECT_EQ(set->recipe, "vectors of 64 numbers");
  EXPECT_FALSE(ReadAlsFile(directory + "/als.json")->has_value());
}

TEST(EmbeddingSet, TheRecipeOfAlsDoesNotFollowTheOrderAndFitsAModel) {
  const auto recipe = [](const std::string& events) {
    const auto set = ReadEmbeddings(
        WithAls("{\"alpha\": 2.0, \"regularization\": 1, \"events\": [" +
                events + "]}"));
    EXPECT_TRUE(set.ok()) << set.status();
    return set.ok() ? set->recipe : "";
  };
  EXPECT_EQ(recipe(""), "als regularization=1 alpha=2");
  EXPECT_EQ(recipe("\"play\", \"complete\""),
            recipe("\"complete\", \"play\", \"play\""));
  std::string many = "\"play\"";
  for (int i = 0; i < 60; ++i) {
    absl::StrAppend(&many, ", \"watched_from_row_", i, "\"");
  }
  EXPECT_TRUE(IsRecipe(recipe(many))) << recipe(many);
  EXPECT_NE(recipe(many), recipe(many + ", \"more\""));
}

TEST(EmbeddingSet, ARecipeMayBeNamed) {
  const std::string directory =
      WithAls(R"({"alpha": 2, "regularization": 0.5})");
  std::ofstream(directory + "/recipe.txt") << "two towers, version 7\r\n";
  const auto set = ReadEmbeddings(directory);
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->recipe, "two towers, version 7");
  const std::string longest(kMaxRecipeBytes, 'x');
  std::ofstream(directory + "/recipe.txt")
      << "\xef\xbb\xbf" << longest << "\r\n";
  EXPECT_EQ(ReadEmbeddings(directory)->recipe, longest);
  std::ofstream(directory + "/recipe.txt") << longest << "x";
  EXPECT_FALSE(ReadEmbeddings(directory).ok());
  for (const char* const wrong : {"", "\n", "a\nb", "caf\xe9"}) {
    std::ofstream(directory + "/recipe.txt") << wrong;
    EXPECT_THAT(ReadEmbeddings(directory).status().message(),
                HasSubstr("/recipe.txt: must be one line of text"));
  }
}

TEST(EmbeddingSet, ADamagedAlsIsNamedAndNotAbsent) {
  for (const char* const damaged :
       {"", "{\"alpha\": 2, \"regul", "[]", "null"}) {
    EXPECT_THAT(Fault(damaged), HasSubstr("/als.json: is damaged")) << damaged;
  }
  EXPECT_THAT(Fault("{\"alpha\": 2,\n \"seen\": {\"rows\": 1},\n"
                    " \"alpha\": 3, \"regularization\": 1}"),
              HasSubstr("/als.json:3: field 'alpha': occurs twice"));
  EXPECT_THAT(Fault("{\"alpha\": 2}"),
              HasSubstr("/als.json: needs a number 'regularization'"));
  EXPECT_THAT(Fault("{\"alpha\": 1e300}"),
              HasSubstr("'alpha' is 1e+300, must be more than 0"));
  const auto with = [](const char* field) {
    return absl::StrCat("{\"alpha\": 1, \"regularization\": 1, ", field, "}");
  };
  EXPECT_THAT(Fault(with("\"until\": 7")),
              HasSubstr("/als.json: 'until' is 7, must be null or a string"));
  for (const char* const seen :
       {"7", "{}", R"({"rows": -1, "last": 1, "digest": "1"})",
        R"({"rows": 1, "last": "1", "digest": "1"})",
        R"({"rows": 1, "last": 1, "digest": 1})",
        R"({"rows": 1, "last": 1, "digest": "x"})"}) {
    EXPECT_THAT(Fault(with(absl::StrCat("\"seen\": ", seen).c_str())),
                HasSubstr("/als.json: 'seen' must have the numbers"))
        << seen;
  }
}

}  // namespace
}  // namespace marquee
