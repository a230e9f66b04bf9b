//! Refunds: `POST /payment/refund/` (contract row 55) and what staff do with them under
//! `/admin/payment/refunds/` (`settled.md` 33). Every write takes an `Idempotency-Key`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use konveksi_db::Connection;
use konveksi_idempotency::{Answer, RequestKey};
use konveksi_identity::Permission;
use konveksi_kernel::{CustomerId, FileId, InvoiceId, Money, OrderId, PaymentId, RefundId};
use konveksi_web::{Caller, FieldErrors, Json, Path, Problem, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::input::{self, on_behalf_of};
use super::list::{self, ListResponse};
use crate::app::queries::{RefundDue, RefundFilter};
use crate::app::refund_money::{self, RefundWish};
use crate::app::requests::once;
use crate::app::{App, AppError, queries};
use crate::domain::{Refund, RefundMethod, RefundState};

/// The longest reason.
const REASON_CHARS: usize = 500;
/// The longest reference of a bank.
const REFERENCE_CHARS: usize = 100;

/// A refund.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Refund)]
pub(super) struct RefundResponse {
    #[schema(value_type = uuid::Uuid)]
    id: RefundId,
    #[schema(value_type = uuid::Uuid)]
    payment_id: PaymentId,
    #[schema(value_type = uuid::Uuid)]
    invoice_id: InvoiceId,
    #[schema(value_type = uuid::Uuid)]
    order_id: OrderId,
    #[schema(value_type = String, example = "1000000.00")]
    refund_amount: Money,
    reason: String,
    /// `bank_transfer`, `cash` or `original`.
    refund_method: &'static str,
    /// The provider that pays it; null when staff do.
    provider: Option<&'static str>,
    /// `requested` (waits for a second person), `approved` (may be paid), `processing` (the
    /// provider was asked), `completed`, `failed` or `cancelled`.
    status: &'static str,
    /// Whether a second person has to agree.
    needs_approval: bool,
    requested_by: String,
    approved_by: Option<String>,
    /// The owner agreed to a refund of their own.
    approved_by_requester: bool,
    /// The bank's reference, when staff paid it.
    reference: Option<String>,
    #[schema(value_type = Option<uuid::Uuid>)]
    proof_file_id: Option<FileId>,
    /// Why it failed or was given up.
    failure_reason: Option<String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    completed_at: Option<DateTime<Utc>>,
}

impl From<&Refund> for RefundResponse {
    fn from(refund: &Refund) -> RefundResponse {
        RefundResponse {
            id: refund.id,
            payment_id: refund.payment_id,
            invoice_id: refund.invoice_id,
            order_id: refund.order_id,
            refund_amount: refund.amount,
            reason: refund.reason.clone(),
            refund_method: refund.method.as_wire(),
            provider: refund.provider.map(crate::domain::PaymentSource::as_wire),
            status: refund.state.as_wire(),
            needs_approval: refund.needs_second,
            requested_by: refund.requested_by.clone(),
            approved_by: refund.approved_by.clone(),
            approved_by_requester: refund.same_person,
            reference: refund.reference.clone(),
            proof_file_id: refund.proof_file_id,
            failure_reason: refund.failure.clone(),
            created_at: refund.created_at,
            updated_at: refund.updated_at,
            completed_at: refund.completed_at,
        }
    }
}

/// What is asked for.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = RefundCreate)]
pub(super) struct RefundRequest {
    /// The payment.
    #[schema(value_type = uuid::Uuid)]
    payment_id: PaymentId,
    /// Whole rupiah, at most what is left of the payment; a string or a number.
    #[schema(value_type = String, example = "1000000.00")]
    refund_amount: Money,
    /// At most 500 characters.
    #[schema(example = "Order cancelled by customer")]
    reason: String,
    /// `bank_transfer` or `cash` (staff pay it and confirm it), or `original` (the provider pays it
    /// back the way it came). When absent: `original` where the provider can, else
    /// `bank_transfer`.
    #[schema(example = "bank_transfer")]
    refund_method: Option<String>,
}

impl RefundRequest {
    fn read(&self, has_key: bool) -> Result<RefundWish, Problem> {
        let mut errors = FieldErrors::new();
        let reason = input::needed(&mut errors, "reason", &self.reason, REASON_CHARS);
        let amount = input::rupiah(&mut errors, "refund_amount", self.refund_amount);
        let method = self.refund_method.as_deref().filter(|text| !text.is_empty());
        let method = method.and_then(|text| {
            let known = RefundMethod::from_wire(text);
            errors
                .check("refund_method", known.ok_or("Gunakan bank_transfer, cash, atau original."))
        });
        let amount = amount.unwrap_or(Money::ZERO);
        errors.into_result()?;
        Ok(RefundWish { payment_id: self.payment_id, amount, reason, method, has_key })
    }
}

/// Asks for a refund. Its amount is held at once; above the workshop's limit it waits for a second
/// person.
#[utoipa::path(
    post, path = "/api/v1/payment/refund/", tag = "refunds", request_body = RefundRequest,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = 201, body = RefundResponse),
        (status = 400, description = "VALIDATION_ERROR, PAYMENT_NOT_REFUNDABLE, CREDIT_USED, \
            REFUND_METHOD_UNAVAILABLE, REFUND_SUSPECTED_DOUBLE, IDEMPOTENCY_KEY_REUSED"),
        (status = 404, description = "PAYMENT_NOT_FOUND"),
        (status = 409, description = "IDEMPOTENCY_KEY_BUSY")
    )
)]
pub(super) async fn ask(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    Json(body): Json<RefundRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let key = RequestKey::read(&caller, &request, &body)?;
    let wish = body.read(key.is_some())?;
    let actor = input::actor(&caller.0);
    let work = once(&app, key.as_ref(), async |tx| {
        Ok(answer(StatusCode::CREATED, &refund_money::ask(&app, tx, wish, &actor).await?))
    });
    let outcome = on_behalf_of(&caller.0, work).await?;
    app.work.refunds();
    Ok(outcome.respond())
}

