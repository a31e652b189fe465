// Limits the metadata of a call.
#ifndef MARQUEE_SERVER_GRPC_METADATA_CHECK_H_
#define MARQUEE_SERVER_GRPC_METADATA_CHECK_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/server_context.h"

namespace marquee {

// The bytes of all keys and values of one call. Enough for a token or a cookie
// of 16 KiB and what proxies add.
inline constexpr size_t kMaxMetadataBytes = 32 * 1024;

// Errors: ResourceExhausted, for this call alone. gRPC's own limit is a
// megabyte (server_options.cc). Metadata above it ends the connection, and with
// it other callers' calls.
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
