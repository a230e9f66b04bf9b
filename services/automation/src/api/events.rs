//! `GET /api/v1/admin/automation/events/`: the log of heard events.

use actix_web::{HttpRequest, web};
use chrono::{DateTime, Utc};
use konveksi_contracts::ALL_TYPES;
use konveksi_kernel::{EventId, OrderId};
use konveksi_web::{Problem, Query, Staff};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::paged;
use crate::app::{App, queries};
use crate::domain::heard_event::HeardEvent;

pub(super) const PATH: &str = "/api/v1/admin/automation/events/";

/// Which part of the log.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventsQuery {
    /// Only events of this type, such as `order.created.v1`.
    #[serde(rename = "type")]
    #[param(rename = "type")]
    event_type: Option<String>,
    /// From 1.
    #[param(value_type = Option<u32>)]
    page: Option<String>,
    /// 20 by default, 100 at most.
    #[param(value_type = Option<u32>)]
    page_size: Option<String>,
}

/// One page of the log.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventsResponse {
    /// Entries in the whole list.
    count: i64,
    /// URL of the next page.
    next: Option<String>,
    /// URL of the previous page.
    previous: Option<String>,
    /// Newest first.
    results: Vec<EventResponse>,
}

/// One event that was heard.
#[derive(Serialize, ToSchema)]
struct EventResponse {
    /// The event's own id.
    #[schema(value_type = Uuid)]
    id: EventId,
    #[serde(rename = "type")]
    #[schema(example = "order.created.v1")]
    event_type: String,
    /// The thing it is about.
    subject_id: Uuid,
    /// The version of that thing after the change.
    subject_version: i64,
    /// When it happened.
    occurred_at: DateTime<Utc>,
    /// When this service heard of it.
    heard_at: DateTime<Utc>,
    /// Null when the event names no order.
    #[schema(value_type = Option<Uuid>)]
    order_id: Option<OrderId>,
    /// Null when the event carries no code.
    #[schema(example = "ORD-20250630-A1B")]
    order_code: Option<String>,
}

/// What this service heard, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/admin/automation/events/",
    operation_id = "list_heard_events",
    tag = "automation",
    params(EventsQuery),
    responses(
        (status = 200, body = EventsResponse),
        (status = 400, description = "unknown type or a page that is no number"),
        (status = 403, description = "not staff"),
        (status = 404, description = "no such page")
    )
)]
pub(crate) async fn list(
    app: web::Data<App>,
    _staff: Staff,
    Query(query): Query<EventsQuery>,
    request: HttpRequest,
) -> Result<web::Json<EventsResponse>, Problem> {
    let page = paged::page(query.page.as_deref(), query.page_size.as_deref())?;
    let event_type = query.event_type.as_deref().filter(|text| !text.is_empty());
    if let Some(wanted) = event_type
        && !ALL_TYPES.iter().any(|(known, _)| *known == wanted)
    {
        return Err(Problem::field("type", "Jenis kejadian tidak dikenal."));
    }
    let listed = queries::list_heard(&app, event_type, page).await?;
    let (next, previous) = paged::links(&request, PATH, page, listed.count);
    let results = listed.items.into_iter().map(EventResponse::from).collect();
    Ok(web::Json(EventsResponse { count: listed.count, next, previous, results }))
}

impl From<HeardEvent> for EventResponse {
    fn from(heard: HeardEvent) -> EventResponse {
        EventResponse {
            id: heard.event_id,
            event_type: heard.event_type,
            subject_id: heard.subject_id,
            subject_version: heard.subject_version,
            occurred_at: heard.occurred_at,
            heard_at: heard.heard_at,
            order_id: heard.order_id,
            order_code: heard.order_code,
        }
    }
}
