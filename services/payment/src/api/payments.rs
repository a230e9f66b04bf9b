//! `/api/v1/payment/` (contract rows 44, 46) and payments recorded by hand (row 50).

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use konveksi_identity::Permission;
use konveksi_kernel::{InvoiceId, Money, PaymentId};
use konveksi_web::{Caller, FieldErrors, Json, Path, Problem, Query};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::express;
use super::input::{self, on_behalf_of};
use super::list::{self, ListResponse};
use super::shapes::PaymentResponse;
use crate::app::record_manual_payment::{ManualPayment, record_manual_payment};
use crate::app::{App, queries};

/// Which payments.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// From 1.
    page: Option<String>,
    /// 20 when absent, 100 at most.
    page_size: Option<String>,
    /// An invoice's id.
    invoice: Option<String>,
}

/// Payments, newest first.
#[utoipa::path(
    get, path = "/api/v1/payment/", tag = "payments", params(ListQuery),
    responses((status = 200, body = ListResponse<PaymentResponse>))
)]
pub(super) async fn list(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    Query(query): Query<ListQuery>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsRead)?;
    let page = list::page(query.page.as_deref(), query.page_size.as_deref())?;
    let invoice = query
        .invoice
        .filter(|text| !text.is_empty())
        .map(|text| text.parse::<InvoiceId>())
        .transpose()
        .map_err(|_malformed| Problem::field("invoice", "Harus berupa UUID."))?;
    let (found, count) = queries::payments(&app, invoice, page).await?;
    let results: Vec<_> = found.iter().map(PaymentResponse::from).collect();
    Ok(HttpResponse::Ok().json(list::wrap(&request, page, count, results)?))
}

/// One payment.
#[utoipa::path(
    get, path = "/api/v1/payment/{id}/", tag = "payments", params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 200, body = PaymentResponse),
        (status = 404, description = "PAYMENT_NOT_FOUND")
    )
)]
pub(super) async fn read(
    app: web::Data<App>,
    caller: Caller,
    id: Path<PaymentId>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsRead)?;
    let view = queries::payment(&app, *id).await?;
    Ok(HttpResponse::Ok().json(PaymentResponse::from(&view)))
}

/// A payment seen by a clerk.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ManualPayment)]
pub(super) struct ManualRequest {
    /// The invoice it is for.
    #[schema(value_type = uuid::Uuid)]
    invoice_id: InvoiceId,
    /// How it was paid, at most 50 characters.
    #[schema(example = "BANK_TRANSFER")]
    payment_method: String,
    /// Whole rupiah, more than nothing; a string or a number. Less than what is due is a part,
    /// more becomes the customer's credit.
    #[schema(value_type = String, example = "7500000.00")]
    amount: Money,
    /// When it was paid; now when absent.
    payment_time: Option<DateTime<Utc>>,
    /// At most 255 characters.
    contact_info: Option<String>,
    /// At most 1,000 characters.
    notes: Option<String>,
}

impl ManualRequest {
    fn read(self) -> Result<ManualPayment, Problem> {
        let mut errors = FieldErrors::new();
        let method = input::text(&mut errors, "payment_method", &self.payment_method, 50);
        if method.is_empty() {
            errors.push("payment_method", "Wajib diisi.");
        }
        let contact = self.contact_info.unwrap_or_default();
        let contact_info = input::text(&mut errors, "contact_info", &contact, 255);
        let notes = self.notes.map(|notes| input::text(&mut errors, "notes", &notes, 1_000));
        let amount = input::amount(&mut errors, self.amount).unwrap_or(Money::ZERO);
        errors.into_result()?;
        Ok(ManualPayment {
            invoice_id: self.invoice_id,
            method,
            amount,
            paid_at: self.payment_time,
            contact_info,
            notes: notes.filter(|notes| !notes.is_empty()),
        })
    }
}

/// Records a payment that a clerk saw; the invoice and its order are paid when it is complete.
#[utoipa::path(
    post, path = "/api/v1/payment/manual/", tag = "payments", request_body = ManualRequest,
    responses(
        (status = 201, body = PaymentResponse),
        (status = 400, description = "VALIDATION_ERROR; INVOICE_INVALID_STATE when it is paid"),
        (status = 404, description = "INVOICE_NOT_FOUND")
    )
)]
pub(super) async fn manual(
    app: web::Data<App>,
    caller: Caller,
    Json(body): Json<ManualRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let manual = body.read()?;
    let (view, told) = on_behalf_of(&caller.0, record_manual_payment(&app, manual)).await?;
    Ok(express::answer(HttpResponse::Created(), &PaymentResponse::from(&view), &told))
}
