//! Orders, one at a time (`contract.md` rows 14 to 22).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use konveksi_idempotency::{Answer, RequestKey};
use konveksi_identity::{Identity, Kind, Permission};
use konveksi_kernel::{FileId, OrderId};
use konveksi_web::{Caller, Json, Path, Problem};
use serde_json::{Map, Value, json};

use super::body::Body;
use super::caller::{acting, on_behalf, require};
use super::etag;
use super::garment_body::garments;
use super::links::public_base;
use super::order_shape::{DetailResponse, OrderInput, OrderPatch, WithSnapshotResponse};
use crate::app::create_order::{Seed, Wanted, create_order};
use crate::app::delete_order::delete_order;
use crate::app::requests::once;
use crate::app::update_order::{Wish, update_order};
use crate::app::{App, Whole, queries};
use crate::domain::field::paragraph;
use crate::domain::input::OrderDraft;
use crate::domain::order_code;
use crate::domain::production::ProductionStatus;
use crate::domain::status::OrderStatus;

/// The longest note staff may leave.
const NOTES_LENGTH: usize = 2_000;

/// Places an order. Anyone may. With an `Idempotency-Key` it is placed once.
#[utoipa::path(post, path = "/api/v1/order/", operation_id = "createOrder", tag = "orders", request_body = OrderInput,
    responses((status = 201, body = WithSnapshotResponse), (status = 400, description = "invalid fields")))]
pub(super) async fn create(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    Json(mut body): Json<Map<String, Value>>,
) -> Result<HttpResponse, Problem> {
    let key = RequestKey::read(&caller, &request, &asked(&mut body))?;
    let wanted = wanted(Body::new(body), &caller.0)?;
    let (acting, base) = (acting(&caller.0), public_base(&request));
    let placing = Box::pin(once(&app, key.as_ref(), async |tx| {
        let whole = create_order(&app, tx, wanted, &acting).await?;
        Ok(Answer {
            status: StatusCode::CREATED,
            body: json!(WithSnapshotResponse::of(&whole, &base)),
            customer_id: Some(whole.order.customer_id),
        })
    }));
    Ok(on_behalf(&acting, placing).await?.respond())
}

/// What makes a call the same as an earlier one. A form's design is stored anew each time it is
/// sent, so that its id differs: the gateway says what is in it.
fn asked(body: &mut Map<String, Value>) -> Map<String, Value> {
    let digest = body.remove("design_sha256");
    let mut asked = body.clone();
    if let Some(digest) = digest {
        asked.insert("design_file_id".to_owned(), digest);
    }
    asked
}

/// One order.
#[utoipa::path(get, path = "/api/v1/order/{id}/", operation_id = "getOrder", tag = "orders", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = DetailResponse), (status = 404, description = "unknown order")))]
pub(super) async fn get(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<OrderId>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersRead)?;
    let whole = queries::get_whole(&app, *id).await?;
    Ok(shown(&whole, &request))
}

/// Changes an order; what is not sent stays, as with PATCH.
#[utoipa::path(put, path = "/api/v1/order/{id}/", operation_id = "replaceOrder", tag = "orders", params(("id" = uuid::Uuid, Path)),
    request_body = OrderPatch, responses((status = 200, body = DetailResponse),
    (status = 400, description = "invalid fields or a move the state refuses"),
    (status = 404, description = "unknown order"),
    (status = 412, description = "the order has another version than the caller saw")))]
pub(super) async fn replace(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<OrderId>,
    body: Json<Map<String, Value>>,
) -> Result<HttpResponse, Problem> {
    update(app, caller, request, id, body).await
}

/// Changes an order: details, garments, status, production, a note; all of it or nothing.
#[utoipa::path(patch, path = "/api/v1/order/{id}/", operation_id = "updateOrder", tag = "orders", params(("id" = uuid::Uuid, Path)),
    request_body = OrderPatch, responses((status = 200, body = DetailResponse),
    (status = 400, description = "invalid fields or a move the state refuses"),
    (status = 404, description = "unknown order"),
    (status = 412, description = "the order has another version than the caller saw")))]
pub(super) async fn update(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<OrderId>,
    Json(body): Json<Map<String, Value>>,
) -> Result<HttpResponse, Problem> {
    let wish = wish(Body::new(body), &caller, &request)?;
    let acting = acting(&caller.0);
    let whole = on_behalf(&acting, Box::pin(update_order(&app, *id, wish, &acting))).await?;
    Ok(shown(&whole, &request))
}

/// Deletes an order.
#[utoipa::path(delete, path = "/api/v1/order/{id}/", operation_id = "deleteOrder", tag = "orders", params(("id" = uuid::Uuid, Path)),
    responses((status = 204, description = "deleted"), (status = 404, description = "unknown order"),
    (status = 412, description = "the order has another version than the caller saw")))]
