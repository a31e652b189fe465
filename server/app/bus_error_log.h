// What a process says when it is ended by a file that somebody cut off.
#ifndef MARQUEE_SERVER_APP_BUS_ERROR_LOG_H_
#define MARQUEE_SERVER_APP_BUS_ERROR_LOG_H_

namespace marquee {

// From now on a SIGBUS at a mapped file writes a line to the standard error
// before it ends the process as it would have:
//
//   {"unix_seconds":1800000000,"level":"error","event":"bus error",
//    "file":"/snapshots/7/users","reason":"the file was cut off, or …"}
void LogFileOnBusError();

}  // namespace marquee

#endif  // MARQUEE_SERVER_APP_BUS_ERROR_LOG_H_
