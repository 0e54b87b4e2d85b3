//! Errors in the suite's words.

use std::time::SystemTime;

use serde_json::{json, Map, Value};
use wikifeed_client::{Error, Timestamp};

pub fn described(error: &Error) -> Value {
    let mut fields = Map::new();
    let mut set = |name: &str, value: Value| {
        if !matches!(&value, Value::Null) && value != json!("") && value != json!(0) {
            fields.insert(name.to_owned(), value);
        }
    };
    let reason = json!(error.reason());
    let kind = match error {
        Error::NotFound { deleted_at, .. } => {
            set("reason", reason);
            set("deleted_at", deleted_at.map_or(Value::Null, |time| json!(time_text(time))));
            "NotFound"
        }
        Error::InvalidRequest { violations, .. } => {
            let told: Vec<Value> =
                violations.iter().map(|each| json!({ "field": each.field, "description": each.description })).collect();
            set("reason", reason);
            set("violations", if told.is_empty() { Value::Null } else { json!(told) });
            "InvalidRequest"
        }
        Error::CursorExpired { oldest_offset, snapshot_identifier, snapshot_offset, .. } => {
            set("reason", reason);
            set("oldest_offset", json!(oldest_offset));
            set("snapshot_identifier", json!(snapshot_identifier));
            set("snapshot_offset", json!(snapshot_offset));
            "CursorExpired"
        }
        Error::QuotaExceeded { retry_after, .. } => {
            set("reason", reason);
            set("retry_after_seconds", json!(retry_after.map_or(0.0, |wait| wait.as_secs_f64())));
            "QuotaExceeded"
        }
        Error::Unauthenticated(_) => {
            set("reason", reason);
            "Unauthenticated"
        }
        Error::PermissionDenied(_) => {
            set("reason", reason);
            "PermissionDenied"
        }
        Error::Unavailable(_) => "Unavailable",
        Error::DeadlineExceeded(_) => "DeadlineExceeded",
        Error::DamagedData(_) => "DamagedData",
        Error::Call(call) => {
            set("reason", reason);
            set("code", json!(code_name(call.code)));
            "Other"
        }
        other => {
            set("message", json!(other.to_string()));
            "Other"
        }
    };
    json!({ "kind": kind, "fields": fields })
}

fn time_text(time: SystemTime) -> String {
    Timestamp::from(time).to_string()
}

/// The name of a code as the contract writes it.
fn code_name(code: i32) -> &'static str {
    const NAMES: [&str; 17] = [
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED",
    ];
    usize::try_from(code).ok().and_then(|place| NAMES.get(place)).copied().unwrap_or("UNKNOWN")
}
