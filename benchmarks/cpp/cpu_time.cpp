#include "cpu_time.h"

#include <dirent.h>

#include <ctime>
#include <fstream>
#include <string>

namespace bench {

double cpu_seconds(const std::vector<int>& processes) {
  double sum = 0;
  for (const int process : processes) {
    const std::string folder = "/proc/" + std::to_string(process) + "/task";
    DIR* tasks = opendir(folder.c_str());
    if (tasks == nullptr) continue;
    while (const dirent* task = readdir(tasks)) {
      if (task->d_name[0] == '.') continue;
      double nanoseconds = 0;  // field 1 of schedstat
      if (std::ifstream(folder + "/" + task->d_name + "/schedstat") >> nanoseconds) sum += nanoseconds / 1e9;
    }
    closedir(tasks);
  }
  return sum;
}

double own_cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

}  // namespace bench
