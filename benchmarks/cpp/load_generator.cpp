// Calls a gRPC server and says what came of it, in one line of JSON.
//
//   load_generator --address HOST:PORT --method PATH --requests FILE [--connections N] [--calls-at-once N]
//                  [--warmup SECONDS] [--seconds SECONDS | --calls N | --live [--through OFFSET] [--stalled N]]
//                  [--processes PID,PID...] [--receipts FILE]
//
// FILE holds serialized requests, each behind its length (32 bits, little-endian); they are taken in turn. Without
// --live, as many calls as may be at once are: each that ends is followed by the next, for so many seconds or so many
// calls, unary or of a stream that ends. With --live each call is a stream of StreamChangesResponse that does not end:
// "ready" is printed when each has had a message, and the run ends when all have come through the offset, or standard
// input ends. --stalled adds calls, each on a connection of its own, that take their first 64 KB and nothing more.
//
// Times are in microseconds, from the beginning of a call to its end. `server_cpu_seconds` is what the threads of those
// processes took meanwhile (/proc). --receipts gets what came live: for each message the call's number, its changes (32
// bits each), its through_offset, the publication of its first change and the moment of receipt, in microseconds since
// 1970 (64 bits each), little-endian.

#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>

#include "cpu_time.h"
#include "http2_client.h"
#include "receipts.h"

namespace {

using bench::Call;
using bench::Connection;
using bench::cpu_seconds;
using bench::now;
using bench::own_cpu_seconds;
using bench::Receipt;

constexpr size_t kBufferBytes = 1 << 20;
constexpr int64_t kSilence = 60;  // seconds after which the server is given up

class Run {
 public:
  explicit Run(std::map<std::string, std::string> arguments);
  void execute();

 private:
  std::string text(const std::string& name, const std::string& otherwise = "") const;
  double number(const std::string& name, double otherwise) const;
  void read_requests();
  void open();
  Connection* add_connection(bool stalls);
  void call(Connection& connection, int number);
  void on_message(Call& call);
  void on_end(Connection& connection, Call& call);
  void begin_to_measure();
  bool is_over();
  void turn(int timeout_milliseconds);
  void report();

  std::map<std::string, std::string> arguments_;
  bench::Options options_;
  std::vector<std::string> requests_;
  size_t next_request_ = 0;
  std::vector<int> processes_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<uint8_t> buffer_ = std::vector<uint8_t>(kBufferBytes);
  int epoll_ = epoll_create1(0);
  int calls_at_once_ = 1;
  int stalled_ = 0;
  bool is_live_ = false;
  uint64_t calls_to_make_ = 0, begun_ = 0;
  uint64_t through_ = 0;
  bool input_ended_ = false;
  int64_t heard_ = now();

  bool measures_ = false;
  int64_t measured_from_ = 0;
  double server_before_ = 0, own_before_ = 0;
  uint64_t ended_ = 0, failed_ = 0, messages_ = 0, bytes_ = 0, changes_ = 0;
  int with_message_ = 0, through_all_ = 0, live_ended_ = 0;
  std::vector<uint64_t> reached_;
  std::vector<int64_t> latencies_;
  std::vector<Receipt> receipts_;
};

Run::Run(std::map<std::string, std::string> arguments) : arguments_(std::move(arguments)) {
  const std::string address = text("address");
  const size_t colon = address.rfind(':');
  options_.host = address.substr(0, colon);
  options_.port = address.substr(colon + 1);
  options_.path = text("method");
  is_live_ = arguments_.count("live") > 0;
  options_.keeps_messages = is_live_;
  calls_at_once_ = static_cast<int>(number("calls-at-once", 1));
  stalled_ = static_cast<int>(number("stalled", 0));
  calls_to_make_ = static_cast<uint64_t>(number("calls", 0));
  through_ = static_cast<uint64_t>(number("through", 0));
  reached_.resize(static_cast<size_t>(calls_at_once_ + stalled_));
  std::stringstream processes(text("processes"));
  for (std::string process; std::getline(processes, process, ',');) processes_.push_back(std::stoi(process));
  read_requests();
}

std::string Run::text(const std::string& name, const std::string& otherwise) const {
  const auto found = arguments_.find(name);
  return found == arguments_.end() ? otherwise : found->second;
}

double Run::number(const std::string& name, double otherwise) const {
  const auto found = arguments_.find(name);
  return found == arguments_.end() ? otherwise : std::stod(found->second);
}

void Run::read_requests() {
  std::ifstream file(text("requests"), std::ios::binary);
  for (uint32_t size = 0; file.read(reinterpret_cast<char*>(&size), sizeof size);) {
    std::string request(size, '\0');
    file.read(request.data(), size);
    requests_.push_back(std::move(request));
  }
  if (requests_.empty()) {
    std::fprintf(stderr, "load_generator: no requests\n");
    std::exit(1);
  }
}

Connection* Run::add_connection(bool stalls) {
  connections_.push_back(std::make_unique<Connection>(
      options_, stalls, [this](Call& call) { on_message(call); },
      [this](Connection& connection, Call& call) { on_end(connection, call); }));
  Connection* added = connections_.back().get();
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = added;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, added->descriptor(), &event);
  return added;
}

