// The yardstick: a gRPC server that answers each call with bytes made beforehand.
//
//   constants_server THREADS PATH=BYTESxCOUNT...
//
// It answers a call of PATH ("/package.Service/Method") with COUNT messages of BYTES bytes. Nothing is parsed and
// nothing serialized: this is the least that gRPC for C++ takes. Each thread has a completion queue of its own. The
// first line of output is the address it listens on.

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/async_stream.h>
#include <grpcpp/impl/codegen/service_type.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr int kWaitingCalls = 64;  // for each method and thread

struct Method {
  std::string path;
  grpc::ByteBuffer message;
  int count;
};

// What a contract's generated service would be, with all messages left as bytes.
class Constants : public grpc::Service {
 public:
  explicit Constants(const std::vector<Method>& methods) {
    for (size_t i = 0; i < methods.size(); ++i) {
      AddMethod(new grpc::internal::RpcServiceMethod(methods[i].path.c_str(),
                                                     grpc::internal::RpcMethod::SERVER_STREAMING, nullptr));
      MarkMethodRaw(static_cast<int>(i));
    }
  }

  void next_call(int method, grpc::ServerContext* context, grpc::ByteBuffer* request,
                 grpc::ServerAsyncWriter<grpc::ByteBuffer>* writer, grpc::ServerCompletionQueue* queue, void* tag) {
    RequestAsyncServerStreaming(method, context, request, writer, queue, queue, tag);
  }
};

// One call, from waiting for it to its end; then it is the next of its method.
class Call {
 public:
  Call(Constants& service, const Method& method, int number, grpc::ServerCompletionQueue* queue)
      : service_(service), method_(method), number_(number), queue_(queue) {
    wait();
  }

  void go_on(bool well) {
    if (!well || left_ == 0) {
      wait();
      return;
    }
    --left_;
    if (left_ == 0) {
      writer_->WriteAndFinish(method_.message, grpc::WriteOptions(), grpc::Status::OK, this);
    } else {
      writer_->Write(method_.message, this);
    }
  }

 private:
  void wait() {
    left_ = method_.count;
    context_ = std::make_unique<grpc::ServerContext>();
    writer_ = std::make_unique<grpc::ServerAsyncWriter<grpc::ByteBuffer>>(context_.get());
    service_.next_call(number_, context_.get(), &request_, writer_.get(), queue_, this);
  }

  Constants& service_;
  const Method& method_;
  const int number_;
  grpc::ServerCompletionQueue* const queue_;
  int left_ = 0;
  grpc::ByteBuffer request_;
  std::unique_ptr<grpc::ServerContext> context_;
  std::unique_ptr<grpc::ServerAsyncWriter<grpc::ByteBuffer>> writer_;
};

Method method_of(const std::string& argument) {
  const size_t equals = argument.find('='), times = argument.find('x', equals);
  const grpc::Slice bytes(std::string(std::stoul(argument.substr(equals + 1)), 'x'));
  return {argument.substr(0, equals), grpc::ByteBuffer(&bytes, 1), std::stoi(argument.substr(times + 1))};
}

}  // namespace

int main(int count, char** values) {
  std::vector<Method> methods;
  for (int i = 2; i < count; ++i) methods.push_back(method_of(values[i]));
  Constants service(methods);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues;
  for (int i = 0; i < std::atoi(values[1]); ++i) queues.push_back(builder.AddCompletionQueue());
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  std::vector<std::unique_ptr<Call>> calls;
  for (const auto& queue : queues) {
    for (size_t number = 0; number < methods.size(); ++number) {
      for (int i = 0; i < kWaitingCalls; ++i) {
        calls.push_back(std::make_unique<Call>(service, methods[number], static_cast<int>(number), queue.get()));
      }
    }
  }
  std::printf("127.0.0.1:%d\n", port);
  std::fflush(stdout);
  std::vector<std::thread> threads;
  for (const auto& queue : queues) {
    threads.emplace_back([&queue] {
      void* tag = nullptr;
      for (bool well = false; queue->Next(&tag, &well);) static_cast<Call*>(tag)->go_on(well);
    });
  }
  for (std::thread& thread : threads) thread.join();
  return 0;
}
