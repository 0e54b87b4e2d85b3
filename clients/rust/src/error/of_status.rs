//! How a failed call becomes an error.
//!
//! A server tells what went wrong as a `google.rpc.Status` with details; its `ErrorInfo` has a reason that does not
//! change. What carries no such status comes from the way there: the network, a proxy, gRPC itself.

use std::error::Error as StdError;
use std::time::{Duration, SystemTime};

use tonic::{Code, Status, TimeoutExpired};
use tonic_types::StatusExt;

use super::{CallError, Error, FieldViolation};

const DOMAIN: &str = "wikifeed";
const EXPIRED: &str = "OFFSET_EXPIRED";
/// What shares its code with quotas and is none: the client, or its place in a subscription, was too slow; a disk of the
/// server's is full; and without a reason it is gRPC's own: a message is too large.
const NO_QUOTA: [&str; 4] = ["SUBSCRIBER_STALLED", "ACKNOWLEDGEMENT_OVERDUE", "STORE_FULL", ""];

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        let details = status.get_error_details();
        let mut call =
            CallError { code: code_of(&status) as i32, message: message_of(&status), ..CallError::default() };
        if let Some(info) = details.error_info().filter(|info| info.domain == DOMAIN) {
            call.reason = info.reason.clone();
            call.metadata = info.metadata.clone();
        }
        if let Some(info) = details.request_info() {
            call.request_id = info.request_id.clone();
        }
        let violations = details.bad_request().map_or_else(Vec::new, |request| {
            let made = |each: &tonic_types::FieldViolation| FieldViolation {
                field: each.field.clone(),
                description: each.description.clone(),
            };
            request.field_violations.iter().map(made).collect()
        });
        classify(Box::new(call), violations, details.retry_info().and_then(|retry| retry.retry_delay))
    }
}

/// The error that a `google.rpc.Status` inside a response tells of.
pub(crate) fn error_of_status(status: &tonic_types::Status) -> Error {
    use prost::Message;
    let details = status.encode_to_vec();
    Error::from(Status::with_details(Code::from_i32(status.code), status.message.clone(), details.into()))
}

fn classify(call: Box<CallError>, violations: Vec<FieldViolation>, retry_after: Option<Duration>) -> Error {
    let number = |name: &str| call.metadata.get(name).and_then(|text| text.parse().ok()).unwrap_or(0);
    if call.reason == EXPIRED {
        return Error::CursorExpired {
            oldest_offset: number("oldest_offset"),
            snapshot_identifier: call.metadata.get("snapshot_identifier").cloned().unwrap_or_default(),
            snapshot_offset: number("snapshot_offset"),
            call,
        };
    }
    match call.code() {
        Code::NotFound => {
            Error::NotFound { deleted_at: call.metadata.get("deleted_at").and_then(|text| time_of(text)), call }
        }
        Code::InvalidArgument => Error::InvalidRequest { call, violations },
        Code::ResourceExhausted if !NO_QUOTA.contains(&call.reason.as_str()) => {
            Error::QuotaExceeded { call, retry_after }
        }
        Code::Unauthenticated => Error::Unauthenticated(call),
        Code::PermissionDenied => Error::PermissionDenied(call),
        Code::Unavailable => Error::Unavailable(call),
        Code::DeadlineExceeded => Error::DeadlineExceeded(call),
        Code::DataLoss => Error::DamagedData(call.to_string()),
        _ => Error::Call(call),
    }
}

fn time_of(text: &str) -> Option<SystemTime> {
    text.parse::<prost_types::Timestamp>().ok().and_then(|stamp| SystemTime::try_from(stamp).ok())
}

/// The message, with what is behind it: "transport error" alone helps nobody.
fn message_of(status: &Status) -> String {
    let mut message = status.message().to_owned();
    let mut behind = StdError::source(status);
    while let Some(error) = behind {
        let words = error.to_string();
        if !message.contains(&words) {
            message = format!("{message}: {words}");
        }
        behind = error.source();
    }
    if status.code() == Code::Unimplemented {
        message = format!("the server does not know this call, so it is older than this client: {message}");
    }
    message
}

/// What tonic and hyper say of streams that did not end as they should.
const CUT_SHORT: [&str; 4] = ["Unexpected EOF", "unexpected EOF", "h2 protocol error", "missing trailers"];

