//! Many orders at once (`contract.md` row 31).

use std::collections::{HashMap, HashSet};

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use konveksi_idempotency::{Answer, RequestKey};
use konveksi_identity::Permission;
use konveksi_kernel::OrderId;
use konveksi_web::{Caller, Json, Problem};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::body::Body;
use super::caller::{acting, on_behalf, require};
use super::orders::notes;
use crate::app::bulk_update::{BulkWish, MAX_ORDERS, Updated, bulk_update};
use crate::app::requests::once;
use crate::app::{App, AppError};
use crate::domain::production::ProductionStatus;
use crate::domain::status::OrderStatus;

/// What became of all of them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BulkUpdate)]
pub(super) struct BulkResponse {
    /// Whether every order was updated or stood there already.
    success: bool,
    /// Orders that moved.
    updated: usize,
    /// Orders that did not, and why.
    failed: Vec<FailedResponse>,
    /// Every order that was named, in that order.
    results: Vec<ResultResponse>,
}

/// An order that did not move.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BulkUpdateFailure)]
struct FailedResponse {
    /// As it was sent.
    id: String,
    /// Why, for people.
    error: String,
    /// Why, for programs.
    error_code: String,
}

/// What became of one order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BulkUpdateResult)]
struct ResultResponse {
    /// As it was sent.
    id: String,
    /// `updated`, `unchanged` when it stood there already, or `failed`.
    status: &'static str,
    /// Its version now; absent when it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
}

/// What to do with which orders. For the API's document.
#[derive(Debug, ToSchema)]
#[schema(as = BulkUpdateInput)]
#[expect(dead_code, reason = "only describes")]
pub(super) struct BulkInput {
    /// 1 to 500 ids.
    order_ids: Vec<uuid::Uuid>,
    /// `update_status`.
    action: String,
    data: BulkDataInput,
}

/// Where the orders are to stand; at least one of the two.
#[derive(Debug, ToSchema)]
#[schema(as = BulkUpdateData)]
#[expect(dead_code, reason = "only describes")]
struct BulkDataInput {
    status_order: Option<String>,
    production_status: Option<String>,
    /// A note for each order's history.
    notes: Option<String>,
}

/// An id as it was sent, and what it names.
type Named = (String, Option<OrderId>);

/// Moves many orders; each by its own rules, so that one refusal undoes nothing of the others.
#[utoipa::path(post, path = "/api/v1/admin/orders/bulk-update/", operation_id = "bulkUpdateOrders", tag = "orders",
    request_body = BulkInput, responses((status = 200, body = BulkResponse),
    (status = 400, description = "no orders, too many, or nothing to change")))]
pub(super) async fn update(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    Json(body): Json<Map<String, Value>>,
) -> Result<HttpResponse, Problem> {
    let key = RequestKey::read(&caller, &request, &body)?;
    let (named, wish) = wish(Body::new(body), &caller)?;
    let acting = acting(&caller.0);
    let moving = once(&app, key.as_ref(), async |tx| {
        let answers = bulk_update(&app, tx, &wish, &acting).await?;
        let body = json!(BulkResponse::of(named, answers));
        Ok(Answer { status: StatusCode::OK, body, customer_id: None })
    });
    Ok(on_behalf(&acting, moving).await?.respond())
}

fn wish(mut body: Body, caller: &Caller) -> Result<(Vec<Named>, BulkWish), Problem> {
    let named = body.list("order_ids").map(named);
    let named = body.keep("order_ids", bounded(named.unwrap_or_default()));
    let action = body.text("action");
    let known = action.as_deref().map(str::trim) == Some("update_status");
    body.keep("action", known.then_some(()).ok_or_else(|| "Harus update_status.".to_owned()));
    let mut data = Body::new(body.object("data").unwrap_or_default());
    let status = data.word("status_order", OrderStatus::from_wire);
    let production = data.word("production_status", ProductionStatus::from_wire);
    let notes = notes(&mut data, "notes");
    let asks = status.is_some() || production.is_some();
    // The office moves orders, the floor only their work.
    let floor = status.is_none() && production.is_some();
    require(caller, if floor { Permission::ProductionWrite } else { Permission::OrdersWrite })?;
    data.finish()?;
    let missing = || "Isi status_order, production_status, atau keduanya.".to_owned();
    body.keep("data", asks.then_some(()).ok_or_else(missing));
    body.finish()?;
    let named = named.unwrap_or_default();
    let mut seen = HashSet::new();
    let ids = named.iter().filter_map(|(_, id)| *id).filter(|id| seen.insert(*id)).collect();
    Ok((named, BulkWish { ids, status, production, notes }))
}

/// The ids, each once.
fn named(list: Vec<Value>) -> Vec<Named> {
    let mut seen = HashSet::new();
    let texts = list.into_iter().map(|value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    });
    texts
        .filter(|text| seen.insert(text.clone()))
        .map(|text| {
            let id = text.trim().parse().ok();
            (text, id)
        })
        .collect()
}

fn bounded(named: Vec<Named>) -> Result<Vec<Named>, String> {
    if named.is_empty() {
        return Err("Wajib diisi.".to_owned());
    }
    if named.len() > MAX_ORDERS {
        return Err(format!("Maksimal {MAX_ORDERS} pesanan, dikirim {}.", named.len()));
    }
    Ok(named)
}

impl BulkResponse {
    fn of(
        named: Vec<Named>,
        mut answers: HashMap<OrderId, Result<Updated, AppError>>,
    ) -> BulkResponse {
        let mut response = BulkResponse {
            success: true,
            updated: 0,
            failed: Vec::new(),
            results: Vec::with_capacity(named.len()),
        };
        for (text, id) in named {
            match id.and_then(|id| answers.remove(&id)) {
                Some(Ok(Updated { order, moved })) => {
                    response.updated += usize::from(moved);
                    let status = if moved { "updated" } else { "unchanged" };
                    let version = Some(order.version);
                    response.results.push(ResultResponse { id: text, status, version });
                }
                Some(Err(error)) => response.fail(text, &Problem::from(error)),
                None => {
                    let told = "Bukan id pesanan, atau id yang sama ditulis lain.";
                    response
                        .fail(text, &Problem::bad_request("ORDER_ID_INVALID", told, "not an id"));
                }
            }
        }
        response.success = response.failed.is_empty();
        response
    }

    fn fail(&mut self, id: String, problem: &Problem) {
        let body = problem.to_json();
        let word = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        self.results.push(ResultResponse { id: id.clone(), status: "failed", version: None });
        self.failed.push(FailedResponse {
            id,
            error: word("error"),
            error_code: problem.code().to_owned(),
        });
    }
}
