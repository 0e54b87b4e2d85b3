#include "http2_client.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace bench {
namespace {

// Frame types, flags and settings: RFC 9113, sections 6 and 6.5.2.
enum : uint8_t { kData = 0, kHeaders = 1, kReset = 3, kSettings = 4, kPing = 6, kGoAway = 7, kWindowUpdate = 8 };
enum : uint8_t { kEndStream = 0x1, kAck = 0x1, kEndHeaders = 0x4, kPadded = 0x8 };
enum : uint16_t { kInitialWindowSize = 4, kMaxFrameSize = 5 };

constexpr uint32_t kFrameHeader = 9;
constexpr uint32_t kFrameBytes = 16384;
constexpr uint32_t kReceivedFrameBytes = 1 << 20;
constexpr uint32_t kConnectionWindow = 1 << 30;
constexpr uint32_t kDefaultWindow = 65535;
constexpr uint32_t kWindowStep = 1 << 20;
constexpr char kPreface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "load_generator: %s\n", what.c_str());
  std::exit(1);
}

std::string big_endian(uint32_t value, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) text += static_cast<char>(value >> shift);
  return text;
}

uint32_t from_big_endian(const uint8_t* bytes, int size) {
  uint32_t value = 0;
  for (int i = 0; i < size; ++i) value = value << 8 | bytes[i];
  return value;
}

// A string of a header block, as RFC 7541 section 5.2 has those that are not compressed.
std::string literal(const std::string& text) {
  if (text.size() < 127) return static_cast<char>(text.size()) + text;
  if (text.size() >= 127 + 128) fail("a header is too long: " + text);
  return std::string("\x7f") + static_cast<char>(text.size() - 127) + text;
}

int connect_to(const Options& options) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  if (getaddrinfo(options.host.c_str(), options.port.c_str(), &hints, &found) != 0) fail("no such host");
  const int descriptor = socket(found->ai_family, SOCK_STREAM, 0);
  if (descriptor < 0 || connect(descriptor, found->ai_addr, found->ai_addrlen) != 0) {
    fail(std::string("cannot connect: ") + std::strerror(errno));
  }
  freeaddrinfo(found);
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(descriptor, F_SETFL, O_NONBLOCK);
  return descriptor;
}

}  // namespace

int64_t now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

Connection::Connection(const Options& options, bool stalls, OnMessage on_message, OnEnd on_end)
    : options_(options),
      stalls_(stalls),
      on_message_(std::move(on_message)),
      on_end_(std::move(on_end)),
      descriptor_(connect_to(options)) {
  outgoing_ = kPreface;
  const uint32_t window = stalls ? kDefaultWindow : options.stream_window;
  put_frame(kSettings, 0, 0,
            big_endian(kInitialWindowSize, 2) + big_endian(window, 4) + big_endian(kMaxFrameSize, 2) +
                big_endian(kReceivedFrameBytes, 4));
  if (!stalls) give_window(0, kConnectionWindow - kDefaultWindow);
}

Connection::~Connection() { close(descriptor_); }

void Connection::call(int number, const std::string& request) {
  const int64_t size = static_cast<int64_t>(request.size()) + 5;
  if (size > stream_send_window_) fail("a request is larger than the server takes at once");
  if (!waiting_.empty() || size > send_window_) {
    waiting_.emplace_back(number, request);
  } else {
    begin(number, request);
  }
}

void Connection::begin(int number, const std::string& request) {
  const uint32_t stream = next_stream_;
  next_stream_ += 2;
  Call& call = calls_[stream];
  call.number = number;
  call.began = now();
  put_frame(kHeaders, kEndHeaders, stream, header_block());
  const std::string data = std::string(1, '\0') + big_endian(static_cast<uint32_t>(request.size()), 4) + request;
  for (size_t from = 0; from < data.size(); from += kFrameBytes) {
    const bool is_last = from + kFrameBytes >= data.size();
    put_frame(kData, is_last ? kEndStream : 0, stream, data.substr(from, kFrameBytes));
  }
  send_window_ -= static_cast<int64_t>(data.size());
}

void Connection::begin_waiting() {
  size_t begun = 0;
  while (begun < waiting_.size() && static_cast<int64_t>(waiting_[begun].second.size()) + 5 <= send_window_) {
    begin(waiting_[begun].first, waiting_[begun].second);
    ++begun;
  }
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(begun));
}

std::string Connection::header_block() {
  // Indexes of RFC 7541's static table; what the first block adds to the dynamic one, later blocks name by its place
  // there: the newest entry is 62.
  std::string block = "\x83\x86";  // :method POST, :scheme http
  if (has_sent_headers_) return block + "\xc3\xc2\xc1\xc0\xbf\xbe";
  has_sent_headers_ = true;
  return block + "\x44" + literal(options_.path) + "\x41" + literal(options_.host + ":" + options_.port) + "\x5f" +
         literal("application/grpc") + "\x40" + literal("te") + literal("trailers") + "\x7a" +
         literal("wikifeed-bench") + "\x40" + literal("grpc-accept-encoding") + literal("identity, deflate, gzip");
}

