// Checks a request's bytes before a message is made of them.
//
// Two bytes on the wire can become fifty in memory, so limits that are checked
// on the parsed message come too late: half a megabyte of empty strings is
// twenty megabytes by then. The check walks over the fields of the wire format
// (protobuf.dev, "Encoding"), allocates nothing, and stops at the first fault.
#ifndef MARQUEE_SERVER_SERVICE_WIRE_CHECK_H_
#define MARQUEE_SERVER_SERVICE_WIRE_CHECK_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace marquee {

// Errors: InvalidArgument that names the field: a repeated one with more
// entries than the API allows, a string that is not UTF-8, more than
// kMaxRequestFields fields; bytes that are not a message. `type`: of the
// message.
absl::Status CheckWire(absl::string_view bytes,
                       const google::protobuf::Descriptor& type);

}  // namespace marquee

#endif  // MARQUEE_SERVER_SERVICE_WIRE_CHECK_H_
