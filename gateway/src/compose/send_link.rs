//! `POST /invoice/{id}/send-payment-link/` (row 40): the invoice's link, sent again.

use actix_web::HttpResponse;
use serde_json::{Map, Value, json};

use super::express;
use super::sends::{self, Send};
use crate::edge::{Call, body};
use crate::error::Stop;
use crate::forward::Service;
use crate::json::At as _;
use konveksi_web::Problem;

pub(crate) async fn handle(mut call: Call) -> Result<HttpResponse, Stop> {
    let id = call.id(0)?;
    let wish = body::json(&mut call).await?;
    let (edge, context, system) = (call.edge.clone(), call.context(), call.system_context());
    let found = edge
        .upstreams
        .get(Service::Payment, &format!("/internal/v1/invoices/{id}"), &system)
        .await?;
    if found.is_success() {
        express::deliver(&edge, &found, Service::Notification, &context).await;
    }
    let found = found.success()?;
    let invoice = found.at("invoice");
    if invoice.at("invoice_status") != "belum dibayar" || invoice.at("payment_url").is_null() {
        let refused = Problem::bad_request(
            "INVOICE_NOT_PAYABLE",
            "Invoice ini tidak dapat dibayar lagi, jadi link-nya tidak dikirim.",
            "the invoice has no link that can be paid",
        );
        return Err(refused
            .with_extra("invoice_code", invoice.at("invoice_code").clone())
            .with_extra("current_status", invoice.at("invoice_status").clone())
            .into());
    }
    let channel = wish.get("channel").and_then(Value::as_str);
    let message = Send {
        template_type: Some(sends::invoice_template(invoice)),
        template_id: None,
        channel: channel.or_else(|| invoice.at("notification_channel").as_str()),
        order_id: invoice.at("order"),
        invoice_id: invoice.at("id"),
        values: Map::new(),
    };
    let sent = sends::send(&edge, message, &context).await?;
    let told = if sent.any() {
        "Link pembayaran berhasil dikirim."
    } else {
        "Link pembayaran tidak dapat dikirim ke kontak pelanggan ini."
    };
    Ok(HttpResponse::Ok().json(json!({
        "message": told,
        "invoice_id": invoice.at("id"),
        "email_sent": sent.by("email"),
        "whatsapp_sent": sent.by("whatsapp"),
    })))
}
