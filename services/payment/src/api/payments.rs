//! `/api/v1/payment/` (contract rows 44, 46) and payments recorded by hand (row 50).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use konveksi_idempotency::{Answer, RequestKey};
use konveksi_identity::Permission;
use konveksi_kernel::{InvoiceId, Money, PaymentId};
use konveksi_web::{Caller, FieldErrors, Json, Path, Problem, Query};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::express;
use super::input::{self, actor, on_behalf_of};
use super::list::{self, ListResponse};
use super::shapes::PaymentResponse;
use crate::app::correct_payment::{self, Correction};
use crate::app::queries::PaymentFilter;
use crate::app::record_manual_payment::{ManualPayment, record_manual_payment};
use crate::app::requests::once;
use crate::app::{App, PaymentView, queries};
use crate::domain::PaymentStatus;

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
    /// An order's id.
    order: Option<String>,
    /// A customer's id.
    customer: Option<String>,
    /// `success` or `suspended`.
    status: Option<String>,
    /// Paid on this Jakarta day or later.
    date_from: Option<String>,
    /// Paid on this Jakarta day or before.
    date_to: Option<String>,
}

impl ListQuery {
    fn filter(&self) -> Result<PaymentFilter, Problem> {
        let mut errors = FieldErrors::new();
        let filter = PaymentFilter {
            invoice_id: input::id(&mut errors, "invoice", self.invoice.as_deref()),
            order_id: input::id(&mut errors, "order", self.order.as_deref()),
            customer_id: input::id(&mut errors, "customer", self.customer.as_deref()),
            status: input::status(&mut errors, self.status.as_deref(), PaymentStatus::from_wire),
            paid: input::days(&mut errors, self.date_from.as_deref(), self.date_to.as_deref()),
        };
        errors.into_result()?;
        Ok(filter)
    }
}

/// Payments, newest first; by the time of payment when days are given.
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
    let (found, count) = queries::payments(&app, query.filter()?, page).await?;
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
#[derive(Debug, Deserialize, Serialize, ToSchema)]
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
    request: HttpRequest,
    Json(body): Json<ManualRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let key = RequestKey::read(&caller, &request, &body)?;
    let manual = body.read()?;
    let mut told = Vec::new();
    let work = once(&app, key.as_ref(), async |tx| {
        let (view, events) = record_manual_payment(&app, tx, manual).await?;
        told = events;
        Ok(Answer {
            status: StatusCode::CREATED,
            body: json!(PaymentResponse::from(&view)),
            customer_id: None,
        })
    });
    let outcome = on_behalf_of(&caller.0, work).await?;
    Ok(express::answer_once(&outcome, &told))
}

/// Records a payment that a clerk saw; the same as `/payment/manual/`.
#[utoipa::path(
    post, path = "/api/v1/payment/", tag = "payments", request_body = ManualRequest,
    responses(
        (status = 201, body = PaymentResponse),
        (status = 400, description = "VALIDATION_ERROR; INVOICE_INVALID_STATE when it is paid"),
        (status = 404, description = "INVOICE_NOT_FOUND")
    )
)]
pub(super) async fn create(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    body: Json<ManualRequest>,
) -> Result<HttpResponse, Problem> {
    manual(app, caller, request, body).await
}

/// What may be changed of a payment, and what may not: that is compared and refused.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = PaymentEdit)]
pub(super) struct EditRequest {
    /// Whom to ask about it, at most 255 characters.
    contact_info: Option<String>,
    /// At most 1,000 characters; empty removes it.
    notes: Option<String>,
    /// Cannot be changed.
    #[schema(value_type = Option<String>)]
    amount: Option<Money>,
    /// Cannot be changed.
    #[schema(value_type = Option<uuid::Uuid>)]
    invoice: Option<InvoiceId>,
    /// Cannot be changed.
    #[schema(value_type = Option<uuid::Uuid>)]
    invoice_id: Option<InvoiceId>,
    /// Cannot be changed.
    payment_method: Option<String>,
    /// Cannot be changed.
    payment_time: Option<DateTime<Utc>>,
}

impl EditRequest {
    fn read(self, view: &PaymentView) -> Result<Correction, Problem> {
        let payment = &view.payment;
        let mut errors = FieldErrors::new();
        let fixed = [
            ("amount", self.amount.is_some_and(|amount| amount != payment.amount)),
            ("invoice", self.invoice.is_some_and(|id| id != payment.invoice_id)),
            ("invoice_id", self.invoice_id.is_some_and(|id| id != payment.invoice_id)),
            ("payment_method", self.payment_method.is_some_and(|word| word != payment.method)),
            ("payment_time", self.payment_time.is_some_and(|at| at != payment.paid_at)),
        ];
        for (field, _) in fixed.into_iter().filter(|(_, differs)| *differs) {
            errors.push(field, "Tidak dapat diubah. Hapus entri manual atau buat refund.");
        }
        let contact = self.contact_info;
        let contact_info = contact.map(|text| input::text(&mut errors, "contact_info", &text, 255));
        let notes = self.notes.map(|text| input::text(&mut errors, "notes", &text, 1_000));
        errors.into_result()?;
        Ok(Correction { contact_info, notes })
    }
}

/// Changes whom to ask about a payment and the note; nothing else can be changed.
#[utoipa::path(
    patch, path = "/api/v1/payment/{id}/", tag = "payments", request_body = EditRequest,
    params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 200, body = PaymentResponse),
        (status = 400, description = "VALIDATION_ERROR: amount, invoice, method and time stay"),
        (status = 404, description = "PAYMENT_NOT_FOUND")
    )
)]
pub(super) async fn edit(
    app: web::Data<App>,
    caller: Caller,
    id: Path<PaymentId>,
    Json(body): Json<EditRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let correction = body.read(&queries::payment(&app, *id).await?)?;
    let view = correct_payment::correct(&app, *id, correction, &actor(&caller.0)).await?;
    Ok(HttpResponse::Ok().json(PaymentResponse::from(&view)))
}

/// The same with a whole payment; a note that is left out is removed.
#[utoipa::path(
    put, path = "/api/v1/payment/{id}/", tag = "payments", request_body = EditRequest,
    params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 200, body = PaymentResponse),
        (status = 400, description = "VALIDATION_ERROR: amount, invoice, method and time stay"),
        (status = 404, description = "PAYMENT_NOT_FOUND")
    )
)]
pub(super) async fn replace(
    app: web::Data<App>,
    caller: Caller,
    id: Path<PaymentId>,
    Json(mut body): Json<EditRequest>,
) -> Result<HttpResponse, Problem> {
    body.contact_info.get_or_insert_default();
    body.notes.get_or_insert_default();
    edit(app, caller, id, Json(body)).await
}

/// Takes back a payment that a clerk recorded by mistake. The row stays; a transfer reverses it,
/// and its invoice waits for money again.
#[utoipa::path(
    delete, path = "/api/v1/payment/{id}/", tag = "payments", params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 204),
        (status = 400, description = "PAYMENT_NOT_MANUAL, PAYMENT_IN_USE"),
        (status = 404, description = "PAYMENT_NOT_FOUND")
    )
)]
pub(super) async fn remove(
    app: web::Data<App>,
    caller: Caller,
    id: Path<PaymentId>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let actor = actor(&caller.0);
    on_behalf_of(&caller.0, correct_payment::take_back(&app, *id, &actor)).await?;
    Ok(HttpResponse::NoContent().finish())
}
