// That importing costs no more memory than a small multiple of the file, also
// of one that was made to cost much.
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "tests/scoring/allocation_counter.h"
#include "tests/scoring/models.h"

namespace marquee {
namespace {

// As import.h promises; and for small files, what an error message takes.
constexpr size_t kMostPerByte = 36;
constexpr size_t kFree = size_t{1} << 14;

void ExpectCheap(const std::string& name, const std::string& bytes) {
  const PeakBytes peak;
  const bool is_read = ImportForest(bytes, "hostile").ok();
  const size_t most = peak.Get();
  EXPECT_LE(most, kMostPerByte * bytes.size() + kFree)
      << name << " of " << bytes.size() << " bytes, "
      << (is_read ? "read" : "refused");
}

// Of a file that has `count` of something.
using Build = std::string (*)(size_t count);
using Case = std::pair<const char*, Build>;

// Counts at which a vector or a table has just grown, or is about to.
void ExpectAllCheap(std::span<const Case> cases) {
  for (const auto& [name, build] : cases) {
    for (const size_t count : {1000, 32767, 32769, 57344, 57345, 65537}) {
      ExpectCheap(name, build(count));
    }
  }
}

std::string Repeat(size_t count, absl::string_view word) {
  std::string text;
  for (size_t i = 0; i < count; ++i) absl::StrAppend(&text, word);
  return text;
}

TEST(ImportMemory, TheCounterSeesWhatWasFreed) {
  const PeakBytes peak;
  { const std::vector<char> bytes(1'000'000); }
  EXPECT_GE(peak.Get(), 1'000'000);
  EXPECT_LT(peak.Get(), 1'100'000);
  EXPECT_LT(PeakBytes().Get(), 1'000);
}

// A text model of one tree with these fields.
std::string TextOf(const std::string& tree) {
  LightGbmModel model;
  model.trees = {tree};
  return model.Text();
}

std::string ManyColumns(size_t count) {
  return absl::StrReplaceAll(
      TextOf(Constant("1")),
      {{"=a b c", absl::StrCat("=", Repeat(count, "a "))},
       {"idx=2", absl::StrCat("idx=", count - 1)}});
}

std::string ManySpaces(size_t count) {
  return absl::StrReplaceAll(TextOf(Constant("1")),
                             {{"=a b c", "=" + std::string(count, ' ')}});
}

std::string ManyLeaves(size_t count) {
  return TextOf(absl::StrCat("num_leaves=", count, "\nnum_cat=0\nleaf_value=",
                             Repeat(count, "0 "), "\n"));
}

// Each split has a leaf on its left and the next split on its right.
std::string ManySplits(size_t count) {
  std::string left, right;
  for (size_t i = 1; i <= count; ++i) {
    absl::StrAppend(&left, "-", i, " ");
    absl::StrAppend(&right, i < count ? "" : "-", i < count ? i : count + 1,
                    " ");
  }
  const std::string zeros = Repeat(count, "0 ");
  return TextOf(absl::StrCat(
      "num_leaves=", count + 1, "\nnum_cat=0\nsplit_feature=", zeros,
      "\nthreshold=", zeros, "\nleft_child=", left, "\nright_child=", right,
      "\nleaf_value=", zeros, "0\n"));
}

std::string ManyCategories(size_t count) {
  return TextOf(absl::StrReplaceAll(
      Stump("0", 1),
      {{"num_cat=0",
        absl::StrCat("num_cat=1\ncat_boundaries=0 ", count,
                     "\ncat_threshold=", Repeat(count, "4294967295 "))}}));
}

std::string ManySets(size_t count) {
  return TextOf(absl::StrReplaceAll(
      Stump("0", 1),
      {{"num_cat=0", absl::StrCat("num_cat=", count,
                                  "\ncat_boundaries=", Repeat(count + 1, "0 "),
                                  "\ncat_threshold=")}}));
}

std::string ManyTrees(size_t count) {
  LightGbmModel model;
  model.trees.assign(count, "num_leaves=0\nleaf_value=0");
  return model.Text();
}

std::string ManyTerms(size_t count) {
  const std::string zeros = Repeat(count, "0 ");
  return TextOf(absl::StrCat(
      Constant("1"), "is_linear=1\nleaf_const=0\nnum_features=", count,
      "\nleaf_features=", zeros, "\nleaf_coeff=", zeros, "\n"));
}

std::string ManyOptions(size_t count) {
  return absl::StrReplaceAll(
      TextOf(Constant("1")),
      {{"=regression", absl::StrCat("=binary ", Repeat(count, ":"), " ",
                                    Repeat(count, "a "))}});
}

TEST(ImportMemory, OfTextIsInProportion) {
  const Case cases[] = {
      {"columns", ManyColumns}, {"spaces", ManySpaces},
      {"leaves", ManyLeaves},   {"splits", ManySplits},
      {"sets", ManySets},       {"categories", ManyCategories},
      {"trees", ManyTrees},     {"terms", ManyTerms},
      {"options", ManyOptions}};
  ExpectAllCheap(cases);
}

std::string Zeros(size_t count) { return Repeat(count - 1, "0,") + "0"; }

// A JSON model of one leaf with more fields of its tree, of the trees.
std::string JsonOf(const std::string& tree, const std::string& model = "") {
  XgboostModel all;
  all.trees = {XgboostLeaf("1") + tree};
  all.model_extra = model;
  return all.Text();
}

std::string ManyNames(size_t count) {
  return absl::StrReplaceAll(
      JsonOf(""),
      {{"names\":[]",
        absl::StrCat("names\":[", Repeat(count - 1, "\"\","), "\"\"]")},
       {"feature\":\"3", absl::StrCat("feature\":\"", count)}});
}

std::string ManyKeys(size_t count) {
  XgboostModel model;
  model.attributes = "{";
  for (size_t i = 0; i < count; ++i) {
    absl::StrAppend(&model.attributes, i == 0 ? "" : ",", "\"", absl::Hex(i),
                    "\":0");
  }
  model.attributes += "}";
  model.trees = {XgboostLeaf("1")};
  return model.Text();
}

std::string ManyIterations(size_t count) {
  return JsonOf("", absl::StrCat("\"iteration_indptr\":[", Zeros(count),
                                 ",1],\"weight_drop\":[0],"));
}

std::string ManyWeights(size_t count) {
  return JsonOf("", absl::StrCat("\"weight_drop\":[", Zeros(count), "],"));
}

std::string ManyNodes(size_t count) {
  std::string text;
  for (const char* const key :
       {"split_type", "categories_nodes", "categories_segments", "categories",
        "base_weights", "leaf_weights"}) {
    absl::StrAppend(&text, ",\"", key, "\":[", Zeros(count), "]");
  }
  return JsonOf(text);
}

std::string ManyOutputs(size_t count) {
  XgboostModel model;
  model.num_target = absl::StrCat(count);
  model.base_score = Zeros(count);
  model.trees = {absl::StrReplaceAll(
      XgboostLeaf("1"),
      {{"vector\":\"0", absl::StrCat("vector\":\"", count)}})};
  model.trees[0] += absl::StrCat(",\"base_weights\":[", Zeros(count), "]");
  return model.Text();
}

TEST(ImportMemory, OfJsonIsInProportion) {
  const Case cases[] = {
      {"names", ManyNames},           {"keys", ManyKeys},
      {"iterations", ManyIterations}, {"weights", ManyWeights},
      {"nodes", ManyNodes},           {"outputs", ManyOutputs}};
  ExpectAllCheap(cases);
  ExpectCheap("nested", Repeat(100'000, "{\"a\":["));
  ExpectCheap("string", absl::StrCat("{\"", Repeat(1'000'000, "a"), "\":0}"));
}

std::string Key(const std::string& name) {
  return absl::StrCat("U", std::string(1, static_cast<char>(name.size())),
                      name);
}

std::string Text(const std::string& text) {
  return absl::StrCat("S", Key(text));
}

std::string Number(size_t value) {
  return {'l', static_cast<char>(value >> 24), static_cast<char>(value >> 16),
          static_cast<char>(value >> 8), static_cast<char>(value)};
}

// `count` elements of one type, which has no mark before each.
std::string Typed(char type, size_t count, const std::string& elements) {
  return absl::StrCat("[$", std::string(1, type), "#", Number(count), elements);
}

// A UBJSON model of one leaf with these names and more fields of the trees.
std::string UbjsonOf(const std::string& names, size_t num_feature,
                     const std::string& model = "") {
  const std::string none = "[i\xff]";
  const std::string zero("[U\0]", 4);
  const std::string leaf =
      absl::StrCat("{", Key("left_children"), none, Key("right_children"), none,
                   Key("split_indices"), zero, Key("split_conditions"), zero,
                   Key("default_left"), "[F]", Key("tree_param"), "{",
                   Key("num_nodes"), Text("1"), "}}");
  const std::string booster =
      absl::StrCat("{", Key("name"), Text("gbtree"), Key("model"), "{", model,
                   Key("gbtree_model_param"), "{", Key("num_trees"), Text("1"),
                   "}", Key("tree_info"), zero, Key("trees"), "[", leaf, "]}}");
  return absl::StrCat("{", Key("learner"), "{", Key("feature_names"), names,
                      Key("gradient_booster"), booster,
                      Key("learner_model_param"), "{", Key("base_score"),
                      Text("5E-1"), Key("num_feature"),
                      Text(absl::StrCat(num_feature)), "}", Key("objective"),
                      "{", Key("name"), Text("reg:squarederror"), "}}}");
}

std::string TypedNames(size_t count) {
  return UbjsonOf(Typed('S', count, Repeat(count, std::string("U\0", 2))),
                  count);
}

std::string TypedCharacters(size_t count) {
  return UbjsonOf(Typed('C', count, Repeat(count, "a")), count);
}

std::string Characters(size_t count) {
  return UbjsonOf(absl::StrCat("[", Repeat(count, "Ca"), "]"), count);
}

std::string TypedIterations(size_t count) {
  std::string ends(count, '\0');
  ends.back() = 1;
  return UbjsonOf("[]", 3, Key("iteration_indptr") + Typed('U', count, ends));
}

std::string TypedWeights(size_t count) {
  return UbjsonOf(
      "[]", 3,
      Key("weight_drop") + Typed('U', count, std::string(count, '\0')));
}

std::string UbjsonKeys(size_t count) {
  std::string object = Key("object") + "{";
  for (size_t i = 0; i < count; ++i) {
    absl::StrAppend(&object, Key(Number(i).substr(2)), "Z");
  }
  return UbjsonOf("[]", 3, object + "}");
}

TEST(ImportMemory, OfUbjsonIsInProportion) {
  ASSERT_TRUE(ImportForest(UbjsonOf("[]", 3), "model").ok())
      << ImportForest(UbjsonOf("[]", 3), "model").status();
  const Case cases[] = {
      {"names", TypedNames},      {"typed characters", TypedCharacters},
      {"characters", Characters}, {"iterations", TypedIterations},
      {"weights", TypedWeights},  {"keys", UbjsonKeys}};
  ExpectAllCheap(cases);
  ExpectCheap("nested", Repeat(1'000'000, "["));
  const std::string begin =
      absl::StrCat("{", Key("learner"), "{", Key("feature_names"), "[");
  ExpectCheap("a huge count",
              absl::StrCat(begin, "$U#", Number(0x7fffffff), "aaaa"));
  ExpectCheap("a huge string",
              absl::StrCat(begin, "S", Number(0x7fffffff), "aaaa"));
}

}  // namespace
}  // namespace marquee
