// Reads a project's log, or a snapshot, with the generated stub alone: what a client in C++ could cost at best.
//
//   stub_client ADDRESS changes-bare
//   stub_client ADDRESS export-bare SNAPSHOT FOLDER
//
// It prints one line of JSON: items, bytes, wall_seconds and cpu_seconds of what is measured.

#include <grpcpp/grpcpp.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>

#include "wikifeed/v1/change_service.grpc.pb.h"
#include "wikifeed/v1/snapshot_service.grpc.pb.h"

namespace {

namespace v1 = wikifeed::v1;

constexpr char kProject[] = "enwiki";
constexpr int kReceiveBytes = 64 << 20;

struct Counted {
  std::int64_t items = 0;
  std::int64_t bytes = 0;
};

[[noreturn]] void Fail(const std::string& what) {
  std::cerr << what << '\n';
  std::exit(1);
}

void Check(const grpc::Status& status, const char* call) {
  if (!status.ok()) Fail(std::string(call) + ": " + status.error_message());
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Counted ReadChanges(const std::shared_ptr<grpc::Channel>& channel) {
  const auto stub = v1::ChangeService::NewStub(channel);
  grpc::ClientContext asked;
  v1::GetChangeLogInfoResponse log;
  Check(stub->GetChangeLogInfo(&asked, {}, &log), "GetChangeLogInfo");

  grpc::ClientContext context;
  v1::StreamChangesRequest request;
  request.add_projects(kProject);
  request.set_after_offset(0);
  request.set_until_offset(log.newest_offset());
  const auto reader = stub->StreamChanges(&context, request);
  Counted counted;
  v1::StreamChangesResponse response;
  while (reader->Read(&response)) {
    counted.items += response.changes_size();
    counted.bytes += static_cast<std::int64_t>(response.ByteSizeLong());
  }
  Check(reader->Finish(), "StreamChanges");
  return counted;
}

Counted ReadSnapshot(const std::shared_ptr<grpc::Channel>& channel, const std::string& identifier,
                     const std::string& folder) {
  const auto stub = v1::SnapshotService::NewStub(channel);
  grpc::ClientContext context;
  v1::ExportSnapshotRequest request;
  request.set_identifier(identifier);
  const auto reader = stub->ExportSnapshot(&context, request);
  Counted counted;
  std::ofstream file;
  v1::ExportSnapshotResponse response;
  while (reader->Read(&response)) {
    if (response.position() == 0) {
      file = std::ofstream(folder + "/" + std::to_string(response.chunk_number()), std::ios::binary);
    }
    file.write(response.data().data(), static_cast<std::streamsize>(response.data().size()));
    if (!file) Fail("can't write into " + folder);
    counted.bytes += static_cast<std::int64_t>(response.data().size());
    ++counted.items;
  }
  Check(reader->Finish(), "ExportSnapshot");
  return counted;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 2 ? argv[2] : "";
  if (!(mode == "changes-bare" && argc == 3) && !(mode == "export-bare" && argc == 5)) {
    Fail("usage: stub_client ADDRESS changes-bare | stub_client ADDRESS export-bare SNAPSHOT FOLDER");
  }
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kReceiveBytes);
  const auto channel = grpc::CreateCustomChannel(argv[1], grpc::InsecureChannelCredentials(), arguments);

  const auto began = std::chrono::steady_clock::now();
  const double cpu_before = CpuSeconds();
  const Counted counted = mode == "changes-bare" ? ReadChanges(channel) : ReadSnapshot(channel, argv[3], argv[4]);
  const double cpu_seconds = CpuSeconds() - cpu_before;
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  std::printf("{\"items\": %lld, \"bytes\": %lld, \"wall_seconds\": %.6f, \"cpu_seconds\": %.6f}\n",
              static_cast<long long>(counted.items), static_cast<long long>(counted.bytes), wall.count(), cpu_seconds);
  return 0;
}
