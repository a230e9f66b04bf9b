//! `POST /order/{id}/create-payment-link/` (rows 23, 24; answer C of the contract): payment makes
//! or finds the invoice, order learns of it at once, notification sends the link.

use actix_web::HttpResponse;
use serde_json::{Map, Value, json};

use super::express;
use super::sends::{self, Accepted, Send};
use crate::edge::{Call, body};
use crate::error::Stop;
use crate::forward::Service;
use crate::json::At as _;

pub(crate) async fn handle(mut call: Call) -> Result<HttpResponse, Stop> {
    let id = call.id(0)?;
    let wish = body::json(&mut call).await?;
    let (edge, context, system) = (call.edge.clone(), call.context(), call.system_context());
    let snapshot = edge
        .upstreams
        .get(Service::Order, &format!("/internal/v1/orders/{id}/snapshot"), &system)
        .await?
        .success()?;
    let mut ask = Map::from_iter([("snapshot".to_owned(), snapshot.clone())]);
    for key in ["payment_type", "dp_percent", "notification_channel"] {
        ask.extend(wish.get(key).map(|value| (key.to_owned(), value.clone())));
    }
    let path = format!("/internal/v1/orders/{id}/payment-link");
    let made = edge.upstreams.post(Service::Payment, &path, &Value::Object(ask), &context).await?;
    if made.is_success() {
        express::deliver(&edge, &made, Service::Order, &context).await;
        express::deliver(&edge, &made, Service::Notification, &context).await;
    }
    let made = made.success()?;
    let invoice = made.at("invoice");
    let channel = wish.get("notification_channel").and_then(Value::as_str);
    let message = Send {
        template_type: Some(sends::invoice_template(invoice)),
        template_id: None,
        channel: channel.or_else(|| snapshot.at("notification_channel").as_str()),
        order_id: snapshot.at("order_id"),
        invoice_id: invoice.at("id"),
        values: Map::new(),
    };
    // The link stands whether or not it could be sent; the answer says which.
    let sent =
        sends::send(&edge, message, &context).await.unwrap_or_else(|_away| Accepted::nothing());
    Ok(HttpResponse::Created().json(body_of(&made, &sent)))
}

fn body_of(made: &Value, sent: &Accepted) -> Value {
    let message = match (made.at("reused").as_bool().unwrap_or(false), sent.any()) {
        (false, true) => "Link pembayaran berhasil dibuat dan dikirim.",
        (false, false) => "Link pembayaran berhasil dibuat, tetapi belum dapat dikirim.",
        (true, true) => "Link pembayaran yang masih berlaku dikirim ulang.",
        (true, false) => "Link pembayaran masih berlaku, tetapi belum dapat dikirim ulang.",
    };
    let fallback = (!sent.any()).then_some("manual_notification_required");
    let mut body = json!({
        "invoice": made.at("invoice"),
        "payment_url": made.at("payment_url"),
        "message": message,
        "notification_sent": sent.any(),
        "email_sent": sent.by("email"),
        "whatsapp_sent": sent.by("whatsapp"),
    });
    if let (Some(fallback), Some(body)) = (fallback, body.as_object_mut()) {
        body.insert("fallback_method".to_owned(), json!(fallback));
    }
    body
}
