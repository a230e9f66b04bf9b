//! Papers as PDF: an invoice, a payment's receipt, a refund's credit note. An invoice is also
//! printed for whoever holds its code, as its public page is.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use konveksi_identity::Permission;
use konveksi_kernel::{InvoiceId, PaymentId, RefundId};
use konveksi_web::{Caller, Path, Problem};

use crate::app::print_paper::{self, Printed};
use crate::app::{App, queries};

/// An invoice.
#[utoipa::path(
    get, path = "/api/v1/invoice/{id}/pdf/", tag = "papers", params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 200, content_type = "application/pdf"),
        (status = 404, description = "INVOICE_NOT_FOUND")
    )
)]
pub(super) async fn invoice(
    app: web::Data<App>,
    caller: Caller,
    id: Path<InvoiceId>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsRead)?;
    Ok(file(print_paper::invoice(&app, *id).await?))
}

/// An invoice, for whoever holds its code.
#[utoipa::path(
    get, path = "/api/v1/invoice/detail/{invoice_code}/pdf/", tag = "papers",
    params(("invoice_code" = String, Path)),
    responses(
        (status = 200, content_type = "application/pdf"),
        (status = 404, description = "INVOICE_NOT_FOUND")
    )
)]
pub(super) async fn invoice_by_code(
    app: web::Data<App>,
    _anybody: Caller,
    code: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let view = queries::invoice_by_code(&app, &code).await?;
    Ok(file(print_paper::invoice(&app, view.invoice.id).await?))
}

/// A payment's receipt.
#[utoipa::path(
    get, path = "/api/v1/payment/{id}/receipt/", tag = "papers", params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 200, content_type = "application/pdf"),
        (status = 400, description = "NO_RECEIPT"),
        (status = 404, description = "PAYMENT_NOT_FOUND")
    )
)]
pub(super) async fn receipt(
    app: web::Data<App>,
    caller: Caller,
    id: Path<PaymentId>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsRead)?;
    Ok(file(print_paper::receipt(&app, *id).await?))
}

/// A refund's credit note.
#[utoipa::path(
    get, path = "/api/v1/admin/payment/refunds/{id}/credit-note/", tag = "papers",
    params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 200, content_type = "application/pdf"),
        (status = 400, description = "NO_CREDIT_NOTE"),
        (status = 404, description = "REFUND_NOT_FOUND")
    )
)]
pub(super) async fn credit_note(
    app: web::Data<App>,
    caller: Caller,
    id: Path<RefundId>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsRead)?;
    Ok(file(print_paper::credit_note(&app, *id).await?))
}

/// The number is ours, letters, digits and slashes: safe as a file's name once these are gone.
fn file(printed: Printed) -> HttpResponse {
    let name = printed.number.replace('/', "-");
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/pdf"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.pdf\"")))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("x-content-type-options", "nosniff"))
        .body(printed.pdf)
}
