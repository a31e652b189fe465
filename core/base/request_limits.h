// The limits of one request, from any source. The server checks them on the
// wire, the offline tool on its command line. The API's comments state them.
#ifndef MARQUEE_CORE_BASE_REQUEST_LIMITS_H_
#define MARQUEE_CORE_BASE_REQUEST_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace marquee {

// The largest size of the string id of an item or a user, in requests and in
// files. Ids are opaque bytes and not empty.
inline constexpr size_t kMaxIdBytes = 128;
// Bytes of a device, language or scene.
inline constexpr size_t kMaxNameBytes = 64;
// Items of one list.
inline constexpr int kMaxLimit = 200;
inline constexpr int kDefaultLimit = 20;
// Items that retrieval returns, for a server and for every tool.
inline constexpr int kMinCandidates = 50;
inline constexpr int kMaxCandidates = 2000;
inline constexpr int kMaxEvents = 200;
inline constexpr float kMaxEventWeight = 100;
// A vector in a request: its values are at most this far from 0, which keeps
// every inner product finite. The largest is at least kMinEmbeddingPeak: inner
// products of smaller vectors would underflow.
inline constexpr float kMaxEmbeddingValue = 1e6f;
inline constexpr float kMinEmbeddingPeak = 1e-18f;
inline constexpr int kMaxExcluded = 2000;
inline constexpr int kMaxFilters = 16;
inline constexpr int kMaxFilterValues = 50;
// Items that one call traces.
inline constexpr int kMaxExplained = 20;
// The largest minimum age of an item and age limit of a user, in years, in
// requests and in files.
inline constexpr int kMaxMaturity = 99;
// The last moment that a request may name, in Unix seconds; the first is 0.
// 2106-02-07: one less than the last second that licences and rules can name.
inline constexpr int64_t kMaxSeconds = 4'294'967'294;

// Enough for kMaxLimit ids of kMaxIdBytes in base64.
inline constexpr size_t kMaxPageTokenBytes = 40'000;
// Bytes on the wire. A request within every other limit has some 420,000.
inline constexpr int kMaxRequestBytes = 640 * 1024;
// Fields on the wire, including those that this version does not know. A
// request within every other limit has some 4,000.
inline constexpr int kMaxRequestFields = 10'000;

}  // namespace marquee

#endif  // MARQUEE_CORE_BASE_REQUEST_LIMITS_H_
