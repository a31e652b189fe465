// How much metadata a call may bring.
#ifndef MARQUEE_SERVER_GRPC_METADATA_CHECK_H_
#define MARQUEE_SERVER_GRPC_METADATA_CHECK_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/server_context.h"

namespace marquee {

// Bytes of keys and values of one call: a token or a cookie of 16 KiB and what
// proxies add.
inline constexpr size_t kMaxMetadataBytes = 32 * 1024;

// ResourceExhausted, for this call alone. gRPC's own limit is a megabyte
// (server_options.cc): what is over that one ends the connection, and with it
// the calls of others on it.
inline absl::Status CheckMetadata(const grpc::ServerContext& context) {
  size_t bytes = 0;
  for (const auto& [key, value] : context.client_metadata()) {
    bytes += key.size() + value.size();
  }
  if (bytes <= kMaxMetadataBytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrCat(
      "metadata: has ", bytes, " bytes, at most ", kMaxMetadataBytes));
}

}  // namespace marquee

#endif  // MARQUEE_SERVER_GRPC_METADATA_CHECK_H_
