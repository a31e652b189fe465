#include "server/grpc/server_options.h"

#include <memory>
#include <vector>

#include "core/base/request_limits.h"
#include "grpc/impl/codegen/compression_types.h"
#include "grpc/impl/codegen/grpc_types.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/impl/server_builder_option.h"
#include "grpcpp/resource_quota.h"
#include "server/grpc/metadata_check.h"
#include "server/service/wire_check.h"

namespace marquee {
namespace {

constexpr int kLibraryMetadataBytes = 1024 * 1024;
constexpr int kMaxSendBytes = 4 * 1024 * 1024;  // Explain of 200 items
constexpr size_t kMaxMemoryBytes = size_t{512} * 1024 * 1024;

// The library adds reflection to every server of the process that links it.
// This removes it, or adds it if it is configured.
class Reflection final : public grpc::ServerBuilderOption {
 public:
  explicit Reflection(bool enabled) : enabled_(enabled) {}

  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>*
                         plugins) override {
    grpc::reflection::ProtoServerReflectionPlugin reflection;
    std::erase_if(*plugins,
                  [&](const std::unique_ptr<grpc::ServerBuilderPlugin>& p) {
                    return p->name() == reflection.name();
                  });
    if (enabled_) {
      plugins->push_back(
          std::make_unique<grpc::reflection::ProtoServerReflectionPlugin>());
    }
  }

 private:
  const bool enabled_;
};

}  // namespace

void ApplyServerOptions(bool reflection, grpc::ServerBuilder& builder) {
  builder.SetOption(std::make_unique<Reflection>(reflection));
  builder.SetMaxReceiveMessageSize(kMaxRequestBytes);
  builder.SetMaxSendMessageSize(kMaxSendBytes);
  // The library decompresses a whole message before it checks its size again: a
  // quarter of a megabyte may become 256. Such calls end as UNIMPLEMENTED.
  for (const grpc_compression_algorithm packed :
       {GRPC_COMPRESS_DEFLATE, GRPC_COMPRESS_GZIP}) {
    builder.SetCompressionAlgorithmSupportStatus(packed, false);
  }
  // With it, a second server binds the same port and silently takes half of the
  // connections.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // Of one connection: more than a backend has under way at once. Each may hold
  // a request of kMaxRequestBytes that never ends, whatever the quota.
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 128);
  // Far above our own limit, so that a call with too much metadata fails alone:
  // above this limit the library ends the connection.
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kLibraryMetadataBytes);
  // Finds dead peers within a minute, and lets clients ping as often.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 45'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(
      GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  // Makes clients resolve again, so that new replicas get their share.
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, 600'000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, 30'000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, 900'000);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 10'000);
  grpc::ResourceQuota quota("marquee");
  quota.Resize(kMaxMemoryBytes);
  builder.SetResourceQuota(quota);
}

}  // namespace marquee
