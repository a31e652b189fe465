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

std::optional<Unshowable> FindUnshowable(const Snapshot& snapshot,
                                         const RecommendRequest& request,
                                         const ViewerContext& viewer,
                                         ItemRow row) {
  const Catalog& catalog = snapshot.catalog();
  const absl::string_view id = catalog.Id(row);
  if (!snapshot.licences().IsOpen(row, viewer.country, viewer.policy.now)) {
    return Unshowable::kNotLicensed;
  }
  if (catalog.Maturity(row) > viewer.policy.maturity_limit)
    return Unshowable::kTooMature;
  const bool seen = std::find(viewer.seen.begin(), viewer.seen.end(), row) !=
                    viewer.seen.end();
  if (seen && request.seen == SeenTitles::kLeftOut) return Unshowable::kSeen;
  if (!seen && request.seen == SeenTitles::kOnly) return Unshowable::kNotSeen;
  if (std::find(request.exclude.begin(), request.exclude.end(), id) !=
          request.exclude.end() ||
      viewer.similar_to == row) {
    return Unshowable::kExcluded;
  }
  for (const AttributeFilter& filter : request.filters) {
    if (!Matches(catalog, filter, row)) return Unshowable::kFiltered;
  }
  if (snapshot.policy().HiddenBy(viewer.policy, row) != nullptr)
    return Unshowable::kBlocked;
  return std::nullopt;
}

}  // namespace marquee
