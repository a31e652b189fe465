// XGBoost's own library scoring a model file, for comparison.
#ifndef MARQUEE_TESTS_BENCH_XGBOOST_PEER_H_
#define MARQUEE_TESTS_BENCH_XGBOOST_PEER_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace marquee {

// With one thread. Externally synchronised.
class XgboostPeer {
 public:
  // Errors: Unavailable, in its words, when it can not load the model.
  static absl::StatusOr<std::unique_ptr<XgboostPeer>> Load(
      const std::string& path);
  ~XgboostPeer();
  XgboostPeer(const XgboostPeer&) = delete;
  XgboostPeer& operator=(const XgboostPeer&) = delete;

  // Raw scores of [rows × features], row-major, by its fastest way: in place.
  // They are the library's until the next call. Errors: Internal, in its words.
  absl::StatusOr<std::span<const float>> Score(std::span<const float> values,
                                               size_t features);

  static std::string Version();

 private:
  explicit XgboostPeer(void* booster) : booster_(booster) {}
  void* const booster_;
};

}  // namespace marquee

#endif  // MARQUEE_TESTS_BENCH_XGBOOST_PEER_H_
