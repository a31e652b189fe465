// The limits of one request, whoever makes it: the server checks them on the
// wire, the offline tool on its command line. The API's comments state them.
//
// Two more stand where lower folders need them: kMaxIdBytes (core/base/ids.h)
// and kMaxLimit (core/rerank/policy.h).
#ifndef MARQUEE_CORE_PIPELINE_REQUEST_LIMITS_H_
#define MARQUEE_CORE_PIPELINE_REQUEST_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace marquee {

// Of device, language and scene.
inline constexpr size_t kMaxNameBytes = 64;
inline constexpr int kMaxEvents = 200;
inline constexpr int kMaxExcluded = 2000;
inline constexpr int kMaxFilters = 16;
inline constexpr int kMaxFilterValues = 50;
// Titles that one call accounts for.
inline constexpr int kMaxExplained = 20;
inline constexpr int kMaxMaturityLimit = 99;  // years
// The last moment that a request may ask about, in Unix seconds; the first is
// 0. 2106-02-07: the last second that licences and rules can name, less one.
inline constexpr int64_t kMaxSeconds = 4'294'967'294;

}  // namespace marquee

#endif  // MARQUEE_CORE_PIPELINE_REQUEST_LIMITS_H_
