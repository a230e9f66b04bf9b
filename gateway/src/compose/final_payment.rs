//! `POST /admin/order/{id}/request-final-payment/` (row 32): order checks and moves on, payment
//! makes the final invoice. Nothing is sent.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::express;
use crate::edge::{Call, body};
use crate::error::Stop;
use crate::forward::Service;
use crate::json::At as _;

pub(crate) async fn handle(mut call: Call) -> Result<HttpResponse, Stop> {
    let id = call.id(0)?;
    let ask = Value::Object(body::json(&mut call).await?);
    let (edge, context) = (call.edge.clone(), call.context());
    let path = format!("/internal/v1/orders/{id}/final-payment");
    let moved = edge.upstreams.post(Service::Order, &path, &ask, &context).await?;
    let moved = moved.success()?;
    let path = format!("/internal/v1/orders/{id}/final-invoice");
    // Asked again, payment insists that no final invoice waits for its money; the first time it is
    // idempotent by order and kind, since the event order has told makes the same one.
    let fresh = moved.at("already") == &Value::Bool(true);
    let ask = json!({ "snapshot": moved.at("snapshot"), "fresh": fresh });
    let system = call.system_context().step("invoice");
    let made = edge.upstreams.post(Service::Payment, &path, &ask, &system).await?;
    if made.is_success() {
        // The link is often sent right after, by notification.
        tokio::join!(
            express::deliver(&edge, &made, Service::Order, &context),
            express::deliver(&edge, &made, Service::Notification, &context),
        );
    }
    let made = made.success()?;
    Ok(HttpResponse::Ok().json(body_of(moved.at("order"), made.at("invoice"))))
}

fn body_of(order: &Value, invoice: &Value) -> Value {
    let code = order.at("order_code").as_str().unwrap_or_default();
    json!({
        "success": true,
        "message": format!("Tagihan pelunasan untuk order {code} berhasil dibuat."),
        "order_id": order.at("id"),
        "order_code": order.at("order_code"),
        "new_order_status": order.at("status_order"),
        "final_invoice": {
            "id": invoice.at("id"),
            "invoice_code": invoice.at("invoice_code"),
            "amount": invoice.at("invoice_amount"),
            "payment_url": invoice.at("payment_url"),
            "expires_at": invoice.at("invoice_expired_at"),
        },
        "note": "Notifikasi belum dikirim. Kirim link pembayaran kepada pelanggan bila sudah siap.",
    })
}
