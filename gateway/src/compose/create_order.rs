//! `POST /order/` and `POST /admin/create-order/` (rows 14, 27; answer B of the contract): the order
//! is stored, its first invoice made, and the order read again with the link it now has.
//!
//! With payment away the order is answered alone, 201 and `invoice: null`; the event makes the
//! invoice later.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{express, order_form};
use crate::edge::{Call, Edge, body};
use crate::error::Stop;
use crate::forward::{Context, Service};
use crate::json::At as _;

/// What only the system may fix, which never comes through here; order would not listen either.
const FIELDS_OF_SEEDS: [&str; 4] = ["id", "order_code", "placed_at", "notify"];
/// How often the order is read until it knows its link.
const LOOKS: usize = 10;
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

pub(crate) async fn handle(mut call: Call) -> Result<HttpResponse, Stop> {
    let edge = call.edge.clone();
    let (context, system) = (call.context(), call.system_context());
    let mut input = if body::content_type(&call.request).starts_with("multipart/") {
        order_form::read(&mut call).await?
    } else {
        let mut input = body::json(&mut call).await?;
        // Only media says which file it is: nobody attaches another's draft by its id.
        input.remove("design_file_id");
        input.remove("design_sha256");
        Value::Object(input)
    };
    if let Some(fields) = input.as_object_mut() {
        fields.retain(|field, _| !FIELDS_OF_SEEDS.contains(&field.as_str()));
    }
    let created = edge.upstreams.post(Service::Order, &call.path, &input, &context).await?;
    let replayed = created.headers.contains_key("idempotent-replayed");
    let created = created.success()?;
    let (order, snapshot) = (created.at("order").clone(), created.at("snapshot").clone());

    let invoiced = first_invoice(&edge, &order, &snapshot, &system.step("invoice")).await;
    let mut answer = HttpResponse::build(StatusCode::CREATED);
    if replayed {
        answer.insert_header(("Idempotent-Replayed", "true"));
    }
    Ok(answer.json(match invoiced {
        Some(Invoiced { order: Some(order), invoice }) => body_of(&order, &invoice),
        Some(Invoiced { order: None, invoice }) => body_of(&order, &invoice),
        None => body_of(&order, &Value::Null),
    }))
}

struct Invoiced {
    /// The order as it is with its link; absent when it could not be read again.
    order: Option<Value>,
    /// Payment's answer.
    invoice: Value,
}

async fn first_invoice(
    edge: &Edge,
    order: &Value,
    snapshot: &Value,
    context: &Context,
) -> Option<Invoiced> {
    // Ids go into paths only after they were read as ids.
    let id = order.at("id").as_str().and_then(|id| Uuid::try_parse(id).ok())?;
    let path = format!("/internal/v1/orders/{id}/first-invoice");
    let ask = json!({ "snapshot": snapshot });
    let answer = edge.upstreams.post(Service::Payment, &path, &ask, context).await.ok()?;
    if !answer.is_success() {
        tracing::warn!(status = answer.status, order.id = %id, "no first invoice yet");
        return None;
    }
    express::deliver(edge, &answer, Service::Order, context).await;
    let invoice = answer.success().ok()?;
    let order = read_again(edge, id, &invoice, context).await;
    Some(Invoiced { order, invoice })
}

/// The order as it is with its invoice. A call that repeats one still under way gets the link from
/// payment before that one has told order of it: it waits a little, so that both answer the same.
async fn read_again(edge: &Edge, id: Uuid, invoice: &Value, context: &Context) -> Option<Value> {
    let path = format!("/api/v1/order/{id}");
    let mut order = None;
    for _ in 0..LOOKS {
        let again = edge.upstreams.get(Service::Order, &path, context).await;
        order = again.and_then(crate::forward::Answer::success).ok();
        let waits = order.as_ref().is_some_and(|order| order.at("status_order") == "menunggu_link");
        if !waits || invoice.at("payment_url").is_null() {
            break;
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
    order
}

fn body_of(order: &Value, invoiced: &Value) -> Value {
    let (invoice, url) = (invoiced.at("invoice"), invoiced.at("payment_url"));
    let code = order.at("order_code").as_str().unwrap_or_default();
    let message = if url.is_null() {
        format!("Order {code} berhasil dibuat. Link pembayaran menyusul.")
    } else {
        format!("Order {code} berhasil dibuat beserta link pembayaran.")
    };
    json!({
        "success": true,
        "message": message,
        "data": { "order": order, "invoice": invoice },
        "order": order,
        "invoice": invoice,
        "payment_url": url,
        // The link's message follows the invoice's own event.
        "notification_sent": !url.is_null(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_an_invoice_the_answer_says_null_and_when() {
        let body = body_of(&json!({ "order_code": "ORD-20250101-ABC" }), &Value::Null);
        assert_eq!(body["success"], true);
        assert!(body["invoice"].is_null() && body["payment_url"].is_null());
        assert_eq!(body["data"]["order"], body["order"]);
        assert_eq!(body["notification_sent"], false);
    }
}
