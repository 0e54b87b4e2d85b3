// What came of a live stream: for each message a receipt.

#ifndef WIKIFEED_BENCHMARKS_RECEIPTS_H_
#define WIKIFEED_BENCHMARKS_RECEIPTS_H_

#include <cstdint>

#include "http2_client.h"

namespace bench {

// As the file of receipts has it. Times are microseconds since 1970.
struct Receipt {
  uint32_t call;
  uint32_t changes;
  uint64_t through_offset;
  uint64_t published;
  uint64_t received;
};
static_assert(sizeof(Receipt) == 32);

// The receipt of the call's last message, a StreamChangesResponse that has come this moment.
Receipt receipt_of(const Call& call);

}  // namespace bench

#endif  // WIKIFEED_BENCHMARKS_RECEIPTS_H_
