//! `/api/v1/invoice/` (contract rows 34-39). Staff may change an invoice's channel and end and may
//! cancel it; amounts follow the order.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use konveksi_idempotency::RequestKey;
use konveksi_identity::Permission;
use konveksi_kernel::{InvoiceId, OrderId};
use konveksi_web::{Caller, FieldErrors, Json, Path, Problem, Query};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::input::{self, on_behalf_of};
use super::links::linked;
use super::list::{self, ListResponse};
use super::shapes::InvoiceResponse;
use crate::app::edit_invoice::{Edit, edit_invoice};
use crate::app::payment_link::Wish;
use crate::app::queries::InvoiceFilter;
use crate::app::{App, queries};
use crate::domain::InvoiceStatus;

/// Which invoices.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// From 1.
    page: Option<String>,
    /// 20 when absent, 100 at most.
    page_size: Option<String>,
    /// `belum dibayar`, `sudah dibayar`, `kadaluarsa` or `dibatalkan`.
    status: Option<String>,
    /// An order's id.
    order: Option<String>,
    /// A customer's id.
    customer: Option<String>,
    /// Made on this Jakarta day or later.
    date_from: Option<String>,
    /// Made on this Jakarta day or before.
    date_to: Option<String>,
}

impl ListQuery {
    fn filter(&self) -> Result<InvoiceFilter, Problem> {
        let mut errors = FieldErrors::new();
        let filter = InvoiceFilter {
            status: input::status(&mut errors, self.status.as_deref(), InvoiceStatus::from_wire),
            order_id: input::id(&mut errors, "order", self.order.as_deref()),
            customer_id: input::id(&mut errors, "customer", self.customer.as_deref()),
            created: input::days(&mut errors, self.date_from.as_deref(), self.date_to.as_deref()),
        };
        errors.into_result()?;
        Ok(filter)
    }
}

/// Invoices, newest first.
#[utoipa::path(
    get, path = "/api/v1/invoice/", tag = "invoices", params(ListQuery),
    responses((status = 200, body = ListResponse<InvoiceResponse>))
)]
pub(super) async fn list(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    Query(query): Query<ListQuery>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsRead)?;
    let page = list::page(query.page.as_deref(), query.page_size.as_deref())?;
    let (found, count) = queries::invoices(&app, query.filter()?, page).await?;
    let results: Vec<_> = found.iter().map(InvoiceResponse::from).collect();
    Ok(HttpResponse::Ok().json(list::wrap(&request, page, count, results)?))
}

/// An invoice to be made.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = InvoiceCreate)]
pub(super) struct CreateRequest {
    /// The order's id.
    #[schema(value_type = uuid::Uuid)]
    order: OrderId,
    /// `dp`, `pelunasan` or `full`.
    payment_type: String,
    /// 50 to 100, for deposits; a string or a number.
    #[schema(value_type = Option<String>)]
    dp_percent: Option<Decimal>,
    /// `whatsapp`, `email` or `both`.
    notification_channel: Option<String>,
}

/// Makes an invoice with its payment link, or answers the live one of that kind. Sends nothing.
#[utoipa::path(
    post, path = "/api/v1/invoice/", tag = "invoices", request_body = CreateRequest,
    responses(
        (status = 201, body = InvoiceResponse),
        (status = 400, description = "ORDER_CLOSED, DEPOSIT_PAID, PARTLY_PAID, NOTHING_LEFT"),
        (status = 404, description = "ORDER_NOT_FOUND"),
        (status = 500, description = "PAYMENT_PROVIDER_FAILED")
    )
)]
pub(super) async fn create(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    Json(body): Json<CreateRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let key = RequestKey::read(&caller, &request, &body)?;
    let mut errors = FieldErrors::new();
    let wish = Wish {
        kind: input::kind(&mut errors, Some(&body.payment_type)),
        deposit_percent: input::deposit_percent(&mut errors, body.dp_percent),
        channel: input::channel(&mut errors, body.notification_channel.as_deref()),
    };
    errors.into_result()?;
    let work = linked(&app, key.as_ref(), (body.order, None), wish);
    let linked = on_behalf_of(&caller.0, work).await?;
    let mut answer = HttpResponse::Created();
    if linked.replayed {
        answer.insert_header(("Idempotent-Replayed", "true"));
    }
    Ok(answer.json(InvoiceResponse::from(&linked.view)))
}

