#include "server/grpc/wire_bytes.h"

#include <string>
#include <vector>

#include "grpcpp/support/slice.h"
#include "gtest/gtest.h"
#include "marquee/v1/recommendation_service.pb.h"

namespace marquee {
namespace {

// As it comes from the network: in as many pieces as it likes.
grpc::ByteBuffer InPieces(const std::string& bytes, size_t piece) {
  std::vector<grpc::Slice> slices;
  for (size_t at = 0; at < bytes.size(); at += piece) {
    slices.emplace_back(bytes.substr(at, piece));
  }
  return grpc::ByteBuffer(slices.data(), slices.size());
}

TEST(WireBytes, AMessageIsReadFromOnePieceOrMany) {
  v1::RecommendRequest request;
  request.mutable_context()->set_user_id("somebody");
  request.set_limit(7);
  const std::string bytes = request.SerializeAsString();
  for (const size_t piece : {bytes.size(), size_t{5}, size_t{1}}) {
    grpc::ByteBuffer buffer = InPieces(bytes, piece);
    v1::RecommendRequest read;
    const absl::Status status = ReadBytes(buffer, read);
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_EQ(read.context().user_id(), "somebody");
    EXPECT_EQ(read.limit(), 7);
    EXPECT_EQ(buffer.Length(), 0) << "the bytes are kept beside the message";
  }
}

TEST(WireBytes, WhatIsWrittenIsReadAgain) {
  v1::RecommendRequest request;
  request.mutable_context()->set_user_id("somebody");
  grpc::ByteBuffer buffer = WriteBytes(request);
  EXPECT_EQ(buffer.Length(), request.ByteSizeLong());
  v1::RecommendRequest read;
  ASSERT_TRUE(ReadBytes(buffer, read).ok());
  EXPECT_EQ(read.context().user_id(), "somebody");
  buffer = WriteBytes(v1::RecommendRequest());
  EXPECT_TRUE(ReadBytes(buffer, read).ok());
  EXPECT_EQ(read.context().user_id(), "");
}

// Five bytes of numbers that have four each.
TEST(WireBytes, WhatOnlyProtobufSeesIsAFaultToo) {
  const char tag = v1::RecommendRequest::kUserEmbeddingFieldNumber << 3 | 2;
  const std::string text = {tag, 5, 0, 0, 0, 0, 0};
  grpc::ByteBuffer bytes = InPieces(text, text.size());
  v1::RecommendRequest request;
  EXPECT_EQ(ReadBytes(bytes, request).message(),
            "the request: its bytes are not a message of the API");
}

TEST(WireBytes, FaultsNameTheField) {
  v1::RecommendRequest read;
  grpc::ByteBuffer buffer = InPieces("\x12\x03\x32\x01\xff", 5);
  EXPECT_EQ(ReadBytes(buffer, read).message(),
            "context.user_id: is not UTF-8: byte 0 is '\\xff'");
  buffer = InPieces("\x0a", 1);
  EXPECT_EQ(ReadBytes(buffer, read).message(),
            "the request: its bytes are not a message of the API");
  grpc::ByteBuffer nothing;
  EXPECT_EQ(ReadBytes(nothing, read).message(), "the request can not be read");
}

}  // namespace
}  // namespace marquee
