#include "server/grpc/admin_rpc.h"

#include <utility>
#include <vector>

#include "core/base/version.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/snapshot_directory.h"
#include "core/snapshot/version_ledger.h"
#include "grpcpp/impl/rpc_service_method.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/method_handler.h"
#include "marquee/config/manifest.pb.h"
#include "server/grpc/status.h"
#include "server/grpc/wire_bytes.h"
#include "server/service/answer_writer.h"

namespace marquee {
namespace {

void WriteSnapshot(const ServingSnapshot& serving, v1::SnapshotStatus& wire) {
  const Snapshot& snapshot = serving.snapshot();
  wire.set_version(snapshot.version());
  wire.set_digest(snapshot.digest());
  wire.mutable_created()->set_seconds(
      snapshot.manifest().created_unix_seconds());
  WriteTimestamp(serving.loaded(), *wire.mutable_loaded());
  wire.set_items(static_cast<int64_t>(snapshot.catalog().size()));
  wire.set_users(static_cast<int64_t>(snapshot.users().size()));
  wire.set_dimension(static_cast<int>(snapshot.item_vectors().dimension()));
  wire.set_identity(IdentityText(snapshot.manifest().identity()));
}

// Writes what the manifest says. `blocked`: of the server.
void WriteEntry(const config::Manifest& manifest,
                const absl::StatusOr<BlockedNow>& blocked,
                const Published::Handle& current, v1::SnapshotEntry& entry) {
  entry.mutable_created()->set_seconds(manifest.created_unix_seconds());
  uint64_t bytes = 0;
  for (const auto& section : manifest.sections()) bytes += section.bytes();
  entry.set_bytes(static_cast<int64_t>(bytes));
  entry.set_identity(IdentityText(manifest.identity()));
  // By number and identity: another snapshot may have the served one's number
  // in the meantime.
  entry.set_serving(current != nullptr &&
                    NameOf(*current).number == entry.version() &&
                    NameOf(*current).identity == manifest.identity());
  // No version loads while the ledger can not be read, so the fault is reported
  // with each.
  if (!blocked.ok()) {
    entry.set_blocked(std::string(blocked.status().message()));
  } else if (auto why = blocked->Why(manifest.identity())) {
    entry.set_blocked(*std::move(why));
  }
}

grpc::Status WriteOutcome(const absl::StatusOr<ReloadOutcome>& outcome,
                          v1::ReloadResponse& wire) {
  if (!outcome.ok()) return ToGrpcStatus(outcome.status());
  wire.set_previous_version(outcome->previous_version);
  wire.set_version(outcome->version);
  WriteDuration(outcome->duration, *wire.mutable_duration());
  wire.set_note(outcome->note);
  wire.set_identity(IdentityText(outcome->identity));
  return grpc::Status::OK;
}

}  // namespace

AdminRpc::AdminRpc(Options options, Published& published, Reloader& reloader,
                   const AdmissionQueue& queue, const Clock& clock)
    : options_(std::move(options)),
      published_(published),
      reloader_(reloader),
      queue_(queue),
      clock_(clock),
      started_(clock.Steady()) {
  Offer("/marquee.v1.AdminService/GetStatus", &AdminRpc::GetStatus);
  Offer("/marquee.v1.AdminService/ListSnapshots", &AdminRpc::ListSnapshots);
  Offer("/marquee.v1.AdminService/Reload", &AdminRpc::Reload);
  Offer("/marquee.v1.AdminService/Rollback", &AdminRpc::Rollback);
}

// Like the code that gRPC generates, except for the reading.
template <typename Request, typename Response>
void AdminRpc::Offer(const char* path, Handler<Request, Response> handler) {
  const auto run = [handler](AdminRpc* admin, grpc::ServerContext*,
                             const grpc::ByteBuffer* asked,
                             grpc::ByteBuffer* answer) {
    // A copy shares the slices. ReadBytes clears its argument, and this one is
    // const.
    grpc::ByteBuffer bytes = *asked;
    Request request;
    const absl::Status read = ReadBytes(bytes, request);
    if (!read.ok()) return ToGrpcStatus(read);
    Response response;
    const grpc::Status status = (admin->*handler)(request, response);
    if (status.ok()) *answer = WriteBytes(response);
    return status;
  };
  using MethodHandler =
      grpc::internal::RpcMethodHandler<AdminRpc, grpc::ByteBuffer,
                                       grpc::ByteBuffer>;
  // The service takes ownership of the method, and the method of its handler.
  AddMethod(new grpc::internal::RpcServiceMethod(
      path, grpc::internal::RpcMethod::NORMAL_RPC,
      new MethodHandler(run, this)));
}

grpc::Status AdminRpc::GetStatus(const v1::GetStatusRequest&,
                                 v1::GetStatusResponse& response) {
  response.set_server_version(std::string(Version()));
  WriteDuration(clock_.Steady() - started_, *response.mutable_uptime());
  response.set_state(options_.state());
  if (const Published::Handle current = published_.current()) {
    WriteSnapshot(*current, *response.mutable_serving());
  }
  if (const Published::Handle previous = published_.previous()) {
    WriteSnapshot(*previous, *response.mutable_previous());
  }
  response.set_workers(static_cast<int>(options_.workers));
  response.set_queue_depth(static_cast<int>(queue_.depth()));
  return grpc::Status::OK;
}

grpc::Status AdminRpc::ListSnapshots(const v1::ListSnapshotsRequest&,
                                     v1::ListSnapshotsResponse& response) {
  const absl::StatusOr<std::vector<uint64_t>> versions =
      ListVersions(options_.snapshots);
  if (!versions.ok()) return ToGrpcStatus(versions.status());
  const absl::StatusOr<BlockedNow> blocked = reloader_.ReadBlocked();
  const Published::Handle current = published_.current();
  for (const uint64_t version : *versions) {
    v1::SnapshotEntry& entry = *response.add_snapshots();
    entry.set_version(version);
    const absl::StatusOr<config::Manifest> manifest =
        ReadManifest(VersionPath(options_.snapshots, version));
    if (!manifest.ok()) {
      entry.set_fault(std::string(manifest.status().message()));
      continue;
    }
    WriteEntry(*manifest, blocked, current, entry);
  }
  return grpc::Status::OK;
}

grpc::Status AdminRpc::Reload(const v1::ReloadRequest& request,
                              v1::ReloadResponse& response) {
  return WriteOutcome(reloader_.Reload(request.version(), request.force()),
                      response);
}

grpc::Status AdminRpc::Rollback(const v1::RollbackRequest& request,
                                v1::ReloadResponse& response) {
  // Checked first: words that the ledger can not hold would not be kept.
  for (const absl::Status& words :
       {CheckBlockWords("by", request.by()),
        CheckBlockWords("reason", request.reason())}) {
    if (!words.ok()) return ToGrpcStatus(words);
  }
  const auto outcome =
      reloader_.Rollback({.by = request.by(), .why = request.reason()});
  if (outcome.ok()) response.set_persisted(outcome->persisted);
  return WriteOutcome(outcome, response);
}

}  // namespace marquee
