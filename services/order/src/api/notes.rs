//! Notes about an order: staff's own, and those the customer may read.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use konveksi_idempotency::{Answer, RequestKey};
use konveksi_identity::Permission;
use konveksi_kernel::OrderId;
use konveksi_web::{Caller, Json, Path, Problem, Query};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::Body;
use super::caller::{acting, on_behalf, require};
use super::links::{around, page};
use super::orders::notes;
use crate::app::add_note::add_note;
use crate::app::requests::once;
use crate::app::{App, queries};
use crate::domain::history::HistoryEntry;

/// One note.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderNote)]
pub(super) struct NoteResponse {
    id: Uuid,
    text: String,
    /// Whether the customer may read it on the tracking page.
    visible: bool,
    /// Who wrote it, such as `staff:7`.
    actor: Option<String>,
    created_at: DateTime<Utc>,
}

impl From<&HistoryEntry> for NoteResponse {
    fn from(entry: &HistoryEntry) -> NoteResponse {
        NoteResponse {
            id: entry.id,
            text: entry.notes.clone().unwrap_or_default(),
            visible: entry.visible,
            actor: entry.actor.clone(),
            created_at: entry.created_at,
        }
    }
}

/// One page of notes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderNoteList)]
pub(super) struct NoteListResponse {
    count: i64,
    next: Option<String>,
    previous: Option<String>,
    /// Newest first.
    results: Vec<NoteResponse>,
}

/// A note as it is written. For the API's document.
#[derive(Debug, ToSchema)]
#[schema(as = OrderNoteInput)]
#[expect(dead_code, reason = "only describes")]
pub(super) struct NoteInput {
    /// 1 to 2,000 characters.
    text: String,
    /// Whether the customer may read it; no when absent.
    visible: Option<bool>,
}

/// Lists what staff wrote about an order.
#[utoipa::path(get, path = "/api/v1/admin/orders/{id}/notes/", operation_id = "listOrderNotes", tag = "orders",
    params(("id" = uuid::Uuid, Path), ("page" = Option<u32>, Query), ("page_size" = Option<u32>, Query)),
    responses((status = 200, body = NoteListResponse), (status = 404, description = "unknown order")))]
pub(super) async fn list(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<OrderId>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersRead)?;
    let page = page(&query)?;
    let (found, count) = queries::list_notes(&app, *id, page).await?;
    let (next, previous) = around(&request, &query, page, count);
    let results = found.iter().map(NoteResponse::from).collect();
    Ok(HttpResponse::Ok().json(NoteListResponse { count, next, previous, results }))
}

/// Writes a note. The floor may write for the workshop; to the customer only the office writes.
#[utoipa::path(post, path = "/api/v1/admin/orders/{id}/notes/", operation_id = "addOrderNote", tag = "orders",
    params(("id" = uuid::Uuid, Path)), request_body = NoteInput,
    responses((status = 201, body = NoteResponse), (status = 400, description = "invalid fields"),
    (status = 404, description = "unknown order")))]
pub(super) async fn add(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<OrderId>,
    Json(body): Json<Map<String, Value>>,
) -> Result<HttpResponse, Problem> {
    let key = RequestKey::read(&caller, &request, &body)?;
    let mut body = Body::new(body);
    let visible = body.flag("visible").unwrap_or(false);
    let needed = if visible { Permission::OrdersWrite } else { Permission::ProductionWrite };
    require(&caller, needed)?;
    let text = notes(&mut body, "text");
    if text.is_none() && body.complaints().is_empty() {
        body.keep::<()>("text", Err("Wajib diisi.".to_owned()));
    }
    body.finish()?;
    let text = text.unwrap_or_default();
    let acting = acting(&caller.0);
    let writing = once(&app, key.as_ref(), async |tx| {
        let (order, note) = add_note(&app, tx, *id, (&text, visible), &acting).await?;
        Ok(Answer {
            status: StatusCode::CREATED,
            body: json!(NoteResponse::from(&note)),
            customer_id: Some(order.customer_id),
        })
    });
    Ok(on_behalf(&acting, writing).await?.respond())
}
