// Calls a server with the generated stub alone, once in each way that there is, and prints what came.

#include <google/protobuf/any.pb.h>
#include <grpcpp/grpcpp.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "google/rpc/status.pb.h"
#include "wikifeed/v1/article_service.grpc.pb.h"
#include "wikifeed/v1/change_service.grpc.pb.h"

namespace {

namespace v1 = wikifeed::v1;
using Channel = std::shared_ptr<grpc::Channel>;

void Check(const grpc::Status& status) {
  if (!status.ok()) {
    std::cerr << status.error_message() << '\n';
    std::exit(1);
  }
}

grpc::Status Get(const Channel& channel, const std::string& title, v1::GetArticleResponse* response) {
  grpc::ClientContext context;
  v1::GetArticleRequest request;
  request.set_project("enwiki");
  request.set_title(title);
  return v1::ArticleService::NewStub(channel)->GetArticle(&context, request, response);
}

// The first field of the ErrorInfo among the details, its reason: there are no stubs of google.rpc's details.
std::string ReasonOf(const grpc::Status& status) {
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  for (const google::protobuf::Any& detail : details.details()) {
    if (detail.type_url() == "type.googleapis.com/google.rpc.ErrorInfo") {
      return detail.value().substr(2, static_cast<unsigned char>(detail.value()[1]));
    }
  }
  return "";
}

std::vector<std::uint64_t> Stream(const Channel& channel) {
  grpc::ClientContext context;
  v1::StreamChangesRequest request;
  request.set_after_offset(0);
  request.set_until_offset(3);
  const auto stub = v1::ChangeService::NewStub(channel);
  const auto reader = stub->StreamChanges(&context, request);
  std::vector<std::uint64_t> offsets;
  v1::StreamChangesResponse response;
  while (reader->Read(&response)) {
    for (const v1::Change& change : response.changes()) offsets.push_back(change.offset());
  }
  Check(reader->Finish());
  return offsets;
}

std::vector<std::uint64_t> Subscribe(const Channel& channel, const std::string& name) {
  grpc::ClientContext context;
  const auto stub = v1::ChangeService::NewStub(channel);
  const auto call = stub->Subscribe(&context);
  v1::SubscribeRequest request;
  request.mutable_open()->set_name(name);
  request.mutable_open()->set_max_batch_size(1);
  request.mutable_open()->set_after_offset(0);
  call->Write(request);
  std::vector<std::uint64_t> taken;
  v1::SubscribeResponse response;
  while (call->Read(&response)) {
    if (response.delivery_id() > 0 && taken.empty()) {
      for (const v1::Change& change : response.changes()) taken.push_back(change.offset());
      request.set_acknowledge(response.delivery_id());
      call->Write(request);
      call->WritesDone();
    }
  }
  Check(call->Finish());
  return taken;
}

// Whether a field of a later contract survives being read and written.
bool KeepsUnknownFields() {
  const std::string later = "\xd2\xb2\x04\x05later";
  v1::Article article;
  return article.ParseFromString(later) && article.SerializeAsString() == later;
}

std::string Json(const std::vector<std::uint64_t>& numbers) {
  std::string text;
  for (const std::uint64_t number : numbers) text += (text.empty() ? "" : ", ") + std::to_string(number);
  return "[" + text + "]";
}

}  // namespace

int main(int, char** words) {
  const Channel channel = grpc::CreateChannel(words[1], grpc::InsecureChannelCredentials());
  v1::GetArticleResponse found;
  Check(Get(channel, "Anarchism", &found));
  v1::GetArticleResponse none;
  const grpc::Status failure = Get(channel, "No such page", &none);
  std::cout << "{\"name\": \"" << found.article().name() << "\", \"offsets\": " << Json(Stream(channel))
            << ", \"code\": " << failure.error_code() << ", \"reason\": \"" << ReasonOf(failure)
            << "\", \"delivered\": " << Json(Subscribe(channel, words[2]))
            << ", \"kept\": " << (KeepsUnknownFields() ? "true" : "false") << "}\n";
  return 0;
}
