//! `GET /track-order/` (row 26; answer D of the contract) and `GET /track/{token}/`, which needs no
//! code: order says what of it is public and how far it is, payment adds invoices and payments.

use actix_web::HttpResponse;
use serde_json::{Value, json};
use uuid::Uuid;

use super::order_code;
use super::public_view::{MoneyView, amount, payment_type_display, remaining};
use crate::edge::Call;
use crate::error::Stop;
use crate::forward::Service;
use crate::json::At as _;
use konveksi_web::Problem;

pub(crate) async fn handle(call: Call) -> Result<HttpResponse, Stop> {
    let found = found_by_code(&call).await?;
    shown(&call, &found).await
}

/// The same for whoever holds the order's link.
pub(crate) async fn by_token(call: Call) -> Result<HttpResponse, Stop> {
    let found = found_by_token(&call).await?;
    shown(&call, &found).await
}

async fn shown(call: &Call, found: &Value) -> Result<HttpResponse, Stop> {
    let money = MoneyView::read(&money_of(call, found).await?);
    let data = found.at("data");
    let (total, paid) = (amount(data.at("total_price")), money.total_paid());
    let left = remaining(total, paid);
    let payment_type = data.at("payment_type").as_str().unwrap_or_default();
    let summary = json!({
        "total_amount": total.to_whole_rupiah_string(),
        "amount_paid": paid.to_whole_rupiah_string(),
        "remaining_balance": left.to_whole_rupiah_string(),
        "payment_type": payment_type,
        "payment_type_display": payment_type_display(payment_type),
    });
    let mut tracked = data.as_object().cloned().unwrap_or_default();
    tracked.insert("payment_summary".to_owned(), summary);
    let invoices = Value::Array(money.invoices(call.edge.clock.now()));
    tracked.insert("invoices".to_owned(), invoices);
    Ok(HttpResponse::Ok().json(json!({
        "success": true,
        "message": "Data order ditemukan.",
        "data": tracked,
        "order": found.at("order"),
        "timeline": found.at("timeline"),
        "payments": money.payments(),
        "summary": {
            "total_price": total,
            "total_paid": paid,
            "remaining": left,
            "is_fully_paid": data.at("is_fully_paid"),
            "next_payment_amount": money.next_payment(),
        },
    })))
}

/// What order shows to anybody who holds the code of the query.
pub(super) async fn found_by_code(call: &Call) -> Result<Value, Stop> {
    let code = call.query("order_code").unwrap_or_default().trim().to_ascii_uppercase();
    if code.is_empty() {
        return Err(Problem::field("order_code", "Wajib diisi.").into());
    }
    if !order_code::is_plain(&code) {
        return Err(Problem::field("order_code", "Kode order tidak valid.").into());
    }
    let path = format!("/internal/v1/orders/by-code/{code}");
    call.edge.upstreams.get(Service::Order, &path, &call.system_context()).await?.success()
}

/// What order shows to anybody who holds the token of the path. What can be no token goes no
/// further: it would become part of another path.
async fn found_by_token(call: &Call) -> Result<Value, Stop> {
    let token = call.parameter(0);
    let formed = token.len() == 32
        && token.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if !formed {
        let told = "Tautan pelacakan tidak dikenal.";
        return Err(Problem::not_found("ORDER_NOT_FOUND", told, "not a tracking token").into());
    }
    let path = format!("/internal/v1/orders/by-token/{token}");
    call.edge.upstreams.get(Service::Order, &path, &call.system_context()).await?.success()
}

/// What payment knows of the order that was found.
pub(super) async fn money_of(call: &Call, found: &Value) -> Result<Value, Stop> {
    let id = found.at("order_id").as_str().and_then(|id| Uuid::try_parse(id).ok());
    let id = id.ok_or_else(|| {
        tracing::error!("order's answer by code holds no id");
        Problem::of_status(actix_web::http::StatusCode::INTERNAL_SERVER_ERROR)
    })?;
    let path = format!("/internal/v1/orders/{id}/money");
    call.edge.upstreams.get(Service::Payment, &path, &call.system_context()).await?.success()
}