pub(super) async fn delete(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<OrderId>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersWrite)?;
    let (acting, expected) = (acting(&caller.0), etag::if_match(&request));
    on_behalf(&acting, delete_order(&app, *id, &expected, &acting)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// An order as an answer, with the version it has.
pub(super) fn shown(whole: &Whole, request: &HttpRequest) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(etag::tag(whole.order.version))
        .json(DetailResponse::of(whole, &public_base(request)))
}

fn wanted(mut body: Body, identity: &Identity) -> Result<Wanted, Problem> {
    let mut draft = draft(&mut body);
    // What the workshop promises is not for the public to say.
    draft.promised_on = draft.promised_on.filter(|_| identity.kind != Kind::Anonymous);
    let garments = garments(&mut body);
    let design_file_id = body.text("design_file_id").and_then(|text| {
        let id = text.parse::<FileId>().map_err(|_not_an_id| "Bukan id berkas.".to_owned());
        body.keep("design_file_id", id)
    });
    // Only the system places orders nobody is to hear of, such as a seed's.
    let notify = body.flag("notify").filter(|_| identity.kind == Kind::System);
    let seed = if identity.kind == Kind::System { seed(&mut body) } else { None };
    body.finish()?;
    Ok(Wanted { draft, garments, design_file_id, notify, seed })
}

/// What only the system may fix: `id`, `order_code` and `placed_at`, all of them or none counts.
fn seed(body: &mut Body) -> Option<Seed> {
    let id = body.text("id").and_then(|text| {
        body.keep("id", text.parse::<OrderId>().map_err(|_not_an_id| "Bukan id.".to_owned()))
    });
    let code = body.text("order_code").and_then(|text| {
        let code = order_code::canonical(&text);
        let formed = order_code::is_well_formed(&code);
        body.keep("order_code", formed.then_some(code).ok_or_else(|| "Bukan kode.".to_owned()))
    });
    let placed_at = instant(body, "placed_at");
    Some(Seed { id: id?, code: code?, placed_at: placed_at? })
}

/// An instant as RFC 3339.
fn instant(body: &mut Body, field: &'static str) -> Option<DateTime<Utc>> {
    let text = body.text(field)?;
    let read = text.parse::<DateTime<Utc>>();
    body.keep(field, read.map_err(|_not_an_instant| "Bukan waktu RFC 3339.".to_owned()))
}

/// Reads a change. The floor's role may move production and nothing else.
fn wish(mut body: Body, caller: &Caller, request: &HttpRequest) -> Result<Wish, Problem> {
    let production_only =
        body.has("production_status") && !FIELDS_OF_THE_OFFICE.iter().any(|field| body.has(field));
    let needed =
        if production_only { Permission::ProductionWrite } else { Permission::OrdersWrite };
    require(caller, needed)?;
    let wish = Wish {
        draft: draft(&mut body),
        garments: garments(&mut body),
        status: body.word("status_order", OrderStatus::from_wire),
        production: body.word("production_status", ProductionStatus::from_wire),
        notes: notes(&mut body, "notes"),
        // Only the system tells of what happened before, such as a seed.
        happened_at: if caller.0.kind == Kind::System {
            instant(&mut body, "happened_at")
        } else {
            None
        },
        expected: etag::expected(request, &mut body),
    };
    body.finish()?;
    Ok(wish)
}

/// What staff write about what they do; an empty text is none.
pub(super) fn notes(body: &mut Body, field: &'static str) -> Option<String> {
    let text = body.text(field)?;
    body.keep(field, paragraph(&text, NOTES_LENGTH)).filter(|notes| !notes.is_empty())
}

/// What changes more than production.
const FIELDS_OF_THE_OFFICE: [&str; 13] = [
    "customer_name",
    "product_name",
    "quantity",
    "total_price",
    "payment_type",
    "dp_percent",
    "contact_information",
    "notification_channel",
    "design_notes",
    "promised_on",
    "items",
    "adjustments",
    "status_order",
];

fn draft(body: &mut Body) -> OrderDraft {
    OrderDraft {
        customer_name: body.text("customer_name"),
        product_name: body.text("product_name"),
        quantity: body.number("quantity"),
        total_price: body.number("total_price"),
        payment_type: body.text("payment_type"),
        dp_percent: body.number("dp_percent"),
        contact_information: body.text("contact_information"),
        notification_channel: body.text("notification_channel"),
        design_notes: body.clearable_text("design_notes"),
        promised_on: body.clearable_text("promised_on"),
    }
}
