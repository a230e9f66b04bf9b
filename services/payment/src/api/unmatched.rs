//! `/api/v1/admin/payment/unmatched/…`: money in suspense, and what staff say it is for; and
//! customers' credit.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use konveksi_idempotency::{Answer, RequestKey};
use konveksi_identity::Permission;
use konveksi_kernel::{InvoiceId, Money, OrderId, PaymentId, UnmatchedId};
use konveksi_web::{Caller, FieldErrors, Json, Path, Problem, Query};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::express;
use super::input::{self, actor, on_behalf_of};
use super::list::{self, ListResponse};
use super::shapes::PaymentResponse;
use crate::app::App;
use crate::app::requests::once;
use crate::app::settle_unmatched::{Settled, credit_money, match_money, unmatched};
use crate::app::use_credit::{credit_of, use_credit};
use crate::domain::mutation::{Unmatched, UnmatchedState};

/// Money in suspense.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnmatchedMoney)]
pub(super) struct UnmatchedResponse {
    #[schema(value_type = uuid::Uuid)]
    id: UnmatchedId,
    #[schema(value_type = String, example = "1000000.00")]
    amount: Money,
    /// `amount_too_low`, `no_such_amount` or `invoice_closed`.
    reason: &'static str,
    /// `waiting`, `matched` or `credited`.
    status: &'static str,
    /// The suspended payment it came as.
    #[schema(value_type = Option<uuid::Uuid>)]
    payment_id: Option<PaymentId>,
    /// What it was or is for, where that is known.
    #[schema(value_type = Option<uuid::Uuid>)]
    order_id: Option<OrderId>,
    #[schema(value_type = Option<uuid::Uuid>)]
    invoice_id: Option<InvoiceId>,
    received_at: DateTime<Utc>,
    settled_by: Option<String>,
    settled_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

impl From<&Unmatched> for UnmatchedResponse {
    fn from(money: &Unmatched) -> UnmatchedResponse {
        UnmatchedResponse {
            id: money.id,
            amount: money.amount,
            reason: money.reason.as_wire(),
            status: money.state.as_wire(),
            payment_id: money.payment_id,
            order_id: money.order_id,
            invoice_id: money.invoice_id,
            received_at: money.received_at,
            settled_by: money.settled.as_ref().map(|(by, _)| by.clone()),
            settled_at: money.settled.as_ref().map(|(_, at)| *at),
            created_at: money.created_at,
        }
    }
}

/// Which money.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// From 1.
    page: Option<String>,
    /// 20 when absent, 100 at most.
    page_size: Option<String>,
    /// `waiting`, `matched` or `credited`.
    status: Option<String>,
}

/// Money in suspense, newest first.
#[utoipa::path(
    get, path = "/api/v1/admin/payment/unmatched/", tag = "payments", params(ListQuery),
    responses((status = 200, body = ListResponse<UnmatchedResponse>))
)]
pub(super) async fn list(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    Query(query): Query<ListQuery>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsRead)?;
    let page = list::page(query.page.as_deref(), query.page_size.as_deref())?;
    let mut errors = FieldErrors::new();
    let state = input::status(&mut errors, query.status.as_deref(), UnmatchedState::from_wire);
    errors.into_result()?;
    let (found, count) = unmatched(&app, state, page).await?;
    let results: Vec<_> = found.iter().map(UnmatchedResponse::from).collect();
    Ok(HttpResponse::Ok().json(list::wrap(&request, page, count, results)?))
}

/// Money that was settled.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnmatchedSettled)]
struct SettledResponse {
    success: bool,
    money: UnmatchedResponse,
    /// The payment it became; null for credit.
    payment: Option<PaymentResponse>,
}

impl From<&Settled> for SettledResponse {
    fn from(settled: &Settled) -> SettledResponse {
        SettledResponse {
            success: true,
            money: UnmatchedResponse::from(&settled.money),
            payment: settled.payment.as_ref().map(PaymentResponse::from),
        }
    }
}

/// The invoice the money is for.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = UnmatchedMatch)]
pub(super) struct MatchRequest {
    #[schema(value_type = uuid::Uuid)]
    invoice_id: InvoiceId,
}

