// Clients that call without a pause until they are told to stop.
#ifndef MARQUEE_TESTS_INTEGRATION_LOAD_H_
#define MARQUEE_TESTS_INTEGRATION_LOAD_H_

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "tests/integration/server_process.h"

namespace marquee {

class Load {
 public:
  // Each client has a connection of its own.
  Load(const ServerProcess& server, int clients) {
    for (int i = 0; i < clients; ++i) {
      threads_.emplace_back(
          [this, i, channel = server.NewChannel()] { Call(i, channel); });
    }
  }
  ~Load() { Stop(); }

  // Every call that was begun has ended then.
  void Stop() {
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  int answered() const { return answered_; }
  int failed() const { return failed_; }
  std::string first_failure() const {
    absl::MutexLock lock(&mu_);
    return first_failure_;
  }

 private:
  void Call(int client, const std::shared_ptr<grpc::Channel>& channel) {
    const auto stub = v1::RecommendationService::NewStub(channel);
    for (int i = 0; !stop_; ++i) {
      grpc::ClientContext context;
      v1::RecommendRequest request;
      request.mutable_context()->set_user_id(
          absl::StrCat("u", (client * 37 + i) % 200 + 1));
      v1::RecommendResponse response;
      const grpc::Status status = stub->Recommend(&context, request, &response);
      if (status.ok() && response.items_size() > 0) {
        ++answered_;
      } else if (++failed_ == 1) {
        absl::MutexLock lock(&mu_);
        first_failure_ =
            absl::StrCat(status.error_code(), ": ", status.error_message());
      }
    }
  }

  std::atomic<bool> stop_{false};
  std::atomic<int> answered_{0};
  std::atomic<int> failed_{0};
  mutable absl::Mutex mu_;
  std::string first_failure_;
  std::vector<std::thread> threads_;
};

}  // namespace marquee

#endif  // MARQUEE_TESTS_INTEGRATION_LOAD_H_
