// Reads a policy file and compiles it for a catalogue.
#ifndef MARQUEE_CORE_RERANK_POLICY_LOADER_H_
#define MARQUEE_CORE_RERANK_POLICY_LOADER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/catalog/catalog.h"
#include "core/catalog/licence_calendar.h"
#include "core/rerank/policy.h"

namespace marquee {

// `text`: a marquee.config.Policy in protobuf text format. `name`: of the file,
// for errors. Errors: InvalidArgument that lists every fault, one per line, as
// "name:line: what is wrong": text that is not UTF-8, syntax, unknown fields,
// attributes, values and items, numbers out of range, and the contradictions of
// policy_check.h. The catalogue must outlive the policy.
absl::StatusOr<std::unique_ptr<const Policy>> LoadPolicy(
    absl::string_view text, absl::string_view name, const Catalog& catalog,
    const LicenceCalendar& calendar);

}  // namespace marquee

#endif  // MARQUEE_CORE_RERANK_POLICY_LOADER_H_
