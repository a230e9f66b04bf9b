//! An order as a form: its fields become the JSON the order service reads, its `design` a draft
//! file in media (`settled.md` 30).

use serde_json::{Map, Value, json};

use crate::edge::Call;
use crate::edge::multipart::{self, Keep};
use crate::error::Stop;
use crate::forward::Service;
use crate::json::At as _;
use konveksi_web::Problem;

/// The largest design that may come with an order (`contract.md` section 5).
const DESIGN_BYTES: usize = 5 * 1024 * 1024;

/// Reads the form; the design, if there is one, is stored before this returns.
pub(super) async fn read(call: &mut Call) -> Result<Value, Stop> {
    let form = multipart::read(call, DESIGN_BYTES, Keep::InMemory).await?;
    let mut input: Map<String, Value> = form
        .fields
        .into_iter()
        .map(|(name, text)| {
            let value = typed(&name, &text);
            (name, value)
        })
        .collect();
    // Only media says which file it is.
    input.remove("design_file_id");
    input.remove("design_sha256");
    let mut designs = form.files.into_iter().filter(|file| file.field == "design");
    let (design, another) = (designs.next(), designs.next());
    if another.is_some() {
        return Err(Problem::field("design", "Hanya satu berkas desain.").into());
    }
    let Some(design) = design.filter(|file| !file.is_empty()) else {
        return Ok(Value::Object(input));
    };
    // The same form sent again stores another draft; this tells order that it is the same design.
    let digest = design.digest().map_or(Value::Null, |sha256| json!(hex::encode(sha256)));
    let draft = reqwest::multipart::Form::new().part("design", design.into_part()?);
    let (edge, context) = (call.edge.clone(), call.system_context().step("design"));
    let stored = edge
        .upstreams
        .post_form(Service::Media, "/internal/v1/drafts", draft, &context)
        .await?
        .success()?;
    input.insert("design_file_id".to_owned(), stored.at("id").clone());
    input.insert("design_sha256".to_owned(), digest);
    Ok(Value::Object(input))
}

/// Forms know only text; whole numbers become numbers, and an empty field is an absent one.
fn typed(name: &str, text: &str) -> Value {
    match name {
        _ if text.trim().is_empty() => Value::Null,
        "quantity" => text.trim().parse::<i64>().map_or_else(|_| json!(text), |n| json!(n)),
        _ => json!(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_numbers_and_empty_is_absent() {
        assert_eq!(typed("quantity", "12"), json!(12));
        assert_eq!(typed("quantity", "many"), json!("many"));
        assert_eq!(typed("total_price", "7500000.00"), json!("7500000.00"));
        assert_eq!(typed("design_notes", "  "), Value::Null);
    }
}
