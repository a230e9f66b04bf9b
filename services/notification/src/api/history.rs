//! `GET /api/v1/admin/notifications/history/` (`contract.md` row 67).

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, SecondsFormat, Utc};
use konveksi_identity::Permission;
use konveksi_web::{Caller, FieldErrors, Problem, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::paging::{self, ListResponse};
use crate::app::{self, App, HistoryFilter, HistoryRow};
use crate::domain::channel::Channel;
use crate::domain::delivery::{ErrorKind, Status};
use crate::domain::recipient;

/// Which messages, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct HistoryQuery {
    /// `queued`, `sending`, `sent`, `failed` or `unknown`.
    status: Option<String>,
    /// `whatsapp` or `email`.
    channel: Option<String>,
    /// Exactly this order's messages.
    order_code: Option<String>,
    /// From 1.
    page: Option<String>,
    /// 20 when absent, at most 100.
    page_size: Option<String>,
}

/// One message of the history.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HistoryEntry {
    id: Uuid,
    template_name: String,
    /// A phone number as `0812…` or an address; empty once its owner was erased.
    recipient: String,
    channel: String,
    status: String,
    /// When a provider took it.
    sent_at: Option<String>,
    /// Absent when it is about no order.
    order_code: Option<String>,
    #[serde(rename = "type")]
    template_type: String,
    created_at: String,
    /// How often it was tried.
    attempts: i32,
    /// Whether the person may have got it twice.
    maybe_duplicate: bool,
    /// Why the last try failed, in Indonesian.
    error: Option<&'static str>,
}

impl From<HistoryRow> for HistoryEntry {
    fn from(row: HistoryRow) -> HistoryEntry {
        let shown = Channel::from_wire(&row.channel)
            .map(|channel| recipient::shown(channel, &row.recipient))
            .unwrap_or_default();
        HistoryEntry {
            id: row.id,
            template_name: row.template_name,
            recipient: shown,
            channel: row.channel,
            status: row.status,
            sent_at: row.sent_at.map(wire_time),
            order_code: Some(row.order_code).filter(|code| !code.is_empty()),
            template_type: row.template_type,
            created_at: wire_time(row.created_at),
            attempts: row.attempts,
            maybe_duplicate: row.maybe_duplicate,
            error: row.error_kind.as_deref().and_then(ErrorKind::from_wire).map(ErrorKind::label),
        }
    }
}

/// RFC 3339 in UTC with `Z`, as everywhere on the wire.
pub(super) fn wire_time(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn filter(query: &HistoryQuery) -> Result<HistoryFilter, Problem> {
    let mut wrong = FieldErrors::new();
    let given = |value: &Option<String>| value.clone().filter(|text| !text.is_empty());
    let status = given(&query.status).and_then(|text| {
        wrong.check("status", Status::from_wire(&text).ok_or("Status tidak dikenal."))
    });
    let channel = given(&query.channel).and_then(|text| {
        wrong.check("channel", Channel::from_wire(&text).ok_or("Gunakan whatsapp atau email."))
    });
    wrong.into_result()?;
    Ok(HistoryFilter { status, channel, order_code: given(&query.order_code) })
}

/// What was sent, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/admin/notifications/history/",
    params(HistoryQuery),
    responses((status = 200, body = ListResponse<HistoryEntry>), (status = 400), (status = 404))
)]
pub(crate) async fn list(
    caller: Caller,
    app: web::Data<App>,
    request: HttpRequest,
    query: Query<HistoryQuery>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::MessagesRead)?;
    let page = paging::page(query.0.page.as_deref(), query.0.page_size.as_deref())?;
    let (rows, count) = app::history(&app, &filter(&query.0)?, page).await?;
    let entries: Vec<HistoryEntry> = rows.into_iter().map(HistoryEntry::from).collect();
    Ok(HttpResponse::Ok().json(paging::envelope(&request, page, count, entries)?))
}
