// What every program of this folder defines: the entry that libFuzzer and
// replay.cc call.
#ifndef MARQUEE_TESTS_FUZZ_FUZZ_TARGET_H_
#define MARQUEE_TESTS_FUZZ_FUZZ_TARGET_H_

#include <cstddef>
#include <cstdint>

// Aborts on a finding. Returns 0.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

#endif  // MARQUEE_TESTS_FUZZ_FUZZ_TARGET_H_
