//! `POST /refunds`, `GET /refunds/{id}`, `GET /refunds`. Asked with the same `Idempotency-Key` or
//! `reference_id`, a refund is made once.

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{auth, error};
use crate::invoice::Invoice;
use crate::provider_call;
use crate::refund::{Refund, RefundError, RefundStatus, RefundWish};
use crate::switches::Api;
use crate::world::World;

/// How many invoices are looked at for a list without an invoice.
const SCANNED: usize = 2_000;

#[derive(Debug, Deserialize)]
struct Request {
    invoice_id: Option<String>,
    reference_id: Option<String>,
    amount: Option<u64>,
    currency: Option<String>,
    reason: Option<String>,
}

/// Pays back.
pub(crate) async fn create(world: Data<World>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let act = || {
        if let Some(refusal) = auth::refusal(&world, &request) {
            return refusal;
        }
        let Ok(asked) = serde_json::from_slice::<Request>(&body) else {
            let message = "The request body is not a valid JSON format";
            return error::answer(StatusCode::BAD_REQUEST, "INVALID_JSON_FORMAT", message);
        };
        made(&world, &request, &asked)
    };
    provider_call::answer(&world, Api::XenditRefund, (&request, &body), error::broken, act).await
}

fn made(world: &World, request: &HttpRequest, asked: &Request) -> HttpResponse {
    let (Some(invoice_id), Some(reason)) = (&asked.invoice_id, &asked.reason) else {
        let message = "invoice_id and reason are required";
        return error::answer(StatusCode::BAD_REQUEST, "API_VALIDATION_ERROR", message);
    };
    if asked.currency.as_deref().is_some_and(|currency| currency != "IDR") {
        return error::answer(StatusCode::BAD_REQUEST, "API_VALIDATION_ERROR", "currency");
    }
    let header = request.headers().get("idempotency-key").and_then(|value| value.to_str().ok());
    let key = asked.reference_id.as_deref().or(header).unwrap_or_default();
    let wish = RefundWish { key, amount: asked.amount, reason };
    match world.refund(invoice_id, wish) {
        // The provider's first word is always that it is under way.
        Ok((invoice, refund)) => {
            let told = Refund { status: RefundStatus::Pending, ..refund };
            HttpResponse::Ok().json(told.on_wire(&invoice))
        }
        Err(refusal) => refused(refusal),
    }
}

fn refused(refusal: RefundError) -> HttpResponse {
    let (status, code) = match refusal {
        RefundError::NotFound => (StatusCode::NOT_FOUND, "DATA_NOT_FOUND"),
        RefundError::NotPaid | RefundError::NotPending => {
            (StatusCode::BAD_REQUEST, "INELIGIBLE_TRANSACTION")
        }
        RefundError::TooMuch => (StatusCode::BAD_REQUEST, "MAXIMUM_REFUND_AMOUNT_REACHED"),
        RefundError::ChannelUnsupported => (StatusCode::FORBIDDEN, "REFUND_NOT_SUPPORTED"),
    };
    error::answer(status, code, &refusal.to_string())
}

/// One refund.
pub(crate) async fn get(
    world: Data<World>,
    request: HttpRequest,
    id: Path<String>,
) -> HttpResponse {
    let act = || {
        if let Some(refusal) = auth::refusal(&world, &request) {
            return refusal;
        }
        let invoice = world.invoices.of_refund(&id);
        match invoice.as_ref().and_then(|invoice| {
            let refund = invoice.backstage.refunds.iter().find(|one| one.id == *id)?;
            Some(refund.on_wire(invoice))
        }) {
            Some(refund) => HttpResponse::Ok().json(refund),
            None => refused(RefundError::NotFound),
        }
    };
    provider_call::answer(&world, Api::XenditRefundGet, (&request, &[]), error::broken, act).await
}

/// What a list is filtered by.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Filter {
    invoice_id: Option<String>,
}

/// Refunds, of one invoice or all.
pub(crate) async fn list(
    world: Data<World>,
    request: HttpRequest,
    filter: Query<Filter>,
) -> HttpResponse {
    let act = || {
        if let Some(refusal) = auth::refusal(&world, &request) {
            return refusal;
        }
        let invoices: Vec<Invoice> = match &filter.invoice_id {
            Some(id) => world.invoices.find(id).into_iter().collect(),
            None => world.invoices.list(None, SCANNED),
        };
        let refunds: Vec<Value> = invoices
            .iter()
            .flat_map(|invoice| invoice.backstage.refunds.iter().map(|one| one.on_wire(invoice)))
            .collect();
        HttpResponse::Ok().json(json!({ "data": refunds, "has_more": false }))
    };
    provider_call::answer(&world, Api::XenditRefundGet, (&request, &[]), error::broken, act).await
}
