// Returns early on errors. Abseil's own macros are not in the package that this
// project builds with.
//
//   MARQUEE_RETURN_IF_ERROR(Validate(request));
//   MARQUEE_ASSIGN_OR_RETURN(const auto forest, ImportForestFile(path));
#ifndef MARQUEE_CORE_BASE_STATUS_MACROS_H_
#define MARQUEE_CORE_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define MARQUEE_RETURN_IF_ERROR(expression)                   \
  do {                                                        \
    if (absl::Status _status = (expression); !_status.ok()) { \
      return _status;                                         \
    }                                                         \
  } while (false)

#define MARQUEE_ASSIGN_OR_RETURN(declaration, expression)                  \
  MARQUEE_ASSIGN_OR_RETURN_IMPL_(MARQUEE_CONCAT_(_statusor_, __COUNTER__), \
                                 declaration, expression)
#define MARQUEE_ASSIGN_OR_RETURN_IMPL_(statusor, declaration, expression) \
  auto statusor = (expression);                                           \
  if (!statusor.ok()) return std::move(statusor).status();                \
  declaration = *std::move(statusor)
#define MARQUEE_CONCAT_(a, b) MARQUEE_CONCAT_IMPL_(a, b)
#define MARQUEE_CONCAT_IMPL_(a, b) a##b

#endif  // MARQUEE_CORE_BASE_STATUS_MACROS_H_
