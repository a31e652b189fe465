#include "tests/integration/server_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/paths.h"

namespace marquee {
namespace {

std::string LogPath() {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  static int started = 0;
  return absl::StrCat(::testing::TempDir(), "marquee_log_",
                      test->test_suite_name(), "_", test->name(), ++started);
}

// HealthCheckRequest{service} and HealthCheckResponse{status}, by hand: their
// generated code is not in the package.
grpc::ByteBuffer HealthRequest(const std::string& service) {
  std::string bytes;
  if (!service.empty()) {
    bytes = "\n";
    bytes += static_cast<char>(service.size());
    bytes += service;
  }
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string HealthStatus(const grpc::ByteBuffer& response) {
  std::vector<grpc::Slice> slices;
  response.Dump(&slices);
  std::string bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes == "\b\1" ? "SERVING" : "NOT_SERVING";
}

}  // namespace

ServerProcess::ServerProcess(const std::string& snapshots,
                             const std::vector<std::string>& flags,
                             std::vector<std::string> by_way_of)
    : log_path_(LogPath()) {
  const std::vector<std::string> own = {
      absl::StrCat(BinaryDir(), "/marquee-server"),
      "--snapshots=" + snapshots,
      "--listen=127.0.0.1:0",
      "--admin_listen=127.0.0.1:0",
      "--metrics_listen=127.0.0.1:0",
      "--workers=2",
      "--default_deadline_ms=20000"};
  std::vector<std::string> arguments = std::move(by_way_of);
  arguments.insert(arguments.end(), own.begin(), own.end());
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const int log = open(log_path_.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
  pid_ = fork();
  if (pid_ == 0) {
    dup2(log, STDERR_FILENO);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  close(log);
  const std::string line = WaitForEvent("listening");
  if (line.empty()) return;
  const auto ports = nlohmann::json::parse(line);
  port_ = ports["recommend_port"];
  metrics_port_ = ports["metrics_port"];
  admin_port_ = ports["admin_port"];
  service_ = v1::RecommendationService::NewStub(NewChannel());
  admin_ = v1::AdminService::NewStub(NewAdminChannel());
}

ServerProcess::~ServerProcess() {
  if (pid_ > 0) {
    Signal(SIGKILL);
    WaitForExit();
  }
  if (::testing::Test::HasFailure()) std::fputs(Log().c_str(), stderr);
  unlink(log_path_.c_str());
}

std::string ServerProcess::Log() const {
  std::ifstream file(log_path_);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool ServerProcess::HasEnded() const {
  if (pid_ == 0) return true;
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(pid_), &info,
                WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == pid_;
}

std::string ServerProcess::WaitForEvent(const std::string& event,
                                        absl::Duration patience) const {
  const absl::Time end = absl::Now() + patience;
  const std::string mark = absl::StrCat("\"event\":\"", event, "\"");
  bool ended = false;
  while (!ended && absl::Now() < end) {
    ended = HasEnded();  // asked first: nothing is logged after it
    const std::string log = Log();
    for (absl::string_view line : absl::StrSplit(log, '\n')) {
      // A whole line, not the beginning of one.
      if (absl::StrContains(line, mark) && absl::EndsWith(line, "}")) {
        return std::string(line);
      }
    }
    absl::SleepFor(absl::Milliseconds(5));
  }
  return "";
}

int ServerProcess::LogLines(const std::string& level) const {
  const std::string log = Log();
  const std::string mark = absl::StrCat("\"level\":\"", level, "\"");
  int lines = 0;
  for (const absl::string_view line : absl::StrSplit(log, '\n')) {
    lines += absl::StrContains(line, mark);
  }
  return lines;
}

void ServerProcess::Signal(int signal) const { kill(pid_, signal); }

int ServerProcess::WaitForExit() {
  int status = 0;
  if (waitpid(pid_, &status, 0) != pid_) return -1;
  pid_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::shared_ptr<grpc::Channel> ServerProcess::NewChannel() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port_),
                                   grpc::InsecureChannelCredentials(),
                                   arguments);
}

std::shared_ptr<grpc::Channel> ServerProcess::NewAdminChannel() const {
  return grpc::CreateChannel(absl::StrCat("127.0.0.1:", admin_port_),
                             grpc::InsecureChannelCredentials());
}

std::string ServerProcess::Health(const std::string& service) const {
  grpc::GenericStub stub(NewChannel());
  grpc::ClientContext context;
  grpc::CompletionQueue completions;
  auto call = stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check",
                                    HealthRequest(service), &completions);
  call->StartCall();
  grpc::ByteBuffer response;
  grpc::Status status;
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  completions.Next(&tag, &ok);
  if (!status.ok()) return absl::StrCat("error ", status.error_code());
  return HealthStatus(response);
}

std::string ServerProcess::Metrics() const {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(metrics_port_));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string text;
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address),
              sizeof(address)) == 0) {
    const std::string request =
        "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    EXPECT_EQ(write(descriptor, request.data(), request.size()),
              static_cast<ssize_t>(request.size()));
    char buffer[4096];
    for (ssize_t n = 0; (n = read(descriptor, buffer, sizeof(buffer))) > 0;) {
      text.append(buffer, static_cast<size_t>(n));
    }
  }
  close(descriptor);
  return text;
}

double ServerProcess::Metric(const std::string& sample) const {
  const std::string text = Metrics();
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    double value = 0;
    if (absl::StartsWith(line, sample) &&
        absl::SimpleAtod(
            absl::StripAsciiWhitespace(line.substr(line.rfind(' ') + 1)),
            &value)) {
      return value;
    }
  }
  return -1;
}

}  // namespace marquee
