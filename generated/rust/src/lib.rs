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
