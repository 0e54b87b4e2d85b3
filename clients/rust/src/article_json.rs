//! Articles out of the JSON that Enterprise and snapshots have.

use std::sync::LazyLock;

use prost_reflect::{DescriptorPool, DeserializeOptions, DynamicMessage, MessageDescriptor};
use serde_json::Value;
use wikifeed_proto::v1::Article;

use crate::error::{Error, Result};

/// How deep an article's JSON may nest. Messages nest up to 100 levels, most of them as an object in a list, and
/// serde_json's own bound, 128, is less than that makes.
const MOST_LEVELS: usize = 256;
const TABLE_PARTS: [&str; 3] = ["headers", "rows", "footers"];

static ARTICLE: LazyLock<MessageDescriptor> = LazyLock::new(|| {
    DescriptorPool::decode(wikifeed_proto::FILE_DESCRIPTOR_SET)
        .ok()
        .and_then(|pool| pool.get_message_by_name("wikifeed.v1.Article"))
        .expect("the stubs bring their own descriptors along")
});

/// What is known of the message `Article`.
pub(crate) fn article_descriptor() -> &'static MessageDescriptor {
    &ARTICLE
}

/// The article of one JSON object as Enterprise and snapshots have it. Fields that are not known are dropped.
///
/// # Errors
///
/// [`Error::DamagedData`] where it is none.
pub fn article_from_json(json: &[u8]) -> Result<Article> {
    let wrong = |why: String| Error::DamagedData(format!("no article: {why}"));
    let mut value = value_of(json).map_err(wrong)?;
    if let Some(tables) = value.get_mut("tables").and_then(Value::as_array_mut) {
        tables.iter_mut().for_each(name_cells);
    }
    let options = DeserializeOptions::new().deny_unknown_fields(false);
    DynamicMessage::deserialize_with_options(ARTICLE.clone(), value, &options)
        .map_err(|error| wrong(error.to_string()))?
        .transcode_to()
        .map_err(|error| wrong(error.to_string()))
}

fn value_of(json: &[u8]) -> Result<Value, String> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    // What nests too deep is refused by the reader's own bound: without one it would use up the stack.
    if levels(json) <= MOST_LEVELS {
        reader.disable_recursion_limit();
    }
    let mut values = reader.into_iter();
    match (values.next(), values.next()) {
        (Some(Ok(value)), None) => Ok(value),
        (Some(Err(error)), _) | (_, Some(Err(error))) => Err(error.to_string()),
        _ => Err("it is not one value".to_owned()),
    }
}

/// How deep lists and objects nest.
fn levels(json: &[u8]) -> usize {
    let (mut level, mut most) = (0_usize, 0);
    let (mut is_text, mut is_escaped) = (false, false);
    for byte in json {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = is_text,
            b'"' => is_text = !is_text,
            b'[' | b'{' if !is_text => {
                level += 1;
                most = most.max(level);
            }
            b']' | b'}' if !is_text => level = level.saturating_sub(1),
            _ => {}
        }
    }
    most
}

/// Make of the rows, which JSON has as lists of cells, the messages that the contract has.
fn name_cells(table: &mut Value) {
    for part in TABLE_PARTS {
        for row in table.get_mut(part).and_then(Value::as_array_mut).into_iter().flatten() {
            let mut cells = row.take();
            for nested in cells.as_array_mut().into_iter().flatten().filter_map(|cell| cell.get_mut("nested_table")) {
                name_cells(nested);
            }
            *row = serde_json::json!({ "cells": cells });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_becomes_the_contracts_article() {
        let json = br#"{"name":"Moon","identifier":19331,"date_modified":"2026-01-02T03:04:05Z","unheard_of":[1],
            "tables":[{"rows":[[{"value":"a","nested_table":{"rows":[[{"value":"b"}]]}}]]}]}"#;
        let article = article_from_json(json).unwrap();
        assert_eq!((article.name.as_str(), article.identifier), ("Moon", 19331));
        assert_eq!(article.date_modified.unwrap().seconds, 1_767_323_045);
        let cell = &article.tables[0].rows[0].cells[0];
        assert_eq!(cell.nested_table.as_ref().unwrap().rows[0].cells[0].value, "b");
        for wrong in ["[1]", "", "{} {}", "{} x", "{"] {
            assert!(matches!(article_from_json(wrong.as_bytes()), Err(Error::DamagedData(_))), "{wrong:?}");
        }
    }

    #[test]
    fn what_servers_may_nest_is_read_and_what_could_use_up_the_stack_is_refused() {
        let nested = |depth| {
            let (open, close) = ("{\"has_parts\":[".repeat(depth), "]}".repeat(depth));
            article_from_json(format!("{{\"name\":\"[\\\"{{\",\"sections\":[{open}{close}]}}").as_bytes())
        };
        assert_eq!(nested(90).unwrap().name, "[\"{");
        for depth in [110, 128, 1_000_000] {
            assert!(matches!(nested(depth), Err(Error::DamagedData(_))));
        }
    }
}
