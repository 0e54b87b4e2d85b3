//! A scenario's words as this client's arguments.

use std::time::{Duration, SystemTime};

use serde_json::Value;
use wikifeed_client::{Start, Timestamp};

pub fn borrowed(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

pub fn start_of(words: &Value) -> Option<Start> {
    match words {
        Value::String(place) if place == "oldest" => Some(Start::Oldest),
        Value::String(_) => Some(Start::Newest),
        Value::Object(place) => Some(match place.get("after").and_then(Value::as_u64) {
            Some(offset) => Start::After(offset),
            None => Start::Since(time_of(place["since"].as_str().expect("a start is an offset or a time"))),
        }),
        _ => None,
    }
}

/// The moment of a time that ends in "Z".
fn time_of(text: &str) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(stamp_of(text).seconds.unsigned_abs())
}

pub fn stamp_of(text: &str) -> Timestamp {
    text.parse().expect("times are as RFC 3339 has them")
}

/// Whether the delivery of that number is to be acknowledged.
pub fn is_chosen(words: &Value, number: usize) -> bool {
    words.as_array().is_none_or(|numbers| numbers.iter().any(|each| each.as_u64() == Some(number as u64)))
}
