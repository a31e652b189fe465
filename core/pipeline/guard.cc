#include "core/pipeline/guard.h"

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

std::optional<Refusal> FindRefusal(const Snapshot& snapshot,
                                   const RecommendRequest& request,
                                   const ViewerContext& viewer, ItemRow row) {
  const Catalog& catalog = snapshot.catalog();
  const absl::string_view id = catalog.Id(row);
  if (!snapshot.licences().IsOpen(row, viewer.country, viewer.policy.now)) {
    return Refusal::kNotLicensed;
  }
  if (catalog.Maturity(row) > viewer.policy.maturity_limit)
    return Refusal::kTooMature;
  if (std::find(viewer.seen.begin(), viewer.seen.end(), row) !=
      viewer.seen.end()) {
    return Refusal::kSeen;
  }
  if (std::find(request.exclude.begin(), request.exclude.end(), id) !=
          request.exclude.end() ||
      viewer.similar_to == row) {
    return Refusal::kExcluded;
  }
  for (const AttributeFilter& filter : request.filters) {
    if (!Matches(catalog, filter, row)) return Refusal::kFiltered;
  }
  if (snapshot.policy().HiddenBy(viewer.policy, row) != nullptr)
    return Refusal::kBlocked;
  return std::nullopt;
}

}  // namespace marquee
