//! `POST /api/v1/admin/invoice/{id}/regenerate-payment-link/` (contract row 43).

use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use konveksi_identity::Permission;
use konveksi_kernel::{InvoiceId, Money};
use konveksi_web::{Caller, Path, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use super::input::on_behalf_of;
use crate::app::App;
use crate::app::regenerate_link::{Regenerated, regenerate_link};
use crate::domain::Link;

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
    status: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
struct NextSteps {
    notification: &'static str,
    note: &'static str,
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
    id: Path<InvoiceId>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let regenerated = on_behalf_of(&caller.0, regenerate_link(&app, *id))
        .await
        .map_err(|error| Problem::from(error).with_extra("invoice_id", id.to_string()))?;
    Ok(HttpResponse::Ok().json(body(&regenerated, app.clock.now())))
}

fn body(regenerated: &Regenerated, now: DateTime<Utc>) -> RegenerateResponse {
    let Regenerated { previous, previous_link, view } = regenerated;
    let invoice = &view.invoice;
    let link = previous_link.as_ref();
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
            regenerated_at: now,
        },
        previous_data: PreviousData {
            payment_url: link.and_then(|link: &Link| link.url.clone()),
            xendit_invoice_id: link.and_then(|link: &Link| link.provider_id.clone()),
            expired_at: previous.expires_at,
            status: previous.status.as_wire(),
        },
        next_steps: NextSteps {
            notification: "Notifikasi belum dikirim.",
            note: "Kirim link pembayaran yang baru kepada pelanggan bila sudah siap.",
        },
    }
}
