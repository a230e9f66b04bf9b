//! `POST /api/v1/admin/invoice/{id}/regenerate-payment-link/` (contract row 43).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use konveksi_idempotency::{Answer, Outcome, RequestKey};
use konveksi_identity::Permission;
use konveksi_kernel::{InvoiceId, Money};
use konveksi_web::{Caller, Path, Problem};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::input::on_behalf_of;
use crate::app::regenerate_link::{Regenerating, regenerate_link};
use crate::app::requests::once;
use crate::app::{App, AppError, InvoiceView, make_link, queries};

/// The invoice's new link and what it replaced.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RegenerateResponse {
    success: bool,
    message: &'static str,
    invoice: RegeneratedInvoice,
    previous_data: PreviousData,
    next_steps: NextSteps,
}

#[derive(Debug, Serialize, ToSchema)]
struct RegeneratedInvoice {
    #[schema(value_type = uuid::Uuid)]
    id: InvoiceId,
    invoice_code: String,
    order_code: String,
    payment_type: &'static str,
    #[schema(value_type = String, example = "7500000.00")]
    amount: Money,
    status: &'static str,
    payment_url: Option<String>,
    expires_at: DateTime<Utc>,
    regenerated_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
struct PreviousData {
    payment_url: Option<String>,
    xendit_invoice_id: Option<String>,
    expired_at: DateTime<Utc>,
    status: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct NextSteps {
    notification: &'static str,
    note: &'static str,
}

/// What is stored of the answer; the rest is composed again, because the link is made after the
/// commit.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    payment_url: Option<String>,
    xendit_invoice_id: Option<String>,
    expired_at: DateTime<Utc>,
    status: String,
    regenerated_at: DateTime<Utc>,
}

/// Gives an unpaid or expired invoice a new link; the old one is dead at once. Sends nothing.
#[utoipa::path(
    post, path = "/api/v1/admin/invoice/{id}/regenerate-payment-link/", tag = "invoices",
    params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 200, body = RegenerateResponse),
        (status = 400, description = "INVOICE_INVALID_STATE with invoice_code, current_status"),
        (status = 404, description = "INVOICE_NOT_FOUND with invoice_id"),
        (status = 500, description = "PAYMENT_PROVIDER_FAILED with invoice_id")
    )
)]
pub(super) async fn regenerate(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<InvoiceId>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let key = RequestKey::read(&caller, &request, &json!(*id))?;
    let (outcome, view) = on_behalf_of(&caller.0, again(&app, key.as_ref(), *id))
        .await
        .map_err(|error| Problem::from(error).with_extra("invoice_id", id.to_string()))?;
    let kept: Kept =
        serde_json::from_value(outcome.body).map_err(|error| Problem::internal(&error))?;
    let mut answer = HttpResponse::Ok();
    if outcome.replayed {
        answer.insert_header(("Idempotent-Replayed", "true"));
    }
    Ok(answer.json(body(kept, &view)))
}

/// The new link, once for all requests that share the key. When the provider fails, the old link
/// is dead all the same and a worker makes the new one.
async fn again(
    app: &App,
    key: Option<&RequestKey>,
    id: InvoiceId,
) -> Result<(Outcome, InvoiceView), AppError> {
    let mut claimed = None;
    let outcome = once(app, key, async |tx| {
        let regenerating = regenerate_link(app, tx, id).await?;
        let Regenerating { previous, previous_link, claimed: mine } = regenerating;
        claimed = mine;
        let kept = Kept {
            payment_url: previous_link.as_ref().and_then(|link| link.url.clone()),
            xendit_invoice_id: previous_link.and_then(|link| link.provider_id),
            expired_at: previous.expires_at,
            status: previous.status.as_wire().to_owned(),
            regenerated_at: app.clock.now(),
        };
        Ok(Answer { status: StatusCode::OK, body: json!(kept), customer_id: None })
    })
    .await?;
    make_link::now(app, id, claimed).await?;
    Ok((outcome, queries::invoice(app, id).await?))
}

fn body(kept: Kept, view: &InvoiceView) -> RegenerateResponse {
    let invoice = &view.invoice;
    RegenerateResponse {
        success: true,
        message: "Link pembayaran berhasil dibuat ulang.",
        invoice: RegeneratedInvoice {
            id: invoice.id,
            invoice_code: invoice.code.to_string(),
            order_code: view.order.code.clone(),
            payment_type: invoice.kind.as_wire(),
            amount: invoice.amount,
            status: invoice.status.as_wire(),
            payment_url: view.payment_url().map(str::to_owned),
            expires_at: invoice.expires_at,
            regenerated_at: kept.regenerated_at,
        },
        previous_data: PreviousData {
            payment_url: kept.payment_url,
            xendit_invoice_id: kept.xendit_invoice_id,
            expired_at: kept.expired_at,
            status: kept.status,
        },
        next_steps: NextSteps {
            notification: "Notifikasi belum dikirim.",
            note: "Kirim link pembayaran yang baru kepada pelanggan bila sudah siap.",
        },
    }
}
