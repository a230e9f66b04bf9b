//! Reads the fields of a JSON object one by one, so that all complaints come at once and a form's
//! `"24"` is as good as a program's `24`.

use konveksi_web::Problem;
use serde_json::{Map, Value};

use super::error::fields;
use crate::domain::field::Complaints;

/// A JSON object being read.
pub(super) struct Body {
    map: Map<String, Value>,
    wrong: Complaints,
}

impl Body {
    /// Begins reading `map`. Unknown keys are ignored (`contract.md` section 1).
    pub(super) fn new(map: Map<String, Value>) -> Body {
        Body { map, wrong: Complaints::default() }
    }

    /// A text; null counts as not sent.
    pub(super) fn text(&mut self, field: &'static str) -> Option<String> {
        match self.map.remove(field)? {
            Value::Null => None,
            Value::String(text) => Some(text),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                self.wrong.add(field, "Harus berupa teks.");
                None
            }
        }
    }

    /// A text that null empties.
    pub(super) fn clearable_text(&mut self, field: &'static str) -> Option<String> {
        if self.map.get(field).is_some_and(Value::is_null) {
            return Some(String::new());
        }
        self.text(field)
    }

    /// A list of texts; null counts as not sent.
    pub(super) fn texts(&mut self, field: &'static str) -> Option<Vec<String>> {
        let items = match self.map.remove(field)? {
            Value::Null => return None,
            Value::Array(items) => items,
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
                self.wrong.add(field, "Harus berupa daftar teks.");
                return None;
            }
        };
        let texts: Option<Vec<String>> =
            items.into_iter().map(|item| item.as_str().map(str::to_owned)).collect();
        self.wrong.keep(field, texts.ok_or_else(|| "Harus berupa daftar teks.".to_owned()))
    }

    /// A number, or a text that holds one; null counts as not sent.
    pub(super) fn number(&mut self, field: &'static str) -> Option<String> {
        match self.map.remove(field)? {
            Value::Null => None,
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                self.wrong.add(field, "Harus berupa angka.");
                None
            }
        }
    }

    /// Yes or no; null counts as not sent.
    pub(super) fn flag(&mut self, field: &'static str) -> Option<bool> {
        match self.map.remove(field)? {
            Value::Null => None,
            Value::Bool(flag) => Some(flag),
            Value::String(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                self.wrong.add(field, "Harus true atau false.");
                None
            }
        }
    }

    /// A list, or a form's text that holds one; null counts as not sent.
    pub(super) fn list(&mut self, field: &'static str) -> Option<Vec<Value>> {
        match self.map.remove(field)? {
            Value::Null => None,
            Value::Array(list) => Some(list),
            Value::String(text) => {
                let list = serde_json::from_str::<Vec<Value>>(&text);
                let list = list.map_err(|_not_a_list| "Harus berupa daftar JSON.".to_owned());
                self.wrong.keep(field, list)
            }
            Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
                self.wrong.add(field, "Harus berupa daftar.");
                None
            }
        }
    }

    /// An object; null counts as not sent.
    pub(super) fn object(&mut self, field: &'static str) -> Option<Map<String, Value>> {
        match self.map.remove(field)? {
            Value::Null => None,
            Value::Object(map) => Some(map),
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                self.wrong.add(field, "Harus berupa objek.");
                None
            }
        }
    }

    /// The complaints so far, for readers of what is inside of a field.
    pub(super) fn complaints(&mut self) -> &mut Complaints {
        &mut self.wrong
    }

    /// One of our words.
    pub(super) fn word<T>(
        &mut self,
        field: &'static str,
        read: fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(field)?;
        let word = read(text.trim()).ok_or_else(|| "Nilai tidak dikenal.".to_owned());
        self.wrong.keep(field, word)
    }

    /// Whether `field` was sent and is not null.
    pub(super) fn has(&self, field: &str) -> bool {
        self.map.get(field).is_some_and(|value| !value.is_null())
    }

    /// Keeps `read`, or its complaint about `field`.
    pub(super) fn keep<T>(&mut self, field: &'static str, read: Result<T, String>) -> Option<T> {
        self.wrong.keep(field, read)
    }

    /// Ends reading. Complaints about types come before those of the rules: a rule would call a
    /// field of the wrong type missing.
    ///
    /// # Errors
    /// 400 naming every field of the wrong type.
    pub(super) fn finish(self) -> Result<(), Problem> {
        fields(self.wrong).into_result()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn body(value: &Value) -> Body {
        Body::new(value.as_object().cloned().unwrap())
    }

    #[test]
    fn numbers_come_as_numbers_or_text() {
        let mut body = body(&json!({ "a": 24, "b": "24", "c": 7_500_000.00, "d": null }));
        assert_eq!(body.number("a").as_deref(), Some("24"));
        assert_eq!(body.number("b").as_deref(), Some("24"));
        assert_eq!(body.number("c").as_deref(), Some("7500000.0"));
        assert_eq!(body.number("d"), None);
        assert!(body.finish().is_ok());
    }

    #[test]
    fn every_wrong_type_is_named() {
        let mut body = body(&json!({ "a": [], "b": 5, "c": "x", "d": true }));
        body.number("a");
        body.text("b");
        body.flag("c");
        body.number("d");
        let json = body.finish().unwrap_err().to_json();
        for field in ["a", "b", "c", "d"] {
            assert!(json["details"][field].is_array(), "{field}");
        }
    }

    #[test]
    fn null_empties_what_can_be_empty() {
        let mut body = body(&json!({ "a": null }));
        assert_eq!(body.clearable_text("a").as_deref(), Some(""));
        assert_eq!(body.clearable_text("b"), None);
    }
}
