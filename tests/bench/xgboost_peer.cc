#include "tests/bench/xgboost_peer.h"

#include <xgboost/c_api.h>

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace marquee {

absl::StatusOr<std::unique_ptr<XgboostPeer>> XgboostPeer::Load(
    const std::string& path) {
  BoosterHandle booster = nullptr;
  if (XGBoosterCreate(nullptr, 0, &booster) != 0) {
    return absl::UnavailableError(XGBGetLastError());
  }
  std::unique_ptr<XgboostPeer> peer(new XgboostPeer(booster));
  if (XGBoosterLoadModel(booster, path.c_str()) != 0 ||
      XGBoosterSetParam(booster, "nthread", "1") != 0) {
    return absl::UnavailableError(XGBGetLastError());
  }
  return peer;
}

XgboostPeer::~XgboostPeer() { XGBoosterFree(booster_); }

absl::StatusOr<std::span<const float>> XgboostPeer::Score(
    std::span<const float> values, size_t features) {
  const std::string array = absl::StrFormat(
      R"({"data":[%d,true],"shape":[%d,%d],"typestr":"<f4","version":3})",
      reinterpret_cast<uintptr_t>(values.data()), values.size() / features,
      features);
  constexpr char kConfig[] =
      R"({"type":1,"iteration_begin":0,"iteration_end":0,)"
      R"("strict_shape":false,"missing":NaN,"cache_id":0})";
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* scores = nullptr;
  if (XGBoosterPredictFromDense(booster_, array.c_str(), kConfig, nullptr,
                                &shape, &dimensions, &scores) != 0) {
    return absl::InternalError(XGBGetLastError());
  }
  size_t count = 1;
  for (bst_ulong d = 0; d < dimensions; ++d) count *= shape[d];
  return std::span<const float>(scores, count);
}

std::string XgboostPeer::Version() {
  int major = 0;
  int minor = 0;
  int patch = 0;
  XGBoostVersion(&major, &minor, &patch);
  return absl::StrCat(major, ".", minor, ".", patch);
}

}  // namespace marquee
