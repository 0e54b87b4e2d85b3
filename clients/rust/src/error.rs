//! The errors of this crate.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use tonic::Code;

mod of_status;

pub(crate) use of_status::error_of_status;

/// The server asks for another call with these.
const COME_AGAIN: [&str; 2] = ["SUBSCRIBER_STALLED", "ACKNOWLEDGEMENT_OVERDUE"];

/// What this crate returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What a call ended with, whatever kind of error it is.
#[derive(Clone, Debug, Default)]
pub struct CallError {
    /// The status of gRPC, as a number: `tonic::Code::from_i32` names it.
    pub code: i32,
    /// The server's own words, or gRPC's.
    pub message: String,
    /// The server's stable name for what went wrong; empty where it named none.
    pub reason: String,
    /// What belongs to the reason.
    pub metadata: HashMap<String, String>,
    /// The call's id in the server's log; empty where it told none.
    pub request_id: String,
}

impl CallError {
    /// The status of gRPC.
    pub fn code(&self) -> Code {
        Code::from_i32(self.code)
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.reason.is_empty() {
            write!(f, "{} ({:?})", self.message, self.code())
        } else {
            write!(f, "{} ({})", self.message, self.reason)
        }
    }
}

/// One field of a request that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldViolation {
    /// The field's dotted path.
    pub field: String,
    /// What is wrong with it.
    pub description: String,
}

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// What was asked for is not there. The reason says what: ARTICLE_NOT_FOUND, ARTICLE_DELETED, PROJECT_NOT_FOUND...
    #[error("{call}")]
    NotFound {
        /// What the call ended with.
        call: Box<CallError>,
        /// When the page was deleted, where it was.
        deleted_at: Option<SystemTime>,
    },
    /// The request itself is wrong; the same request never succeeds.
    #[error("{call}")]
    InvalidRequest {
        /// What the call ended with.
        call: Box<CallError>,
        /// The fields that are wrong.
        violations: Vec<FieldViolation>,
    },
    /// The log no longer keeps what follows the start: take a snapshot and go on from its offset.
    #[error("{call}")]
    CursorExpired {
        /// What the call ended with.
        call: Box<CallError>,
        /// The oldest change kept.
        oldest_offset: u64,
        /// A snapshot from which a stream can go on; empty where there is none.
        snapshot_identifier: String,
        /// That snapshot's offset; 0 where there is none.
        snapshot_offset: u64,
    },
    /// More than the account, the address or the connection may have.
    #[error("{call}")]
    QuotaExceeded {
        /// What the call ended with.
        call: Box<CallError>,
        /// After how long there is more.
        retry_after: Option<Duration>,
    },
    /// No key or token was shown where one is needed, or one that is not good, or not any more.
    #[error("{0}")]
    Unauthenticated(Box<CallError>),
    /// The account's plan does not allow this; the metadatum `plan` names it.
    #[error("{0}")]
    PermissionDenied(Box<CallError>),
    /// No server answers, or it stops. Try again; streams and exports do so by themselves.
    #[error("{0}")]
    Unavailable(Box<CallError>),
    /// No answer came within the deadline.
    #[error("{0}")]
    DeadlineExceeded(Box<CallError>),
    /// Bytes came or lie there that are not what their checksum says, and asking again did not help.
    #[error("{0}")]
    DamagedData(String),
    /// A call ended otherwise: its code and reason say how.
    #[error("{0}")]
    Call(Box<CallError>),
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A checkpoint or a sink of the caller's failed.
    #[error(transparent)]
    Caller(Box<dyn std::error::Error + Send + Sync>),
    /// An argument can't be: an address, a certificate, a key.
    #[error("{0}")]
    Argument(String),
}

impl Error {
    /// What the call ended with, where a call did.
    pub fn call(&self) -> Option<&CallError> {
        match self {
            Error::NotFound { call, .. }
            | Error::InvalidRequest { call, .. }
            | Error::CursorExpired { call, .. }
            | Error::QuotaExceeded { call, .. }
            | Error::Unauthenticated(call)
            | Error::PermissionDenied(call)
            | Error::Unavailable(call)
            | Error::DeadlineExceeded(call)
            | Error::Call(call) => Some(call),
            _ => None,
        }
    }

    /// The server's stable name for what went wrong; empty where there is none.
    pub fn reason(&self) -> &str {
        self.call().map_or("", |call| &call.reason)
    }

    /// Wrap an error of a checkpoint or a sink.
    pub fn caller(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Error::Caller(error.into())
    }

    /// Whether a stream that ended with this may be opened again as it was.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Error::Unavailable(_) => true,
            _ => COME_AGAIN.contains(&self.reason()),
        }
    }

    /// That no answer came, as gRPC would have it.
    pub(crate) fn silent(message: &str) -> Self {
        Error::Unavailable(Box::new(CallError {
            code: Code::Unavailable as i32,
            message: message.to_owned(),
            ..CallError::default()
        }))
    }

    pub(crate) fn file(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Error::File { path: path.into(), source }
    }
}