/// Which refunds.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// From 1.
    page: Option<String>,
    /// 20 when absent, 100 at most.
    page_size: Option<String>,
    /// `requested`, `approved`, `processing`, `completed`, `failed` or `cancelled`.
    status: Option<String>,
    /// A payment's id.
    payment: Option<String>,
    /// An order's id.
    order: Option<String>,
}

impl ListQuery {
    fn filter(&self) -> Result<RefundFilter, Problem> {
        let mut errors = FieldErrors::new();
        let state = input::status(&mut errors, self.status.as_deref(), RefundState::from_wire);
        let payment_id = input::id(&mut errors, "payment", self.payment.as_deref());
        let order_id = input::id(&mut errors, "order", self.order.as_deref());
        errors.into_result()?;
        Ok(RefundFilter { state, payment_id, order_id })
    }
}

/// Refunds, newest first.
#[utoipa::path(
    get, path = "/api/v1/admin/payment/refunds/", tag = "refunds", params(ListQuery),
    responses((status = 200, body = ListResponse<RefundResponse>))
)]
pub(super) async fn list(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    Query(query): Query<ListQuery>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsRead)?;
    let page = list::page(query.page.as_deref(), query.page_size.as_deref())?;
    let (found, count) = queries::refunds(&app, query.filter()?, page).await?;
    let results: Vec<_> = found.iter().map(RefundResponse::from).collect();
    Ok(HttpResponse::Ok().json(list::wrap(&request, page, count, results)?))
}

/// An order that was cancelled or deleted with money of its customer's.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RefundDue)]
pub(super) struct DueResponse {
    #[schema(value_type = uuid::Uuid)]
    order_id: OrderId,
    order_code: String,
    #[schema(value_type = uuid::Uuid)]
    customer_id: CustomerId,
    customer_name: Option<String>,
    /// What counts as paid.
    #[schema(value_type = String, example = "750000.00")]
    paid_amount: Money,
    /// What refunds under way hold of it.
    #[schema(value_type = String, example = "250000.00")]
    refund_pending: Money,
    /// What nobody has asked to pay back yet.
    #[schema(value_type = String, example = "500000.00")]
    refund_due: Money,
    /// `cancelled` or `deleted`.
    reason: &'static str,
    since: DateTime<Utc>,
}

impl From<&RefundDue> for DueResponse {
    fn from(due: &RefundDue) -> DueResponse {
        DueResponse {
            order_id: due.order_id,
            order_code: due.order_code.clone(),
            customer_id: due.customer_id,
            customer_name: due.customer_name.clone(),
            paid_amount: due.paid,
            refund_pending: due.pending,
            refund_due: due.paid.minus(due.pending).unwrap_or(Money::ZERO),
            reason: if due.deleted { "deleted" } else { "cancelled" },
            since: due.ended_at,
        }
    }
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PageQuery {
    /// From 1.
    page: Option<String>,
    /// 20 when absent, 100 at most.
    page_size: Option<String>,
}

/// Orders that were cancelled or deleted after money came in, the last first: what is to be paid
/// back. One leaves the list when refunds hold or paid all of it, or when it lives again.
#[utoipa::path(
    get, path = "/api/v1/admin/payment/refunds-due/", tag = "refunds", params(PageQuery),
    responses((status = 200, body = ListResponse<DueResponse>))
)]
pub(super) async fn due(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsRead)?;
    let page = list::page(query.page.as_deref(), query.page_size.as_deref())?;
    let (found, count) = queries::refunds_due(&app, page).await?;
    let results: Vec<_> = found.iter().map(DueResponse::from).collect();
    Ok(HttpResponse::Ok().json(list::wrap(&request, page, count, results)?))
}