void Connection::send() {
  while (has_to_send()) {
    const ssize_t size = ::send(descriptor_, outgoing_.data() + sent_, outgoing_.size() - sent_, MSG_NOSIGNAL);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (size < 0) fail(std::string("cannot send: ") + std::strerror(errno));
    sent_ += static_cast<size_t>(size);
  }
  outgoing_.clear();
  sent_ = 0;
}

void Connection::receive(std::vector<uint8_t>& buffer) {
  std::copy(pending_.begin(), pending_.end(), buffer.begin());
  const ssize_t size = recv(descriptor_, buffer.data() + pending_.size(), buffer.size() - pending_.size(), 0);
  if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
  if (size <= 0) fail("the server closed a connection");
  const size_t all = pending_.size() + static_cast<size_t>(size);
  const size_t taken = take_frames(buffer.data(), all);
  pending_.assign(reinterpret_cast<const char*>(buffer.data()) + taken, all - taken);
}

size_t Connection::take_frames(const uint8_t* bytes, size_t size) {
  size_t at = 0;
  while (true) {
    if (data_left_ > 0) {
      const auto part = static_cast<uint32_t>(std::min<size_t>(data_left_, size - at));
      data_left_ -= part;
      take_data(bytes + at, part);
      at += part;
      if (data_left_ > 0) return at;
      if (flags_ & kEndStream) end_call();
    }
    if (size - at < kFrameHeader) return at;
    const uint32_t length = from_big_endian(bytes + at, 3);
    type_ = bytes[at + 3];
    flags_ = bytes[at + 4];
    stream_ = from_big_endian(bytes + at + 5, 4) & 0x7fffffff;
    if (type_ == kData) {
      if (flags_ & kPadded) fail("padded data is not understood");
      at += kFrameHeader;
      data_left_ = length;
      if (length == 0 && flags_ & kEndStream) end_call();
      continue;
    }
    if (size - at < kFrameHeader + length) return at;
    take_frame(bytes + at + kFrameHeader, length);
    at += kFrameHeader + length;
  }
}

void Connection::take_frame(const uint8_t* payload, uint32_t size) {
  switch (type_) {
    case kHeaders:
      if (flags_ & kEndStream) end_call();
      break;
    case kReset:
      end_call();
      break;
    case kSettings:
      if (!(flags_ & kAck)) take_settings(payload, size);
      break;
    case kPing:
      if (!(flags_ & kAck)) put_frame(kPing, kAck, 0, std::string(reinterpret_cast<const char*>(payload), size));
      break;
    case kGoAway:
      fail("the server goes away: " + std::string(reinterpret_cast<const char*>(payload) + 8, size - 8));
    case kWindowUpdate:
      if (stream_ == 0) {
        send_window_ += from_big_endian(payload, 4);
        begin_waiting();
      }
      break;
    default:
      break;
  }
}

void Connection::take_settings(const uint8_t* payload, uint32_t size) {
  for (uint32_t at = 0; at + 6 <= size; at += 6) {
    if (from_big_endian(payload + at, 2) == kInitialWindowSize) {
      stream_send_window_ = from_big_endian(payload + at + 2, 4);
    }
  }
  is_ready_ = true;
  put_frame(kSettings, kAck, 0, "");
}

void Connection::take_data(const uint8_t* bytes, uint32_t size) {
  unacknowledged_ += size;
  if (!stalls_ && unacknowledged_ >= kWindowStep) {
    give_window(0, unacknowledged_);
    unacknowledged_ = 0;
  }
  const auto found = calls_.find(stream_);
  if (found == calls_.end()) return;
  Call& call = found->second;
  call.unacknowledged += size;
  if (!stalls_ && call.unacknowledged >= options_.stream_window / 4) {
    give_window(stream_, call.unacknowledged);
    call.unacknowledged = 0;
  }
  while (size > 0) {
    if (call.prefix_bytes < sizeof call.prefix) {
      call.prefix[call.prefix_bytes++] = *bytes++;
      --size;
      if (call.prefix_bytes < sizeof call.prefix) continue;
      call.left = call.size = from_big_endian(call.prefix + 1, 4);
      call.message.clear();
    }
    const uint32_t part = std::min(call.left, size);
    if (options_.keeps_messages) call.message.append(reinterpret_cast<const char*>(bytes), part);
    call.left -= part;
    bytes += part;
    size -= part;
    if (call.left == 0) {
      call.prefix_bytes = 0;
      ++call.messages;
      on_message_(call);
    }
  }
}

void Connection::end_call() {
  const auto found = calls_.find(stream_);
  if (found == calls_.end()) return;
  Call ended = std::move(found->second);
  calls_.erase(found);
  on_end_(*this, ended);
}

void Connection::give_window(uint32_t stream, uint32_t bytes) {
  put_frame(kWindowUpdate, 0, stream, big_endian(bytes, 4));
}

void Connection::put_frame(uint8_t type, uint8_t flags, uint32_t stream, const std::string& payload) {
  outgoing_ += big_endian(static_cast<uint32_t>(payload.size()), 3);
  outgoing_ += static_cast<char>(type);
  outgoing_ += static_cast<char>(flags);
  outgoing_ += big_endian(stream, 4);
  outgoing_ += payload;
}

}  // namespace bench
