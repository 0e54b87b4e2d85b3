# frozen_string_literal: true

Gem::Specification.new do |spec|
  spec.name = "wikifeed-proto"
  spec.version = "0.1.0"
  spec.summary = "Messages and gRPC stubs of the Wikifeed contract."
  spec.authors = ["The Wikifeed developers"]
  spec.license = "Apache-2.0"
  spec.homepage = "https://github.com/wikifeed/wikifeed"
  spec.files = Dir["lib/**/*.rb"] + ["README.md", "LICENSE"]
  spec.required_ruby_version = ">= 3.1"
  spec.add_dependency "google-protobuf", "~> 4.35"
  spec.add_dependency "googleapis-common-protos-types", "~> 1.20"
  spec.add_dependency "grpc", "~> 1.71"
end
