//! What was sent, as staff read it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::Page;
use uuid::Uuid;

use super::schema::messages;
use crate::domain::channel::Channel;
use crate::domain::delivery::Status;

/// One line of the history, its literals as they are on the wire.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = messages)]
pub(crate) struct HistoryRow {
    /// The message's id.
    pub(crate) id: Uuid,
    /// The template's name when it was written.
    pub(crate) template_name: String,
    /// What it is about.
    pub(crate) template_type: String,
    /// As stored; blank once its owner was erased.
    pub(crate) recipient: String,
    /// The channel.
    pub(crate) channel: String,
    /// Where it stands.
    pub(crate) status: String,
    /// How often it was tried.
    pub(crate) attempts: i32,
    /// Whether the person may have got it twice.
    pub(crate) maybe_duplicate: bool,
    /// Why the last try failed.
    pub(crate) error_kind: Option<String>,
    /// The order's code; empty when it is about none.
    pub(crate) order_code: String,
    /// When it was asked for.
    pub(crate) created_at: DateTime<Utc>,
    /// When a provider took it.
    pub(crate) sent_at: Option<DateTime<Utc>>,
}

/// Which messages the history shows; absent values do not filter.
#[derive(Debug, Clone, Default)]
pub(crate) struct HistoryFilter {
    /// Only those that stand here.
    pub(crate) status: Option<Status>,
    /// Only those over this channel.
    pub(crate) channel: Option<Channel>,
    /// Only those about this order.
    pub(crate) order_code: Option<String>,
}

/// One page, newest first, and how many there are.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn list(
    conn: &mut Connection,
    filter: &HistoryFilter,
    page: Page,
) -> Result<(Vec<HistoryRow>, i64), DbError> {
    let rows = filtered(filter)
        .order((messages::created_at.desc(), messages::id.desc()))
        .limit(page.limit())
        .offset(page.offset())
        .select(HistoryRow::as_select())
        .load(conn)
        .await?;
    let count = filtered(filter).count().get_result(conn).await?;
    Ok((rows, count))
}

fn filtered(filter: &HistoryFilter) -> messages::BoxedQuery<'_, diesel::pg::Pg> {
    let mut query = messages::table.into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(messages::status.eq(status.as_wire()));
    }
    if let Some(channel) = filter.channel {
        query = query.filter(messages::channel.eq(channel.as_wire()));
    }
    if let Some(order_code) = &filter.order_code {
        query = query.filter(messages::order_code.eq(order_code));
    }
    query
}
