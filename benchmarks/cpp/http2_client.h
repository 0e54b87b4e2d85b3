// A gRPC client on bare sockets, as cheap as it gets: what it takes from the wire it counts and throws away.
//
// It speaks HTTP/2 by itself (RFC 9113) because gRPC's own client costs as much as gRPC's server: on a machine of two
// cores it would be the bottleneck. Headers that come are not looked into, so their compression needs no state. A call
// has gone well when it ended with a message.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace bench {

// What calls of a run have in common.
struct Options {
  std::string host;
  std::string port;
  std::string path;                   // "/package.Service/Method"
  bool keeps_messages = false;        // whether `on_message` gets the messages' bytes, or only their sizes
  uint32_t stream_window = 4 << 20;   // how far the server may run ahead of a call, in bytes
};

// One call: the state of the messages that come.
struct Call {
  int number = 0;                     // the place of the caller in the run, its owner's own
  int64_t began = 0;                  // nanoseconds on the monotonic clock
  uint64_t messages = 0;
  uint32_t unacknowledged = 0;        // bytes that the stream's window has not been given back
  uint32_t prefix_bytes = 0;          // of the five before a message
  uint8_t prefix[5] = {};
  uint32_t left = 0;                  // bytes of the message that are to come
  uint32_t size = 0;
  std::string message;
};

class Connection {
 public:
  using OnMessage = std::function<void(Call&)>;
  using OnEnd = std::function<void(Connection&, Call&)>;

  Connection(const Options& options, bool stalls, OnMessage on_message, OnEnd on_end);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int descriptor() const { return descriptor_; }
  bool is_ready() const { return is_ready_; }
  bool has_to_send() const { return sent_ < outgoing_.size(); }

  // Begin a call; it waits here while the server's window has no room for its request.
  void call(int number, const std::string& request);
  // Take what has come; `buffer` is room for it. Exits where the server closes the connection.
  void receive(std::vector<uint8_t>& buffer);
  void send();

 private:
  void begin(int number, const std::string& request);
  void begin_waiting();
  size_t take_frames(const uint8_t* bytes, size_t size);
  void take_frame(const uint8_t* payload, uint32_t size);
  void take_settings(const uint8_t* payload, uint32_t size);
  void take_data(const uint8_t* bytes, uint32_t size);
  void end_call();
  void give_window(uint32_t stream, uint32_t bytes);
  void put_frame(uint8_t type, uint8_t flags, uint32_t stream, const std::string& payload);
  std::string header_block();

  const Options& options_;
  const bool stalls_;                 // whether no window is ever given back
  OnMessage on_message_;
  OnEnd on_end_;
  int descriptor_ = -1;
  bool is_ready_ = false;
  bool has_sent_headers_ = false;
  uint32_t next_stream_ = 1;
  std::unordered_map<uint32_t, Call> calls_;
  std::vector<std::pair<int, std::string>> waiting_;
  int64_t send_window_ = 65535;
  int64_t stream_send_window_ = 65535;
  uint32_t unacknowledged_ = 0;
  std::string pending_;               // the beginning of a frame whose rest is to come
  std::string outgoing_;
  size_t sent_ = 0;
  // The frame whose payload is being taken, where it is one of data.
  uint32_t data_left_ = 0;
  uint8_t type_ = 0;
  uint8_t flags_ = 0;
  uint32_t stream_ = 0;
};

int64_t now();  // nanoseconds on the monotonic clock

}  // namespace bench
