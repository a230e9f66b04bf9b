//! What the gateway's compositions ask. Not for the public: the gateway routes none of it.

use actix_web::{HttpRequest, HttpResponse, web};
use konveksi_eventing::Envelope;
use konveksi_idempotency::RequestKey;
use konveksi_identity::Permission;
use konveksi_kernel::{InvoiceId, Money, OrderId};
use konveksi_web::{Caller, FieldErrors, Json, Path, Problem, SystemCaller};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::express;
use super::input::{self, on_behalf_of};
use super::links::linked;
use super::shapes::{InvoiceResponse, PaymentResponse};
use super::snapshot::SnapshotRequest;
use crate::app::edit_invoice::mark_blasted;
use crate::app::final_invoice::final_invoice;
use crate::app::first_invoice::first_invoice;
use crate::app::hear_customer::note_name;
use crate::app::payment_link::Wish;
use crate::app::{App, InvoiceView, queries};

/// Adds the routes.
pub(super) fn configure(app: &mut web::ServiceConfig) {
    app.route("/internal/v1/orders/{id}/first-invoice", web::post().to(first))
        .route("/internal/v1/orders/{id}/payment-link", web::post().to(link))
        .route("/internal/v1/orders/{id}/final-invoice", web::post().to(rest))
        .route("/internal/v1/orders/{id}/money", web::get().to(money))
        .route("/internal/v1/orders/{id}/webhook-logs", web::get().to(webhook_logs))
        .route("/internal/v1/invoices/by-code/{code}", web::get().to(by_code))
        .route("/internal/v1/invoices/{id}", web::get().to(by_id))
        .route("/internal/v1/invoices/{id}/blasted", web::post().to(blasted))
        .route("/internal/v1/events", web::post().to(express::accept));
}

#[derive(Debug, Deserialize)]
struct FirstRequest {
    snapshot: SnapshotRequest,
    /// Whether the customer may be written to; yes when absent.
    notify: Option<bool>,
}

/// The order's first invoice with its link (`settled.md` 6).
async fn first(
    app: web::Data<App>,
    _gateway: SystemCaller,
    id: Path<OrderId>,
    Json(body): Json<FirstRequest>,
) -> Result<HttpResponse, Problem> {
    let (order, name) = body.snapshot.into_order(*id)?;
    note_name(&app, order.customer_id, &name).await?;
    let (view, told) = first_invoice(&app, &order, body.notify.unwrap_or(true)).await?;
    let invoice = view.as_ref().map(InvoiceResponse::from);
    let url = view.as_ref().and_then(InvoiceView::payment_url);
    let body = json!({ "invoice": invoice, "payment_url": url });
    Ok(express::answer(HttpResponse::Ok(), &body, &told))
}

#[derive(Debug, Deserialize)]
struct LinkRequest {
    snapshot: SnapshotRequest,
    payment_type: Option<String>,
    dp_percent: Option<Decimal>,
    notification_channel: Option<String>,
}

/// A link on demand (contract row 24).
async fn link(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<OrderId>,
    Json(body): Json<LinkRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    // The snapshot is the gateway's and may be newer the second time; the wish is the client's.
    let asked = json!([body.payment_type, body.dp_percent, body.notification_channel]);
    let key = RequestKey::read(&caller, &request, &asked)?;
    let mut errors = FieldErrors::new();
    let wish = Wish {
        kind: input::kind(&mut errors, body.payment_type.as_deref()),
        deposit_percent: input::deposit_percent(&mut errors, body.dp_percent),
        channel: input::channel(&mut errors, body.notification_channel.as_deref()),
    };
    errors.into_result()?;
    let (order, name) = body.snapshot.into_order(*id)?;
    note_name(&app, order.customer_id, &name).await?;
    let work = linked(&app, key.as_ref(), (*id, Some(&order)), wish);
    let linked = on_behalf_of(&caller.0, work).await?;
    let body = json!({
        "invoice": InvoiceResponse::from(&linked.view),
        "payment_url": linked.view.payment_url(),
        "reused": linked.reused,
    });
    let mut answer = HttpResponse::Created();
    if linked.replayed {
        answer.insert_header(("Idempotent-Replayed", "true"));
    }
    Ok(express::answer(answer, &body, &linked.told))
}

