//! Frames: `{type, payload, timestamp}` as one client reads them, with the payload's keys repeated
//! at the root, as the other does (`contract.md` §12 row 28).

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

/// An object from pairs.
pub(super) fn object<const N: usize>(pairs: [(&str, Value); N]) -> Map<String, Value> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// One frame.
pub(super) fn frame(kind: &str, mut payload: Map<String, Value>, now: DateTime<Utc>) -> String {
    let timestamp = json!(now.to_rfc3339_opts(SecondsFormat::Millis, true));
    payload.entry("timestamp").or_insert_with(|| timestamp.clone());
    let mut whole = payload.clone();
    // The envelope's own three keys always mean the same.
    whole.insert("type".to_owned(), json!(kind));
    whole.insert("timestamp".to_owned(), timestamp);
    whole.insert("payload".to_owned(), Value::Object(payload));
    Value::Object(whole).to_string()
}

/// A frame that says what went wrong.
pub(super) fn error(code: &str, message: &str, now: DateTime<Utc>) -> String {
    frame("error", object([("code", json!(code)), ("message", json!(message))]), now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone as _;

    #[test]
    fn both_kinds_of_clients_find_their_keys() {
        let now = Utc.with_ymd_and_hms(2025, 1, 2, 3, 4, 5).unwrap();
        let payload = object([("order_code", json!("ORD-1")), ("type", json!("inner"))]);
        let frame: Value = serde_json::from_str(&frame("order_created", payload, now)).unwrap();
        assert_eq!(frame["type"], "order_created");
        assert_eq!(frame["payload"]["order_code"], "ORD-1");
        assert_eq!(frame["payload"]["type"], "inner");
        assert_eq!(frame["order_code"], "ORD-1");
        assert_eq!(frame["timestamp"], "2025-01-02T03:04:05.000Z");
        assert_eq!(frame["payload"]["timestamp"], frame["timestamp"]);
    }
}
