#include "core/model_import/foreign_model.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scoring/models.h"

namespace marquee {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

absl::Status ErrorOf(absl::string_view bytes) {
  return ImportForest(bytes, "m").status();
}

// The first fields of XGBoost's old binary format without the mark before it.
std::string OldBinary(absl::string_view booster) {
  const std::string zeros(7, '\0');
  const std::string parameters(136, '\0');
  return absl::StrCat(parameters, "\x10", zeros, "reg:squarederror",
                      std::string(1, static_cast<char>(booster.size())), zeros,
                      booster);
}

TEST(ForeignModel, ADumpOfLightGbmSaysWhatToCall) {
  const std::string dump =
      R"({"name":"tree","version":"v4","num_class":1,"max_feature_idx":3,)"
      R"("objective":"lambdarank","feature_names":["a","b","c","d"],)"
      R"("tree_info":[{"tree_index":0,"tree_structure":{"leaf_value":1}}]})";
  for (const std::string space : {"", "\n ", "\xEF\xBB\xBF"}) {
    EXPECT_EQ(ErrorOf(space + dump),
              absl::UnimplementedError(
                  "m: is a JSON dump of a LightGBM model (dump_model), which "
                  "is not read; save the model with "
                  "booster.save_model(\"model.txt\")"));
  }
}

TEST(ForeignModel, ADumpOfXgboostSaysWhatToCall) {
  for (const std::string text :
       {"booster[0]:\n0:[f0<0.5] yes=1,no=2,missing=1\n",
        "0:[f0<0.5] yes=1,no=2,missing=1\n\t1:leaf=1\n", "0:leaf=0.1\n",
        "[\n  { \"nodeid\": 0, \"leaf\": 1 }\n]", "{ \"nodeid\": 0 }",
        "[\"0:[f0<0.5] yes=1,no=2\\n\"]", "[ \"0:leaf=1\\n\"]",
        "[\"  { \\\"nodeid\\\": 0 }\"]"}) {
    EXPECT_EQ(ErrorOf(text),
              absl::UnimplementedError(
                  "m: is a dump of an XGBoost model (dump_model or get_dump), "
                  "which has not all of it; save the model with "
                  "save_model(\"model.json\") or save_model(\"model.ubj\")"))
        << text;
  }
}

TEST(ForeignModel, OtherFormatsAreNamed) {
  const std::string calls =
      "a LightGBM one with booster.save_model(\"model.txt\"), an XGBoost one "
      "with save_model(\"model.json\") or save_model(\"model.ubj\")";
  const std::pair<std::string, std::string> files[] = {
      {"binf....", "m: XGBoost's old binary format"},
      {"bs64....", "m: XGBoost's old binary format"},
      {OldBinary("gbtree"), "m: XGBoost's old binary format"},
      {OldBinary("dart"), "and save it with save_model(\"model.json\")"},
      {OldBinary("gblinear"), "m: XGBoost's old binary format"},
      {"\x80\x04\x95",
       "m: is a Python pickle or joblib file, which is not "
       "read; load it in Python and save the model: " +
           calls},
      {"\x08\x09\x12\x09onnxmaker",
       "m: is an ONNX model, which is not read; "
       "save the model that it was made of: " +
           calls},
      {"PK\x03\x04", "m: is not a tree model but a zip archive; unpack it"},
      {"\x1f\x8b", "m: is not a tree model but a gzip file; unpack it"},
      {"\x93NUMPY",
       "m: is not a tree model but a NumPy array; models of "
       "LightGBM and XGBoost are read"},
      {std::string("\xFF\xFEt\0r\0", 6),
       "m: is text in UTF-16, as Excel and PowerShell write it; save it as "
       "UTF-8"},
      {std::string("\xFE\xFF\0{", 4), "m: is text in UTF-16"},
      {"tree\rversion=v4\r",
       "m: is a LightGBM text file whose lines end with "
       "CR alone; end them with LF"},
      {"CBM1", "m: is a CatBoost model; models of LightGBM and XGBoost are"},
      {"{\"item_id\":\"t1\"}\n{\"item_id\":\"t2\"}\n",
       "m: is not a tree model but a file of items or users"},
      {"{\"user_id\":\"u1\"}\n", "m: is not a tree model but a file of items"},
  };
  for (const auto& [bytes, what] : files) {
    const absl::Status status = ErrorOf(bytes);
    EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented) << status;
    EXPECT_THAT(status.message(), HasSubstr(what));
  }
}

// Whatever words are in it, and whatever is wrong with it.
TEST(ForeignModel, ADamagedModelOfXgboostIsNoDump) {
  const std::string damaged =
      R"({"learner":{"feature_names":["nodeid","max_feature_idx","item_id"],)";
  EXPECT_EQ(TellForeignModel(damaged), "");
  EXPECT_THAT(ErrorOf(damaged).message(), HasSubstr("m:1:"));
  const std::string words =
      "{\"nodeid\":0,\"max_feature_idx\":1,\"item_id\":2,\"learner\":3}";
  EXPECT_EQ(TellForeignModel(words), "");
}

TEST(ForeignModel, WhatIsNotKnownIsNotGuessed) {
  for (const std::string text :
       {"", "hello", "[]", "{}", "[1, 2]", "user_id,item_id", "\x08\x09\x12",
        "\x08\x09\x12\x02\x01\x01", "0:5"}) {
    EXPECT_EQ(TellForeignModel(text), "") << text;
  }
  EXPECT_EQ(TellForeignModel(std::string(600, 'x') + OldBinary("gbtree")), "");
}

}  // namespace
}  // namespace marquee
