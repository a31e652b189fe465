// The three methods of RecommendationService, in the form that UnaryCall needs.
#ifndef MARQUEE_SERVER_GRPC_METHODS_H_
#define MARQUEE_SERVER_GRPC_METHODS_H_

#include "grpcpp/server_context.h"
#include "grpcpp/support/async_unary_call.h"
#include "grpcpp/support/byte_buffer.h"
#include "marquee/v1/recommendation_service.grpc.pb.h"
#include "server/grpc/call.h"
#include "server/telemetry/request_metrics.h"

namespace marquee {

using RawWriter = grpc::ServerAsyncResponseWriter<grpc::ByteBuffer>;

struct RecommendMethod {
  using Request = v1::RecommendRequest;
  using Response = v1::RecommendResponse;
  static constexpr Method kMethod = Method::kRecommend;
  static const v1::RequestContext& Context(const Request& request) {
    return request.context();
  }
  static void Post(CallEnvironment& environment, grpc::ServerContext* context,
                   grpc::ByteBuffer* request, RawWriter* writer, void* tag) {
    environment.service.RequestRecommend(context, request, writer,
                                         &environment.completions,
                                         &environment.completions, tag);
  }
};

struct SimilarItemsMethod {
  using Request = v1::SimilarItemsRequest;
  using Response = v1::RecommendResponse;
  static constexpr Method kMethod = Method::kSimilarItems;
  static const v1::RequestContext& Context(const Request& request) {
    return request.context();
  }
  static void Post(CallEnvironment& environment, grpc::ServerContext* context,
                   grpc::ByteBuffer* request, RawWriter* writer, void* tag) {
    environment.service.RequestSimilarItems(context, request, writer,
                                            &environment.completions,
                                            &environment.completions, tag);
  }
};

struct ExplainMethod {
  using Request = v1::ExplainRequest;
  using Response = v1::ExplainResponse;
  static constexpr Method kMethod = Method::kExplain;
  static const v1::RequestContext& Context(const Request& request) {
    return request.request().context();
  }
  static void Post(CallEnvironment& environment, grpc::ServerContext* context,
                   grpc::ByteBuffer* request, RawWriter* writer, void* tag) {
    environment.service.RequestExplain(context, request, writer,
                                       &environment.completions,
                                       &environment.completions, tag);
  }
};

}  // namespace marquee

#endif  // MARQUEE_SERVER_GRPC_METHODS_H_