#[derive(Debug, Deserialize)]
struct FinalRequest {
    snapshot: SnapshotRequest,
    /// Whether staff ask again: an invoice that can be paid is then refused. No when absent.
    fresh: Option<bool>,
}

/// The final invoice (contract row 32).
async fn rest(
    app: web::Data<App>,
    caller: Caller,
    id: Path<OrderId>,
    Json(body): Json<FinalRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let (order, name) = body.snapshot.into_order(*id)?;
    note_name(&app, order.customer_id, &name).await?;
    let fresh = body.fresh.unwrap_or(false);
    let (view, told) = on_behalf_of(&caller.0, final_invoice(&app, &order, fresh)).await?;
    let body = json!({
        "invoice": InvoiceResponse::from(&view),
        "payment_url": view.payment_url(),
    });
    Ok(express::answer(HttpResponse::Ok(), &body, &told))
}

/// An order's invoices and payments, for the public pages.
async fn money(
    app: web::Data<App>,
    _gateway: SystemCaller,
    id: Path<OrderId>,
) -> Result<HttpResponse, Problem> {
    let money = queries::order_money(&app, *id).await?;
    let invoices: Vec<_> = money.invoices.iter().map(InvoiceResponse::from).collect();
    let payments: Vec<_> = money.payments.iter().map(PaymentResponse::from).collect();
    Ok(HttpResponse::Ok().json(json!({
        "invoices": invoices,
        "payments": payments,
        "total_paid": money.total_paid,
    })))
}

/// The callbacks about an order, for the audit trail.
async fn webhook_logs(
    app: web::Data<App>,
    _gateway: SystemCaller,
    id: Path<OrderId>,
) -> Result<HttpResponse, Problem> {
    let log = queries::webhook_log(&app, *id).await?;
    let lines: Vec<_> = log
        .iter()
        .map(|line| {
            json!({
                "source": line.source,
                "webhook_type": line.webhook_type,
                "status": line.status,
                "created_at": line.created_at,
            })
        })
        .collect();
    Ok(HttpResponse::Ok().json(lines))
}

/// An order as this service knows it.
#[derive(Debug, Serialize)]
struct OrderResponse<'a> {
    order_id: OrderId,
    order_code: &'a str,
    customer_id: konveksi_kernel::CustomerId,
    customer_name: String,
    product_name: &'a str,
    quantity: i64,
    total_price: Money,
    payment_type: &'static str,
    dp_percent: Option<String>,
    notification_channel: &'static str,
    status_order: &'static str,
    production_status: &'static str,
}

async fn with_order(
    app: &App,
    view: &InvoiceView,
    told: &[Envelope],
) -> Result<HttpResponse, Problem> {
    let order = &view.order;
    let order = OrderResponse {
        order_id: order.id,
        order_code: &order.code,
        customer_id: order.customer_id,
        customer_name: queries::customer_name(app, order).await?,
        product_name: &order.product_name,
        quantity: order.quantity,
        total_price: order.total,
        payment_type: order.plan.as_wire(),
        dp_percent: order.deposit_percent.map(|percent| format!("{percent:.2}")),
        notification_channel: order.channel.as_wire(),
        status_order: order.status.as_wire(),
        production_status: order.production.as_wire(),
    };
    let body = json!({ "invoice": InvoiceResponse::from(view), "order": order });
    Ok(express::answer(HttpResponse::Ok(), &body, told))
}

/// An invoice and its order, by id; what was just told about it goes along, for notification.
async fn by_id(
    app: web::Data<App>,
    _gateway: SystemCaller,
    id: Path<InvoiceId>,
) -> Result<HttpResponse, Problem> {
    let (view, told) = queries::invoice_with_news(&app, *id).await?;
    with_order(&app, &view, &told).await
}

/// An invoice and its order, by code.
async fn by_code(
    app: web::Data<App>,
    _gateway: SystemCaller,
    code: Path<String>,
) -> Result<HttpResponse, Problem> {
    with_order(&app, &queries::invoice_by_code(&app, &code).await?, &[]).await
}

/// Notes that staff sent a message about the invoice (contract row 42).
async fn blasted(
    app: web::Data<App>,
    caller: Caller,
    id: Path<InvoiceId>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::MessagesSend)?;
    let view = mark_blasted(&app, *id).await?;
    Ok(HttpResponse::Ok().json(json!({ "invoice": InvoiceResponse::from(&view) })))
}
