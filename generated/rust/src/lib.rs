//! Messages and gRPC stubs of the Wikifeed contract, made from its protos for [tonic] and [prost].
//!
//! Most programs want the client `wikifeed-client`, which resumes, retries and verifies; this crate is what it is made on.

/// The contract's packages, by their names in the protos.
#[allow(clippy::all, clippy::pedantic, rustdoc::all)]
pub mod wikifeed {
    /// Version 1 of the contract.
    pub mod v1 {
        include!("generated/wikifeed/v1/wikifeed.v1.rs");
    }
}

pub use wikifeed::v1;

/// The contract's descriptors with those that it imports: a serialized `google.protobuf.FileDescriptorSet`.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!("generated/wikifeed.binpb");
