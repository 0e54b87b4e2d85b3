// What processes take of the CPU.

#ifndef WIKIFEED_BENCHMARKS_CPU_TIME_H_
#define WIKIFEED_BENCHMARKS_CPU_TIME_H_

#include <vector>

namespace bench {

// The CPU time of all threads of the processes, in seconds; of what can't be read, none.
double cpu_seconds(const std::vector<int>& processes);

// The CPU time of this process, in seconds.
double own_cpu_seconds();

}  // namespace bench

#endif  // WIKIFEED_BENCHMARKS_CPU_TIME_H_
