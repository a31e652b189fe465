// Reports why the process ends if a mapped file was cut off.
#ifndef MARQUEE_SERVER_APP_BUS_ERROR_LOG_H_
#define MARQUEE_SERVER_APP_BUS_ERROR_LOG_H_

namespace marquee {

// After this call, a SIGBUS at a mapped file writes a line to the standard
// error before it ends the process:
//
//   {"unix_seconds":1800000000,"level":"error","event":"bus error",
//    "file":"/snapshots/7/users","reason":"the file was cut off, or …"}
void LogFileOnBusError();

}  // namespace marquee

#endif  // MARQUEE_SERVER_APP_BUS_ERROR_LOG_H_
