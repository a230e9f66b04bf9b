//! Reading answers of services: a key that is not there is null, as in JSON itself.

use serde_json::Value;

static NULL: Value = Value::Null;

/// Looks into JSON without a panic and without an `Option`.
pub(crate) trait At {
    /// The value under `key`; null when this is no object or has no such key.
    fn at(&self, key: &str) -> &Value;
}

impl At for Value {
    fn at(&self, key: &str) -> &Value {
        self.get(key).unwrap_or(&NULL)
    }
}