/// One refund.
#[utoipa::path(
    get, path = "/api/v1/admin/payment/refunds/{id}/", tag = "refunds",
    params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 200, body = RefundResponse),
        (status = 404, description = "REFUND_NOT_FOUND")
    )
)]
pub(super) async fn read(
    app: web::Data<App>,
    caller: Caller,
    id: Path<RefundId>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsRead)?;
    Ok(HttpResponse::Ok().json(RefundResponse::from(&queries::refund(&app, *id).await?)))
}

/// A second person agrees. Who asked may not, but for the owner, which is noted.
#[utoipa::path(
    post, path = "/api/v1/admin/payment/refunds/{id}/approve/", tag = "refunds",
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = 200, body = RefundResponse),
        (status = 400, description = "REFUND_INVALID_STATE"),
        (status = 403, description = "REFUND_SECOND_PERSON"),
        (status = 404, description = "REFUND_NOT_FOUND")
    )
)]
pub(super) async fn approve(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<RefundId>,
) -> Result<HttpResponse, Problem> {
    let actor = input::actor(&caller.0);
    let id = *id;
    act(&app, &caller, &request, &(), async |tx| refund_money::approve(&app, tx, id, &actor).await)
        .await
}

/// How staff paid it.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = RefundComplete)]
pub(super) struct CompleteRequest {
    /// The bank's reference of the transfer, at most 100 characters.
    reference: String,
    /// A stored picture of it.
    #[schema(value_type = Option<uuid::Uuid>)]
    proof_file_id: Option<FileId>,
}

/// Staff paid it by hand.
#[utoipa::path(
    post, path = "/api/v1/admin/payment/refunds/{id}/complete/", tag = "refunds",
    request_body = CompleteRequest,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = 200, body = RefundResponse),
        (status = 400, description = "VALIDATION_ERROR, REFUND_INVALID_STATE, REFUND_BY_PROVIDER"),
        (status = 404, description = "REFUND_NOT_FOUND")
    )
)]
pub(super) async fn complete(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<RefundId>,
    Json(body): Json<CompleteRequest>,
) -> Result<HttpResponse, Problem> {
    let mut errors = FieldErrors::new();
    let reference = input::needed(&mut errors, "reference", &body.reference, REFERENCE_CHARS);
    errors.into_result()?;
    let id = *id;
    let proof = body.proof_file_id;
    act(&app, &caller, &request, &body, async |tx| {
        refund_money::complete(&app, tx, id, (reference, proof)).await
    })
    .await
}

/// Why it ends without being paid.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = RefundEnd)]
pub(super) struct EndRequest {
    /// At most 500 characters.
    reason: String,
}

impl EndRequest {
    fn read(&self) -> Result<String, Problem> {
        let mut errors = FieldErrors::new();
        let reason = input::needed(&mut errors, "reason", &self.reason, REASON_CHARS);
        errors.into_result()?;
        Ok(reason)
    }
}

/// Staff say that a transfer by hand did not work; what was held is free again.
#[utoipa::path(
    post, path = "/api/v1/admin/payment/refunds/{id}/fail/", tag = "refunds",
    request_body = EndRequest,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = 200, body = RefundResponse),
        (status = 400, description = "VALIDATION_ERROR, REFUND_INVALID_STATE, REFUND_BY_PROVIDER"),
        (status = 404, description = "REFUND_NOT_FOUND")
    )
)]
pub(super) async fn fail(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<RefundId>,
    Json(body): Json<EndRequest>,
) -> Result<HttpResponse, Problem> {
    let (id, why) = (*id, body.read()?);
    act(&app, &caller, &request, &body, async |tx| refund_money::fail(&app, tx, id, why).await)
        .await
}

/// Gives a refund up before anything was paid; what was held is free again.
#[utoipa::path(
    post, path = "/api/v1/admin/payment/refunds/{id}/cancel/", tag = "refunds",
    request_body = EndRequest,
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = 200, body = RefundResponse),
        (status = 400, description = "VALIDATION_ERROR, REFUND_INVALID_STATE"),
        (status = 404, description = "REFUND_NOT_FOUND")
    )
)]
pub(super) async fn cancel(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<RefundId>,
    Json(body): Json<EndRequest>,
) -> Result<HttpResponse, Problem> {
    let (id, why) = (*id, body.read()?);
    act(&app, &caller, &request, &body, async |tx| refund_money::cancel(&app, tx, id, why).await)
        .await
}

/// One move of a refund by staff, answered with the refund.
async fn act<T: Serialize>(
    app: &App,
    caller: &Caller,
    request: &HttpRequest,
    asked: &T,
    step: impl AsyncFnOnce(&mut Connection) -> Result<Refund, AppError>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let key = RequestKey::read(caller, request, asked)?;
    let work = once(app, key.as_ref(), async |tx| Ok(answer(StatusCode::OK, &step(tx).await?)));
    let outcome = on_behalf_of(&caller.0, work).await?;
    app.work.refunds();
    app.work.links();
    Ok(outcome.respond())
}

fn answer(status: StatusCode, refund: &Refund) -> Answer {
    let body = serde_json::json!(RefundResponse::from(refund));
    Answer { status, body, customer_id: None }
}
