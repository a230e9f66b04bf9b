//! `GET /invoice/detail/{invoice_code}/` (row 41): an invoice as anybody with its code may see it.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::public_view::masked_name;
use crate::edge::Call;
use crate::error::Stop;
use crate::forward::Service;
use crate::json::At as _;
use konveksi_web::Problem;

pub(crate) async fn handle(call: Call) -> Result<HttpResponse, Stop> {
    let code = call.parameter(0);
    if !super::order_code::is_plain(code) {
        return Err(unknown().into());
    }
    let system = call.system_context();
    let path = format!("/internal/v1/invoices/by-code/{code}");
    let answer = call.edge.upstreams.get(Service::Payment, &path, &system).await?;
    if answer.status == 404 {
        return Err(unknown().into());
    }
    Ok(HttpResponse::Ok().json(body_of(&answer.success()?)))
}

fn unknown() -> Problem {
    Problem::not_found("INVOICE_NOT_FOUND", "Invoice tidak ditemukan.", "no such invoice code")
}

fn body_of(found: &Value) -> Value {
    let (invoice, order) = (found.at("invoice"), found.at("order"));
    json!({
        "invoice": {
            "invoice_code": invoice.at("invoice_code"),
            "payment_type": invoice.at("payment_type"),
            "invoice_amount": invoice.at("invoice_amount"),
            "invoice_status": invoice.at("invoice_status"),
            "payment_url": invoice.at("payment_url"),
            "invoice_created_at": invoice.at("invoice_created_at"),
            "invoice_expired_at": invoice.at("invoice_expired_at"),
            "invoice_paid_at": invoice.at("invoice_paid_at"),
        },
        "order": {
            "order_code": order.at("order_code"),
            "customer_name": masked_name(order.at("customer_name").as_str().unwrap_or_default()),
            "product_name": order.at("product_name"),
            "quantity": order.at("quantity"),
        },
        "payment_url": invoice.at("payment_url"),
    })
}
