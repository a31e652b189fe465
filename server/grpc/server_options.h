// The settings of gRPC for each of our servers, with their reasons.
#ifndef MARQUEE_SERVER_GRPC_SERVER_OPTIONS_H_
#define MARQUEE_SERVER_GRPC_SERVER_OPTIONS_H_

#include "grpcpp/server_builder.h"

namespace marquee {

// Sets limits and keepalive, and reflection if `reflection`.
void ApplyServerOptions(bool reflection, grpc::ServerBuilder& builder);

}  // namespace marquee

#endif  // MARQUEE_SERVER_GRPC_SERVER_OPTIONS_H_
