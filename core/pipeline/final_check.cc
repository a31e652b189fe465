#include "core/pipeline/final_check.h"

#include <algorithm>

namespace marquee {
namespace {

bool Matches(const Catalog& catalog, const AttributeFilter& filter,
             ItemRow row) {
  const Attribute* const attribute = catalog.FindAttribute(filter.attribute);
  if (attribute == nullptr) return false;
  for (const uint32_t code : attribute->Codes(row)) {
    const absl::string_view value = attribute->Value(code);
    if (std::find(filter.any_of.begin(), filter.any_of.end(), value) !=
        filter.any_of.end()) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<Ineligibility> FindIneligibility(const Snapshot& snapshot,
                                               const RecommendRequest& request,
                                               const ResolvedUser& user,
                                               ItemRow row) {
  const Catalog& catalog = snapshot.catalog();
  const absl::string_view id = catalog.Id(row);
  if (!snapshot.licences().IsOpen(row, user.country, user.context.now)) {
    return Ineligibility::kNotLicensed;
  }
  if (catalog.Maturity(row) > user.context.maturity_limit)
    return Ineligibility::kTooMature;
  const bool seen =
      std::find(user.seen.begin(), user.seen.end(), row) != user.seen.end();
  if (seen && request.seen == SeenItems::kLeftOut) return Ineligibility::kSeen;
  if (!seen && request.seen == SeenItems::kOnly) return Ineligibility::kNotSeen;
  if (std::find(request.exclude.begin(), request.exclude.end(), id) !=
          request.exclude.end() ||
      user.similar_to == row) {
    return Ineligibility::kExcluded;
  }
  for (const AttributeFilter& filter : request.filters) {
    if (!Matches(catalog, filter, row)) return Ineligibility::kFiltered;
  }
  if (snapshot.policy().HiddenBy(user.context, row) != nullptr)
    return Ineligibility::kBlocked;
  return std::nullopt;
}

}  // namespace marquee