/// Makes the money a payment of an invoice; what that cannot use is the customer's credit.
#[utoipa::path(
    post, path = "/api/v1/admin/payment/unmatched/{id}/match/", tag = "payments",
    params(("id" = uuid::Uuid, Path)), request_body = MatchRequest,
    responses(
        (status = 200, body = SettledResponse),
        (status = 400, description = "UNMATCHED_SETTLED, INVOICE_INVALID_STATE"),
        (status = 404, description = "UNMATCHED_NOT_FOUND, INVOICE_NOT_FOUND")
    )
)]
pub(super) async fn assign(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<UnmatchedId>,
    Json(body): Json<MatchRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let key = RequestKey::read(&caller, &request, &body)?;
    let by = actor(&caller.0).name;
    let mut told = Vec::new();
    let work = once(&app, key.as_ref(), async |tx| {
        let settled = match_money(&app, tx, *id, (body.invoice_id, &by)).await?;
        let body = json!(SettledResponse::from(&settled));
        told = settled.told;
        Ok(Answer { status: StatusCode::OK, body, customer_id: None })
    });
    let outcome = on_behalf_of(&caller.0, work).await?;
    Ok(express::answer_once(&outcome, &told))
}

/// The order whose customer the money belongs to.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = UnmatchedCredit)]
pub(super) struct CreditRequest {
    #[schema(value_type = uuid::Uuid)]
    order_id: OrderId,
}

/// Makes the money the credit of an order's customer.
#[utoipa::path(
    post, path = "/api/v1/admin/payment/unmatched/{id}/credit/", tag = "payments",
    params(("id" = uuid::Uuid, Path)), request_body = CreditRequest,
    responses(
        (status = 200, body = SettledResponse),
        (status = 400, description = "UNMATCHED_SETTLED"),
        (status = 404, description = "UNMATCHED_NOT_FOUND, ORDER_NOT_FOUND")
    )
)]
pub(super) async fn credit(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<UnmatchedId>,
    Json(body): Json<CreditRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let key = RequestKey::read(&caller, &request, &body)?;
    let by = actor(&caller.0).name;
    let work = once(&app, key.as_ref(), async |tx| {
        let settled = credit_money(&app, tx, *id, (body.order_id, &by)).await?;
        let body = json!(SettledResponse::from(&settled));
        Ok(Answer { status: StatusCode::OK, body, customer_id: None })
    });
    Ok(on_behalf_of(&caller.0, work).await?.respond())
}

/// Whose credit.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CreditQuery {
    /// An order of the customer's.
    order: String,
}

/// What a customer has to their credit.
#[utoipa::path(
    get, path = "/api/v1/admin/payment/credit/", tag = "payments", params(CreditQuery),
    responses(
        (status = 200, description = "{order_id, credit}"),
        (status = 404, description = "ORDER_NOT_FOUND")
    )
)]
pub(super) async fn balance(
    app: web::Data<App>,
    caller: Caller,
    Query(query): Query<CreditQuery>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsRead)?;
    let order: OrderId =
        query.order.parse().map_err(|_malformed| Problem::field("order", "Harus berupa UUID."))?;
    let credit = credit_of(&app, order).await?;
    Ok(HttpResponse::Ok().json(json!({ "order_id": order, "credit": credit })))
}

/// Credit to be spent.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = CreditUse)]
pub(super) struct UseRequest {
    /// The invoice it pays.
    #[schema(value_type = uuid::Uuid)]
    invoice_id: InvoiceId,
    /// How much; as much as there is and is due when absent.
    #[schema(value_type = Option<String>)]
    amount: Option<Money>,
}

/// Pays an open invoice with its customer's credit.
#[utoipa::path(
    post, path = "/api/v1/admin/payment/credit/use/", tag = "payments", request_body = UseRequest,
    responses(
        (status = 201, body = PaymentResponse),
        (status = 400, description = "NOT_ENOUGH_CREDIT with credit; INVOICE_INVALID_STATE"),
        (status = 404, description = "INVOICE_NOT_FOUND")
    )
)]
pub(super) async fn spend(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    Json(body): Json<UseRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let key = RequestKey::read(&caller, &request, &body)?;
    let mut errors = FieldErrors::new();
    let amount = body.amount.and_then(|amount| input::amount(&mut errors, amount));
    errors.into_result()?;
    let mut told = Vec::new();
    let work = once(&app, key.as_ref(), async |tx| {
        let (view, events) = use_credit(&app, tx, body.invoice_id, amount).await?;
        told = events;
        let body = json!(PaymentResponse::from(&view));
        Ok(Answer { status: StatusCode::CREATED, body, customer_id: None })
    });
    let outcome = on_behalf_of(&caller.0, work).await?;
    Ok(express::answer_once(&outcome, &told))
}
