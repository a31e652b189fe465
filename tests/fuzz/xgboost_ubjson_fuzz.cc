#include "core/model_import/xgboost_model.h"
#include "tests/fuzz/forest_check.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  marquee::CheckImported(marquee::ImportXgboostUbjson(
      {reinterpret_cast<const char*>(data), size}, "fuzz"));
  return 0;
}
