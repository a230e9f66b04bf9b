//! Reads garments of a request. They are lists inside of a JSON object, so complaints about types
//! say where they stand; a form, which knows only text, sends them as JSON in one field.

use serde_json::{Map, Value};

use super::body::Body;
use crate::domain::field::Complaints;
use crate::domain::garment_input::{
    AdjustmentDraft, DecorationDraft, GarmentsDraft, ItemDraft, SizeDraft,
};

/// The garments that were sent.
pub(super) fn garments(body: &mut Body) -> GarmentsDraft {
    GarmentsDraft {
        items: read(body, "items", item),
        adjustments: read(body, "adjustments", adjustment),
    }
}

fn read<T>(body: &mut Body, field: &'static str, line: fn(&mut Line<'_>) -> T) -> Option<Vec<T>> {
    let list = body.list(field)?;
    Some(lines(list, field, "", body.complaints(), line))
}

/// An object of a list, and where it stands.
pub(super) struct Line<'a> {
    map: Map<String, Value>,
    field: &'static str,
    path: String,
    wrong: &'a mut Complaints,
}

/// Reads every object of a list.
pub(super) fn lines<T>(
    list: Vec<Value>,
    field: &'static str,
    path: &str,
    wrong: &mut Complaints,
    read: fn(&mut Line<'_>) -> T,
) -> Vec<T> {
    let mut read_lines = Vec::with_capacity(list.len());
    for (index, value) in list.into_iter().enumerate() {
        let path = format!("{path}[{index}]");
        match value {
            Value::Object(map) => read_lines.push(read(&mut Line { map, field, path, wrong })),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_) => wrong.add_at(field, path, "Harus berupa objek."),
        }
    }
    read_lines
}

impl Line<'_> {
    /// A text; null counts as not sent.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        match self.map.remove(name)? {
            Value::Null => None,
            Value::String(text) => Some(text),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                self.complain(name, "Harus berupa teks.");
                None
            }
        }
    }

    /// A number, or a text that holds one; null counts as not sent.
    pub(super) fn number(&mut self, name: &str) -> Option<String> {
        match self.map.remove(name)? {
            Value::Null => None,
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                self.complain(name, "Harus berupa angka.");
                None
            }
        }
    }

    /// A text that may have been sent as a number, such as a size `42`.
    pub(super) fn word(&mut self, name: &str) -> Option<String> {
        match self.map.get(name) {
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(_) | None => self.text(name),
        }
    }

    fn complain(&mut self, name: &str, message: &str) {
        self.wrong.add_at(self.field, format!("{}.{name}", self.path), message);
    }

    fn several<T>(&mut self, name: &str, read: fn(&mut Line<'_>) -> T) -> Vec<T> {
        match self.map.remove(name) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(list)) => {
                lines(list, self.field, &format!("{}.{name}", self.path), self.wrong, read)
            }
            Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                self.complain(name, "Harus berupa daftar.");
                Vec::new()
            }
        }
    }
}

fn item(line: &mut Line<'_>) -> ItemDraft {
    ItemDraft {
        product_name: line.text("product_name"),
        colour: line.text("colour"),
        unit_price: line.number("unit_price"),
        sizes: line.several("sizes", size),
        decorations: line.several("decorations", decoration),
    }
}

fn size(line: &mut Line<'_>) -> SizeDraft {
    SizeDraft {
        size: line.word("size"),
        quantity: line.number("quantity"),
        surcharge: line.number("surcharge"),
    }
}

fn decoration(line: &mut Line<'_>) -> DecorationDraft {
    DecorationDraft {
        kind: line.text("type"),
        place: line.text("place"),
        size: line.word("size"),
        colours: line.number("colours"),
        price: line.number("price"),
    }
}

fn adjustment(line: &mut Line<'_>) -> AdjustmentDraft {
    AdjustmentDraft {
        kind: line.text("type"),
        description: line.text("description"),
        amount: line.number("amount"),
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
    fn a_form_sends_its_lists_as_json_in_a_field() {
        let text =
            r#"[{"product_name":"Kaos","unit_price":50000,"sizes":[{"size":42,"quantity":"3"}]}]"#;
        let mut body = body(&json!({ "items": text }));
        let items = garments(&mut body).items.unwrap();
        assert_eq!(items[0].unit_price.as_deref(), Some("50000"));
        assert_eq!(items[0].sizes[0].size.as_deref(), Some("42"));
        assert!(body.finish().is_ok());
    }

    #[test]
    fn wrong_types_are_named_where_they_stand() {
        let mut body = body(&json!({
            "items": [{ "product_name": 7, "sizes": [3, { "quantity": {} }], "decorations": "x" }],
            "adjustments": "nothing",
        }));
        garments(&mut body);
        let json = body.finish().unwrap_err().to_json();
        for field in [
            "items[0].product_name",
            "items[0].sizes[0]",
            "items[0].sizes[1].quantity",
            "items[0].decorations",
            "adjustments",
        ] {
            assert!(json["details"][field].is_array(), "{field}: {json}");
        }
    }

    #[test]
    fn null_is_not_sent_and_an_empty_list_is() {
        let mut body = body(&json!({ "items": null, "adjustments": [] }));
        let read = garments(&mut body);
        assert!(read.items.is_none());
        assert_eq!(read.adjustments.map(|list| list.len()), Some(0));
    }
}