void Run::open() {
  const auto count = static_cast<size_t>(std::min<double>(number("connections", 1), calls_at_once_));
  for (size_t i = 0; i < count; ++i) add_connection(false);
  for (int i = 0; i < stalled_; ++i) add_connection(true);
  const auto is_ready = [](const auto& connection) { return connection->is_ready(); };
  while (!std::all_of(connections_.begin(), connections_.end(), is_ready)) turn(100);
  if (is_live_) {
    epoll_event event{};
    event.events = EPOLLIN;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, STDIN_FILENO, &event);
  }
  if (calls_to_make_ > 0) begin_to_measure();
  for (int i = 0; i < calls_at_once_; ++i) call(*connections_[static_cast<size_t>(i) % count], i);
  for (int i = 0; i < stalled_; ++i) call(*connections_[count + static_cast<size_t>(i)], calls_at_once_ + i);
}

void Run::call(Connection& connection, int number) {
  if (calls_to_make_ > 0 && begun_ == calls_to_make_) return;
  ++begun_;
  connection.call(number, requests_[next_request_]);
  next_request_ = (next_request_ + 1) % requests_.size();
}

void Run::on_message(Call& call) {
  if (is_live_ && call.messages == 1 && ++with_message_ == calls_at_once_ + stalled_) {
    std::puts("ready");
    std::fflush(stdout);
    begin_to_measure();
  }
  if (measures_) {
    ++messages_;
    bytes_ += call.size;
  }
  if (!is_live_) return;
  const Receipt receipt = bench::receipt_of(call);
  changes_ += receipt.changes;
  uint64_t& reached = reached_[static_cast<size_t>(call.number)];
  if (reached < through_ && receipt.through_offset >= through_ && call.number < calls_at_once_) ++through_all_;
  reached = receipt.through_offset;
  if (receipt.changes > 0) receipts_.push_back(receipt);
}

void Run::on_end(Connection& connection, Call& ended) {
  if (is_live_) {
    ++failed_;
    if (ended.number < calls_at_once_) ++live_ended_;
    return;
  }
  if (measures_) {
    ++ended_;
    failed_ += ended.messages == 0;
    latencies_.push_back(now() - ended.began);
  }
  call(connection, ended.number);
}

void Run::begin_to_measure() {
  measures_ = true;
  server_before_ = cpu_seconds(processes_);
  own_before_ = own_cpu_seconds();
  measured_from_ = now();
}

bool Run::is_over() {
  if (is_live_) return input_ended_ || live_ended_ > 0 || (through_ > 0 && through_all_ == calls_at_once_);
  if (calls_to_make_ > 0) return ended_ == calls_to_make_;
  return measures_ && static_cast<double>(now() - measured_from_) >= number("seconds", 1) * 1e9;
}

void Run::turn(int timeout_milliseconds) {
  for (const auto& connection : connections_) {
    if (connection->has_to_send()) connection->send();
  }
  epoll_event events[256];
  const int count = epoll_wait(epoll_, events, 256, timeout_milliseconds);
  for (int i = 0; i < count; ++i) {
    if (events[i].data.ptr != nullptr) {
      auto* connection = static_cast<Connection*>(events[i].data.ptr);
      connection->receive(buffer_);
      heard_ = now();
      connection->send();
    } else {
      char ignored[64];
      input_ended_ = read(STDIN_FILENO, ignored, sizeof ignored) <= 0;
    }
  }
  if (now() - heard_ > kSilence * 1'000'000'000) {
    std::fprintf(stderr, "load_generator: the server sent nothing for %ld seconds\n", kSilence);
    std::exit(1);
  }
}

void Run::execute() {
  open();
  const int64_t began = now();
  const double warmup = number("warmup", 0) * 1e9;
  while (!is_over()) {
    if (!measures_ && !is_live_ && static_cast<double>(now() - began) >= warmup) begin_to_measure();
    turn(20);
  }
  report();
}

void Run::report() {
  const double seconds = static_cast<double>(now() - measured_from_) / 1e9;
  const double server = cpu_seconds(processes_) - server_before_, own = own_cpu_seconds() - own_before_;
  std::sort(latencies_.begin(), latencies_.end());
  const auto percentile = [this](double share) {
    const auto at = static_cast<size_t>(static_cast<double>(latencies_.size()) * share);
    return latencies_.empty() ? 0.0 : static_cast<double>(latencies_[std::min(at, latencies_.size() - 1)]) / 1e3;
  };
  std::printf(
      "{\"seconds\": %.6f, \"calls\": %lu, \"failed\": %lu, \"messages\": %lu, \"bytes\": %lu, \"changes\": %lu, "
      "\"p50_us\": %.1f, \"p99_us\": %.1f, \"server_cpu_seconds\": %.6f, \"own_cpu_seconds\": %.6f}\n",
      seconds, ended_, failed_, messages_, bytes_, changes_, percentile(0.5), percentile(0.99), server, own);
  if (arguments_.count("receipts") == 0) return;
  std::ofstream file(text("receipts"), std::ios::binary);
  file.write(reinterpret_cast<const char*>(receipts_.data()),
             static_cast<std::streamsize>(receipts_.size() * sizeof(Receipt)));
}

}  // namespace

int main(int count, char** values) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  std::map<std::string, std::string> arguments;
  for (int i = 1; i < count; ++i) {
    const std::string name = values[i];
    const bool has_value = i + 1 < count && std::strncmp(values[i + 1], "--", 2) != 0;
    arguments[name.substr(2)] = has_value ? values[++i] : "";
  }
  Run(std::move(arguments)).execute();
  return 0;
}
