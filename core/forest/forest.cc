#include "core/forest/forest.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"

namespace marquee {
namespace {

bool IsFloat(double value) {
  return static_cast<double>(static_cast<float>(value)) == value;
}

absl::Status NodeFault(size_t tree, size_t split, absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat("tree ", tree, ", split ", split, ": ", what));
}

absl::Status CheckCategories(const ForestParts& parts, size_t t, size_t s) {
  const Split& split = parts.trees[t].splits[s];
  const std::vector<uint32_t>& all = parts.trees[t].categories;
  if (uint64_t{split.first_category} + split.category_count > all.size()) {
    return NodeFault(t, s, "has categories that the tree does not have");
  }
  const auto first = all.begin() + ptrdiff_t{split.first_category};
  const auto last = first + ptrdiff_t{split.category_count};
  if (std::adjacent_find(first, last, std::greater_equal<>()) != last) {
    return NodeFault(t, s, "its categories do not ascend");
  }
  if (first != last && *(last - 1) > Forest::kMaxCount) {
    return NodeFault(
        t, s, absl::StrCat("the category ", *(last - 1), " is out of range"));
  }
  return absl::OkStatus();
}

absl::Status CheckSplit(const ForestParts& parts, size_t t, size_t s) {
  const Split& split = parts.trees[t].splits[s];
  if (split.feature >= parts.num_features) {
    return NodeFault(t, s,
                     absl::StrCat("feature ", split.feature, " of ",
                                  parts.num_features, " features"));
  }
  if (split.is_categorical) return CheckCategories(parts, t, s);
  if (std::isnan(split.threshold)) {
    return NodeFault(t, s, "the threshold is NaN");
  }
  if (parts.arithmetic == Arithmetic::kXgboost &&
      (!IsFloat(split.threshold) || split.missing != MissingRule::kNaN)) {
    return NodeFault(t, s, "is not a float32 split with missing values");
  }
  return absl::OkStatus();
}

// Marks `child` as reached.
absl::Status Reach(size_t t, size_t s, int32_t child,
                   std::vector<bool>* reached, size_t splits) {
  const size_t index = child >= 0 ? static_cast<size_t>(child)
                                  : splits + static_cast<size_t>(~child);
  const size_t limit = child >= 0 ? splits : 2 * splits + 1;
  if (index >= limit) {
    return NodeFault(t, s,
                     absl::StrCat("the child ", child, " is out of range"));
  }
  if ((*reached)[index]) {
    return NodeFault(t, s,
                     absl::StrCat("the child ", child, " has two parents"));
  }
  (*reached)[index] = true;
  return absl::OkStatus();
}

// Walks from the root. A split that is part of a cycle is reached twice or
// never.
absl::Status CheckShape(const Tree& tree, size_t t) {
  const size_t splits = tree.splits.size();
  std::vector<bool> reached(2 * splits + 1, false);
  if (splits == 0) return absl::OkStatus();
  reached[0] = true;
  std::vector<size_t> open = {0};
  size_t count = 0;
  while (!open.empty()) {
    const size_t s = open.back();
    open.pop_back();
    ++count;
    for (const int32_t child : {tree.splits[s].left, tree.splits[s].right}) {
      MARQUEE_RETURN_IF_ERROR(Reach(t, s, child, &reached, splits));
      if (child >= 0) open.push_back(static_cast<size_t>(child));
    }
  }
  // If all splits are reached, all leaves are too: n splits have n + 1 children
  // that are leaves, and no leaf was reached twice.
  if (count != splits) {
    return absl::DataLossError(absl::StrCat("tree ", t, ": only ", count,
                                            " of ", splits,
                                            " splits are below the root"));
  }
  return absl::OkStatus();
}

absl::Status CheckLinearTerms(const ForestParts& parts, size_t t) {
  const Tree& tree = parts.trees[t];
  const auto fault = [&](absl::string_view what) {
    return absl::DataLossError(absl::StrCat("tree ", t, ": ", what));
  };
  if (parts.arithmetic != Arithmetic::kLightGbm) {
    return fault("only LightGBM has linear trees");
  }
  const std::vector<uint32_t>& first = tree.first_term;
  if (tree.leaf_constants.size() != tree.leaves() ||
      first.size() != tree.leaves() + 1 || first.front() != 0 ||
      first.back() != tree.terms.size() ||
      !std::is_sorted(first.begin(), first.end())) {
    return fault("the linear terms are not those of its leaves");
  }
  for (const double constant : tree.leaf_constants) {
    if (!std::isfinite(constant)) return fault("a constant is not finite");
  }
  for (const LinearTerm& term : tree.terms) {
    if (term.feature >= parts.num_features) {
      return fault(absl::StrCat("a linear term of feature ", term.feature,
                                " of ", parts.num_features, " features"));
    }
    if (!std::isfinite(term.coefficient)) {
      return fault("a linear coefficient is not finite");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckTree(const ForestParts& parts, size_t t) {
  const Tree& tree = parts.trees[t];
  // Splits and leaves are numbered together in an int32_t.
  if (tree.splits.size() > Forest::kMaxCount / 2 || tree.leaf_size == 0 ||
      tree.leaf_values.size() != tree.leaves() * tree.leaf_size) {
    return absl::DataLossError(absl::StrCat(
        "tree ", t, ": ", tree.splits.size(), " splits and ",
        tree.leaf_values.size(), " values of leaves do not make a tree"));
  }
  if (uint64_t{tree.output} + tree.leaf_size > parts.num_outputs) {
    return absl::DataLossError(absl::StrCat("tree ", t, ": adds to output ",
                                            tree.output, " of ",
                                            parts.num_outputs, " outputs"));
  }
  for (size_t s = 0; s < tree.splits.size(); ++s) {
    MARQUEE_RETURN_IF_ERROR(CheckSplit(parts, t, s));
  }
  for (size_t leaf = 0; leaf < tree.leaf_values.size(); ++leaf) {
    const double value = tree.leaf_values[leaf];
    if (!std::isfinite(value) ||
        (parts.arithmetic == Arithmetic::kXgboost && !IsFloat(value))) {
      return absl::DataLossError(absl::StrCat(
          "tree ", t, ", leaf ", leaf / tree.leaf_size, ": the value ", value,
          " is not a finite number of the model's arithmetic"));
    }
  }
  if (tree.is_linear()) MARQUEE_RETURN_IF_ERROR(CheckLinearTerms(parts, t));
  return CheckShape(tree, t);
}

absl::Status CheckIterations(const ForestParts& parts) {
  size_t begin = 0;
  for (const size_t end : parts.iteration_ends) {
    if (end < begin || end > parts.trees.size()) {
      return absl::DataLossError(
          absl::StrCat("the iterations do not follow each other: one ends at "
                       "tree ",
                       end, " after ", begin));
    }
    begin = end;
  }
  if (begin != parts.trees.size()) {
    return absl::DataLossError(absl::StrCat("the iterations have ", begin,
                                            " trees, the model has ",
                                            parts.trees.size()));
  }
  return absl::OkStatus();
}

absl::Status CheckCounts(const ForestParts& parts) {
  if (parts.trees.empty()) return absl::DataLossError("has no trees");
  if (parts.trees.size() > Forest::kMaxCount) {
    return absl::DataLossError("has too many trees");
  }
  if (parts.num_features == 0 || parts.num_features > Forest::kMaxCount) {
    return absl::DataLossError(
        absl::StrCat("can not have ", parts.num_features, " features"));
  }
  if (!parts.feature_names.empty() &&
      parts.feature_names.size() != parts.num_features) {
    return absl::DataLossError(absl::StrCat("has ", parts.feature_names.size(),
                                            " feature names for ",
                                            parts.num_features, " features"));
  }
  for (const auto& features :
       {parts.numbered_categories, parts.untold_categories}) {
    for (const uint32_t feature : features) {
      if (feature >= parts.num_features) {
        return absl::DataLossError(
            absl::StrCat("has categories of feature ", feature, " of ",
                         parts.num_features, " features"));
      }
    }
  }
  // This also bounds memory sized by the outputs in proportion to the file.
  uint64_t values = 0;
  for (const Tree& tree : parts.trees) values += tree.leaf_size;
  if (parts.num_outputs == 0 || parts.num_outputs > values) {
    return absl::DataLossError(absl::StrCat("has ", parts.trees.size(),
                                            " trees for ", parts.num_outputs,
                                            " outputs"));
  }
  return absl::OkStatus();
}

absl::Status CheckNumbers(const ForestParts& parts) {
  if ((parts.arithmetic == Arithmetic::kLightGbm) !=
      (parts.category_rule == CategoryRule::kLightGbm)) {
    return absl::DataLossError("has the categories of another trainer");
  }
  const size_t margins =
      parts.arithmetic == Arithmetic::kXgboost ? parts.num_outputs : 0;
  if (parts.base_margins.size() != margins) {
    return absl::DataLossError(absl::StrCat("has ", parts.base_margins.size(),
                                            " base margins instead of ",
                                            margins));
  }
  for (const float margin : parts.base_margins) {
    if (!std::isfinite(margin)) {
      return absl::DataLossError("the base margin is not finite");
    }
  }
  if (!std::isfinite(parts.sigmoid_scale) || parts.sigmoid_scale <= 0) {
    return absl::DataLossError(absl::StrCat("the sigmoid's scale is ",
                                            parts.sigmoid_scale,
                                            ", not a positive number"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<const Forest>> Forest::Create(
    ForestParts parts) {
  MARQUEE_RETURN_IF_ERROR(CheckCounts(parts));
  MARQUEE_RETURN_IF_ERROR(CheckNumbers(parts));
  MARQUEE_RETURN_IF_ERROR(CheckIterations(parts));
  for (size_t t = 0; t < parts.trees.size(); ++t) {
    MARQUEE_RETURN_IF_ERROR(CheckTree(parts, t));
  }
  return std::unique_ptr<const Forest>(new Forest(std::move(parts)));
}

bool IsRecipe(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxRecipeBytes &&
         FindInvalidUtf8(text) == absl::string_view::npos &&
         !std::any_of(text.begin(), text.end(), absl::ascii_iscntrl);
}

std::string Forest::NamesOf(std::span<const uint32_t> features) const {
  return absl::StrJoin(features, ", ", [&](std::string* out, uint32_t feature) {
    feature_names().empty()
        ? absl::StrAppend(out, feature)
        : absl::StrAppend(out, "'", feature_names()[feature], "'");
  });
}

absl::StatusOr<std::unique_ptr<const Forest>> Forest::FirstIterations(
    size_t iterations) const {
  if (iterations == kBestIteration) {
    if (!best_iteration().has_value()) {
      return absl::FailedPreconditionError(
          "the model names no best iteration: it was trained without early "
          "stopping, or saved with the trees up to the best one only");
    }
    if (*best_iteration() >= num_iterations()) {
      return absl::FailedPreconditionError(absl::StrCat(
          "the model names iteration ", *best_iteration() + 1,
          " as its best one, but has ", num_iterations(), " iterations"));
    }
    iterations = *best_iteration() + 1;
  }
  if (iterations == 0 || iterations > num_iterations()) {
    return absl::OutOfRangeError(
        absl::StrCat("the model has ", num_iterations(),
                     " iterations; the first ", iterations, " were requested"));
  }
  ForestParts parts = parts_;
  parts.iteration_ends.resize(iterations);
  parts.trees.resize(parts.iteration_ends.back());
  return Create(std::move(parts));
}

}  // namespace marquee
