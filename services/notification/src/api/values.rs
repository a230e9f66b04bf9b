//! Values that callers send along: plain texts, numbers and yes or no, all from staff.

use std::collections::BTreeMap;

use konveksi_web::{FieldErrors, Problem};
use serde_json::{Map, Value as Json};

use crate::domain::channel::Channel;
use crate::domain::template::{Value, Values};

const MAX_VALUES: usize = 50;
const MAX_CHARS: usize = 2_000;

/// Reads the object in `field`.
///
/// # Errors
/// 400 for lists, objects, texts beyond 2,000 characters, or more than 50 values.
pub(super) fn read(field: &str, object: Option<&Map<String, Json>>) -> Result<Values, Problem> {
    let mut values = Values::new();
    let Some(object) = object else {
        return Ok(values);
    };
    let mut wrong = FieldErrors::new();
    if object.len() > MAX_VALUES {
        wrong.push(field, format!("Paling banyak {MAX_VALUES} nilai."));
    }
    for (name, json) in object {
        match json {
            Json::Null => {}
            Json::Bool(flag) => values.set(name, Value::Flag(*flag)),
            Json::Number(number) => values.set(name, Value::Staff(number.to_string())),
            Json::String(text) if text.chars().count() <= MAX_CHARS => {
                values.set(name, Value::Staff(text.clone()));
            }
            Json::String(_) => {
                wrong.push(field, format!("Teks paling panjang {MAX_CHARS} karakter."));
            }
            Json::Array(_) | Json::Object(_) => {
                wrong.push(field, "Setiap nilai harus berupa teks, angka, atau ya/tidak.");
            }
        }
    }
    wrong.into_result()?;
    Ok(values)
}

/// Every value as the reader of a message on `channel` would see it.
pub(super) fn shown(values: &Values, channel: Channel) -> BTreeMap<String, String> {
    values.iter().map(|(name, value)| (name.to_owned(), value.shown(channel))).collect()
}
