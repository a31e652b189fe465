// The settings of gRPC that every server of ours has, each with its reason.
#ifndef MARQUEE_SERVER_GRPC_SERVER_OPTIONS_H_
#define MARQUEE_SERVER_GRPC_SERVER_OPTIONS_H_

#include "grpcpp/server_builder.h"

namespace marquee {

// Sets limits and keepalive, and reflection as asked.
void ApplyServerOptions(bool reflection, grpc::ServerBuilder& builder);

}  // namespace marquee

#endif  // MARQUEE_SERVER_GRPC_SERVER_OPTIONS_H_
