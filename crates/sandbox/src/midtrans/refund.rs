//! `POST /v2/{id}/refund` and `/refund/online/direct`: pays back, once for each `refund_key`.

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::json;

use super::{auth, body, transaction};
use crate::provider_call;
use crate::refund::{RefundError, RefundStatus, RefundWish};
use crate::switches::Api;
use crate::world::World;

#[derive(Debug, Default, Deserialize)]
struct Request {
    refund_key: Option<String>,
    amount: Option<u64>,
    reason: Option<String>,
}

/// Pays back.
pub(super) async fn refund(
    world: Data<World>,
    request: HttpRequest,
    id: Path<String>,
    body: Bytes,
) -> HttpResponse {
    let act = || {
        if let Some(refusal) = auth::refusal(&world, &request) {
            return refusal;
        }
        let asked = serde_json::from_slice::<Request>(&body).unwrap_or_default();
        made(&world, &id, &asked)
    };
    let call = (&request, &body[..]);
    provider_call::answer(&world, Api::MidtransRefund, call, body::broken, act).await
}

fn made(world: &World, id: &str, asked: &Request) -> HttpResponse {
    let Some(invoice) = transaction::find(world, id) else { return body::unknown() };
    let own = world.now().timestamp_micros().to_string();
    let wish = RefundWish {
        key: asked.refund_key.as_deref().unwrap_or(&own),
        amount: asked.amount,
        reason: asked.reason.as_deref().unwrap_or_default(),
    };
    let (invoice, refund) = match world.refund(&invoice.id, wish) {
        Ok(done) => done,
        Err(refusal) => return refused(refusal),
    };
    let verdict = match refund.status {
        RefundStatus::Succeeded => ("200", "Success, refund request is approved"),
        RefundStatus::Pending => ("201", "Success, refund request is recorded"),
        RefundStatus::Failed => {
            let message = "Refund request is rejected due to invalid amount or destination";
            return body::answer(StatusCode::OK, "414", message);
        }
    };
    let mut answer = body::of(&invoice, verdict, &world.config.midtrans_server_key);
    answer.insert("refund_key".to_owned(), json!(refund.key));
    answer.insert("refund_amount".to_owned(), json!(format!("{}.00", refund.amount)));
    answer.insert("refund_chargeback_id".to_owned(), json!(refund.created.timestamp_millis()));
    HttpResponse::Ok().json(answer)
}

fn refused(refusal: RefundError) -> HttpResponse {
    let (code, message) = match refusal {
        RefundError::NotFound => ("404", "Transaction doesn't exist."),
        RefundError::NotPaid | RefundError::NotPending => {
            ("412", "Transaction status cannot be updated.")
        }
        RefundError::TooMuch => ("414", "Refund amount exceeds the transaction amount"),
        RefundError::ChannelUnsupported => ("411", "Payment type does not support refund"),
    };
    // The verdict is in the body; the real one answers 200 all the same.
    body::answer(StatusCode::OK, code, message)
}
