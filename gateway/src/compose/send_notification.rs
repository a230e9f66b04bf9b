//! `POST /admin/invoice/{id}/send-notification/` (row 42): one template about one invoice, with
//! values of the caller's own.

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
    let Some(template_id) = wish.get("template_id").and_then(Value::as_str) else {
        return Err(Problem::field("template_id", "Wajib diisi.").into());
    };
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
    let values = match wish.get("custom_context") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(custom)) => custom.clone(),
        Some(_) => return Err(Problem::field("custom_context", "Harus berupa objek.").into()),
    };
    let message = Send {
        template_type: None,
        template_id: Some(template_id),
        channel: None,
        order_id: invoice.at("order"),
        invoice_id: invoice.at("id"),
        values,
    };
    let sent = sends::send(&edge, message, &context).await?;
    if sent.any() {
        // The invoice remembers it; that it cannot right now unsends nothing.
        let path = format!("/internal/v1/invoices/{id}/blasted");
        let noted = edge.upstreams.post(Service::Payment, &path, &json!({}), &context).await;
        if !noted.is_ok_and(|answer| answer.is_success()) {
            tracing::warn!(invoice.id = %id, "the invoice could not be marked as told");
        }
    }
    Ok(HttpResponse::Ok().json(json!({
        "success": sent.any(),
        "message": if sent.any() { "Notifikasi berhasil dikirim." } else { "Notifikasi tidak dapat dikirim." },
        "invoice_id": invoice.at("id"),
        "invoice_code": invoice.at("invoice_code"),
        "template_used": sent.get("template"),
        "sent_channels": sent.channels(),
        "rendered_content": sent.get("rendered"),
        "context_used": sent.get("context_used"),
    })))
}
