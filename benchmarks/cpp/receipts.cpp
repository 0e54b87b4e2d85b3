#include "receipts.h"

#include <ctime>

namespace bench {
namespace {

uint64_t microseconds_since_1970() {
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000 + static_cast<uint64_t>(time.tv_nsec) / 1000;
}

// Walks the fields of a protobuf message.
class Fields {
 public:
  explicit Fields(const char* bytes, size_t size) : at_(bytes), end_(bytes + size) {}

  // Go to the next field; whether there is one.
  bool next() {
    if (at_ >= end_) return false;
    const uint64_t tag = varint();
    number = static_cast<int>(tag >> 3);
    value = varint();  // the contract's fields walked here are varints, or have a length
    size = (tag & 7) == 2 ? value : 0;
    bytes = at_;
    at_ += size;
    return true;
  }

  int number = 0;
  uint64_t value = 0;
  const char* bytes = nullptr;
  size_t size = 0;

 private:
  uint64_t varint() {
    uint64_t result = 0;
    for (int shift = 0; at_ < end_; shift += 7) {
      const auto byte = static_cast<uint8_t>(*at_++);
      result |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return result;
  }

  const char* at_;
  const char* end_;
};

// When a change was published: Change.date_published = 3, {seconds = 1, nanos = 2}.
uint64_t published(const char* bytes, size_t size) {
  for (Fields change(bytes, size); change.next();) {
    if (change.number != 3) continue;
    uint64_t seconds = 0, nanos = 0;
    for (Fields time(change.bytes, change.size); time.next();) (time.number == 1 ? seconds : nanos) = time.value;
    return seconds * 1'000'000 + nanos / 1000;
  }
  return 0;
}

}  // namespace

Receipt receipt_of(const Call& call) {
  Receipt receipt{static_cast<uint32_t>(call.number), 0, 0, 0, microseconds_since_1970()};
  for (Fields response(call.message.data(), call.message.size()); response.next();) {
    if (response.number == 2) receipt.through_offset = response.value;
    if (response.number != 1) continue;
    if (receipt.changes++ == 0) receipt.published = published(response.bytes, response.size);
  }
  return receipt;
}

}  // namespace bench