/// One invoice.
#[utoipa::path(
    get, path = "/api/v1/invoice/{id}/", tag = "invoices", params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 200, body = InvoiceResponse),
        (status = 404, description = "INVOICE_NOT_FOUND")
    )
)]
pub(super) async fn read(
    app: web::Data<App>,
    caller: Caller,
    id: Path<InvoiceId>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsRead)?;
    let view = queries::invoice(&app, *id).await?;
    Ok(HttpResponse::Ok().json(InvoiceResponse::from(&view)))
}

/// What staff may change of an invoice; other keys do not count.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = InvoiceEdit)]
pub(super) struct EditRequest {
    /// `whatsapp`, `email` or `both`.
    notification_channel: Option<String>,
    /// A later end; a new link is made for it.
    invoice_expired_at: Option<DateTime<Utc>>,
    /// The same as `invoice_expired_at`.
    expired_at: Option<DateTime<Utc>>,
    /// Only `dibatalkan` changes anything.
    invoice_status: Option<String>,
}

impl EditRequest {
    /// The changes; `now` is what the invoice has.
    fn read(&self, now: InvoiceStatus) -> Result<Edit, Problem> {
        let mut errors = FieldErrors::new();
        let channel = input::channel(&mut errors, self.notification_channel.as_deref());
        let cancel = match &self.invoice_status {
            Some(wanted) if wanted == InvoiceStatus::Cancelled.as_wire() => true,
            Some(wanted) if wanted != now.as_wire() => {
                errors.push("invoice_status", "Hanya dapat diubah menjadi dibatalkan.");
                false
            }
            Some(_) | None => false,
        };
        errors.into_result()?;
        Ok(Edit { channel, expires_at: self.invoice_expired_at.or(self.expired_at), cancel })
    }
}

/// Changes an invoice; keys that are absent stay.
#[utoipa::path(
    put, path = "/api/v1/invoice/{id}/", tag = "invoices", params(("id" = uuid::Uuid, Path)),
    request_body = EditRequest,
    responses(
        (status = 200, body = InvoiceResponse),
        (status = 400, description = "INVOICE_INVALID_STATE, EXPIRY_PASSED"),
        (status = 404, description = "INVOICE_NOT_FOUND")
    )
)]
pub(super) async fn replace(
    app: web::Data<App>,
    caller: Caller,
    id: Path<InvoiceId>,
    Json(body): Json<EditRequest>,
) -> Result<HttpResponse, Problem> {
    change(&app, &caller, *id, &body).await
}

/// Changes an invoice.
#[utoipa::path(
    patch, path = "/api/v1/invoice/{id}/", tag = "invoices", params(("id" = uuid::Uuid, Path)),
    request_body = EditRequest,
    responses(
        (status = 200, body = InvoiceResponse),
        (status = 400, description = "INVOICE_INVALID_STATE, EXPIRY_PASSED"),
        (status = 404, description = "INVOICE_NOT_FOUND")
    )
)]
pub(super) async fn edit(
    app: web::Data<App>,
    caller: Caller,
    id: Path<InvoiceId>,
    Json(body): Json<EditRequest>,
) -> Result<HttpResponse, Problem> {
    change(&app, &caller, *id, &body).await
}

async fn change(
    app: &App,
    caller: &Caller,
    id: InvoiceId,
    body: &EditRequest,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let before = queries::invoice(app, id).await?;
    let edit = body.read(before.invoice.status)?;
    let view = on_behalf_of(&caller.0, edit_invoice(app, id, edit)).await?;
    Ok(HttpResponse::Ok().json(InvoiceResponse::from(&view)))
}

/// Cancels an invoice; it stays in the books as `dibatalkan`. A paid one cannot be removed.
#[utoipa::path(
    delete, path = "/api/v1/invoice/{id}/", tag = "invoices", params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 204),
        (status = 400, description = "INVOICE_INVALID_STATE"),
        (status = 404, description = "INVOICE_NOT_FOUND")
    )
)]
pub(super) async fn remove(
    app: web::Data<App>,
    caller: Caller,
    id: Path<InvoiceId>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let edit = Edit { cancel: true, ..Edit::default() };
    on_behalf_of(&caller.0, edit_invoice(&app, *id, edit)).await?;
    Ok(HttpResponse::NoContent().finish())
}
