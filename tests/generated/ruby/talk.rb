# frozen_string_literal: true

# Calls a server with the generated stub alone, once in each way that there is, and prints what came.

require "json"
require "google/protobuf/well_known_types"
require "google/rpc/error_details_pb"
require "google/rpc/status_pb"
require "wikifeed/v1/article_service_services_pb"
require "wikifeed/v1/change_service_services_pb"

V1 = Wikifeed::V1

def stub(service, address)
  service::Stub.new(address, :this_channel_is_insecure)
end

def get(address, title)
  stub(V1::ArticleService, address).get_article(V1::GetArticleRequest.new(project: "enwiki", title: title))
end

def stream(address)
  request = V1::StreamChangesRequest.new(after_offset: 0, until_offset: 3)
  stub(V1::ChangeService, address).stream_changes(request).flat_map { |response| response.changes.map(&:offset) }
end

def subscribe(address, name)
  requests = Queue.new
  opening = V1::OpenSubscription.new(name: name, max_batch_size: 1, after_offset: 0)
  requests << V1::SubscribeRequest.new(open: opening)
  sent = Enumerator.new { |sending| while (request = requests.pop) do sending << request end }
  taken = []
  stub(V1::ChangeService, address).subscribe(sent).each do |response|
    next unless response.delivery_id.positive? && taken.empty?

    taken = response.changes.map(&:offset)
    requests << V1::SubscribeRequest.new(acknowledge: response.delivery_id)
    requests.close
  end
  taken
end

def failure(address)
  get(address, "No such page")
  nil
rescue GRPC::BadStatus => error
  error
end

def reason_of(error)
  status = Google::Rpc::Status.decode(error.metadata["grpc-status-details-bin"])
  status.details.filter_map { |detail| detail.unpack(Google::Rpc::ErrorInfo) }.first&.reason
end

# Whether a field of a later contract survives being read and written.
def keeps_unknown_fields?
  later = "\xd2\xb2\x04\x05later".b
  V1::Article.encode(V1::Article.decode(later)) == later
end

address, name = ARGV
error = failure(address)
puts JSON.generate(
  name: get(address, "Anarchism").article.name,
  offsets: stream(address),
  code: error&.code,
  reason: error && reason_of(error),
  delivered: subscribe(address, name),
  kept: keeps_unknown_fields?
)