/// The status's code; UNAVAILABLE where something on the way ended the call, and not the server.
fn code_of(status: &Status) -> Code {
    let mut behind = StdError::source(status);
    // A status that the server sent has no error behind it; one that was made here of a broken connection has.
    let is_broken = behind.is_some();
    while let Some(error) = behind {
        if error.is::<TimeoutExpired>() {
            return Code::DeadlineExceeded;
        }
        behind = error.source();
    }
    match status.code() {
        Code::PermissionDenied => Code::PermissionDenied,
        _ if is_broken || is_cut_short(status) => Code::Unavailable,
        code => code,
    }
}

/// Whether the stream ended in the middle of a message or without its status, or was cancelled by the other side, as a
/// server that stops cancels what reaches it too late. Who cancels a call of ours drops it, and gets no status.
fn is_cut_short(status: &Status) -> bool {
    let is_told = |words: &&str| status.message().contains(*words);
    status.details().is_empty()
        && match status.code() {
            Code::Cancelled => true,
            Code::Internal | Code::Unknown => CUT_SHORT.iter().any(is_told),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use tonic_types::ErrorDetails;

    fn status(code: Code, reason: &str, metadata: &[(&str, &str)]) -> Status {
        let pairs: HashMap<String, String> =
            metadata.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Status::with_error_details(code, "words", ErrorDetails::with_error_info(reason, DOMAIN, pairs))
    }

    #[test]
    fn an_expired_cursor_tells_the_way_out() {
        let metadata =
            [("oldest_offset", "7"), ("snapshot_identifier", "enwiki_namespace_0"), ("snapshot_offset", "9")];
        let error = Error::from(status(Code::OutOfRange, EXPIRED, &metadata));
        let Error::CursorExpired { oldest_offset: 7, snapshot_offset: 9, ref snapshot_identifier, .. } = error else {
            panic!("{error:?}");
        };
        assert_eq!(snapshot_identifier, "enwiki_namespace_0");
        assert!(!error.is_passing());
    }

    #[test]
    fn a_deleted_article_tells_when_it_was_deleted() {
        let error = Error::from(status(Code::NotFound, "ARTICLE_DELETED", &[("deleted_at", "1970-01-01T00:00:05Z")]));
        let Error::NotFound { deleted_at: Some(time), .. } = error else { panic!("{error:?}") };
        assert_eq!(time, SystemTime::UNIX_EPOCH + Duration::from_secs(5));
    }

    #[test]
    fn who_was_too_slow_may_come_again_and_who_used_a_quota_up_may_not() {
        assert!(Error::from(status(Code::ResourceExhausted, "SUBSCRIBER_STALLED", &[])).is_passing());
        let quota = Error::from(status(Code::ResourceExhausted, "QUOTA_EXCEEDED", &[]));
        assert!(matches!(quota, Error::QuotaExceeded { .. }));
        assert!(!quota.is_passing());
    }

    #[test]
    fn an_error_of_the_servers_own_does_not_pass() {
        assert!(!Error::from(status(Code::Internal, "INTERNAL", &[])).is_passing());
        assert!(!Error::from(Status::internal("oh no")).is_passing());
        assert!(Error::from(Status::unavailable("a proxy's words")).is_passing());
    }

    #[test]
    fn a_call_that_the_connection_ended_is_told_as_unavailable() {
        let broken = std::io::Error::new(std::io::ErrorKind::ConnectionReset, "the line went dead");
        let error = Error::from(Status::from_error(Box::new(broken)));
        assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
        assert!(error.to_string().contains("the line went dead"), "{error}");
        assert!(matches!(Error::from(Status::internal("h2 protocol error: reset")), Error::Unavailable(_)));
        assert!(matches!(Error::from(Status::cancelled("the server stops")), Error::Unavailable(_)));
        let late = Error::from(Status::from_error(Box::new(TimeoutExpired(()))));
        assert!(matches!(late, Error::DeadlineExceeded(_)), "{late:?}");
    }

    #[test]
    fn a_foreign_reason_is_none_of_ours() {
        let details = ErrorDetails::with_error_info(EXPIRED, "example.org", HashMap::new());
        let error = Error::from(Status::with_error_details(Code::OutOfRange, "words", details));
        assert_eq!(error.reason(), "");
        assert!(matches!(error, Error::Call(_)));
    }
}
