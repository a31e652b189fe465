#include "core/pipeline/eligible_set.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/status_macros.h"

namespace marquee {
namespace {

absl::Status ApplyFilters(const Catalog& catalog,
                          const RecommendRequest& request, EligibleSet& set) {
  for (size_t i = 0; i < request.filters.size(); ++i) {
    const AttributeFilter& filter = request.filters[i];
    const Attribute* const attribute = catalog.FindAttribute(filter.attribute);
    if (attribute == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(
          "context.filters[", i, "].attribute: unknown attribute '",
          filter.attribute, "'; the catalogue has: ",
          absl::StrJoin(catalog.attribute_names(), ", ")));
    }
    set.filter.assign(set.items.size(), 0);
    for (const absl::string_view value : filter.any_of) {
      const std::optional<uint32_t> code = attribute->Find(value);
      if (!code) continue;
      for (const uint32_t row : attribute->Items(*code))
        SetBit(set.filter, row);
    }
    AndInto(set.items, set.filter);
  }
  return absl::OkStatus();
}

void ApplySeen(SeenItems wanted, const ResolvedUser& user, EligibleSet& set) {
  switch (wanted) {
    case SeenItems::kIncluded:
      return;
    case SeenItems::kLeftOut:
      for (const ItemRow row : user.seen) {
        set.left_out += TestBit(set.items, Index(row)) ? 1 : 0;
        ClearBit(set.items, Index(row));
      }
      return;
    case SeenItems::kOnly:
      set.filter.assign(set.items.size(), 0);
      for (const ItemRow row : user.seen) SetBit(set.filter, Index(row));
      AndInto(set.items, set.filter);
  }
}

void KeepRetrievable(size_t with_vector, EligibleSet& set) {
  set.retrievable.assign(set.items.begin(),
                         set.items.begin() + BitmapWords(with_vector));
  if (with_vector % 64 != 0)
    set.retrievable.back() &= (uint64_t{1} << (with_vector % 64)) - 1;
  set.retrievable_count = CountBits(set.retrievable);
}

}  // namespace

absl::Status FindEligible(const Snapshot& snapshot,
                          const Eligibility& eligibility,
                          const RecommendRequest& request,
                          const ResolvedUser& user, EligibleSet& set) {
  const Catalog& catalog = snapshot.catalog();
  set.items.resize(BitmapWords(catalog.size()));
  eligibility.Fill(user.country, user.context.now, user.context.maturity_limit,
                   set.items);
  snapshot.policy().Hide(user.context, set.items);
  set.unknown_excluded = {};
  for (const absl::string_view id : request.exclude) {
    const std::optional<ItemRow> row = catalog.Find(id);
    if (row) {
      ClearBit(set.items, Index(*row));
    } else {
      set.unknown_excluded.Add(id);
    }
  }
  if (user.similar_to) ClearBit(set.items, Index(*user.similar_to));
  MARQUEE_RETURN_IF_ERROR(ApplyFilters(catalog, request, set));
  // Last: only the seen set separates these items from being shown.
  set.left_out = 0;
  ApplySeen(request.seen, user, set);
  set.count = CountBits(set.items);
  KeepRetrievable(snapshot.item_vectors().size(), set);
  return absl::OkStatus();
}

}  // namespace marquee
