//! Callbacks as they came, and what became of them.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Integer, Jsonb, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError, KeepPlan as _, kept};
use konveksi_kernel::{InvoiceId, OrderId};
use konveksi_telemetry::TraceContext;
use serde_json::Value;
use uuid::Uuid;

use super::schema::webhook_inbox::{self, dsl};

/// How long a claimed callback stays with who claimed it.
const LEASE: Duration = Duration::seconds(60);

const CLAIM: &str = "
    WITH due AS (
        SELECT id FROM webhook_inbox WHERE status = 'received' AND due_at <= $1
        ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED)
    UPDATE webhook_inbox SET due_at = $3, attempts = attempts + 1
    FROM due WHERE webhook_inbox.id = due.id
    RETURNING webhook_inbox.id, source, body, attempts, trace";

#[derive(QueryableByName)]
struct ClaimedRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    source: String,
    #[diesel(sql_type = Binary)]
    body: Vec<u8>,
    #[diesel(sql_type = Integer)]
    attempts: i32,
    #[diesel(sql_type = Jsonb)]
    trace: Value,
}

/// A callback that came in.
#[derive(Debug, Clone)]
pub(crate) struct NewCallback<'a> {
    /// Its id here.
    pub(crate) id: Uuid,
    /// Who sent it, such as `xendit`.
    pub(crate) source: &'a str,
    /// SHA-256 of the body.
    pub(crate) body_hash: &'a [u8],
    /// The body, byte for byte.
    pub(crate) body: &'a [u8],
    /// The event's name, such as `invoice.paid`.
    pub(crate) webhook_type: &'a str,
}

/// Stores a callback; `false` when the same body came before.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn insert(
    tx: &mut Connection,
    callback: &NewCallback<'_>,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let trace = serde_json::to_value(TraceContext::current()).unwrap_or_default();
    let written = diesel::insert_into(webhook_inbox::table)
        .values((
            dsl::id.eq(callback.id),
            dsl::source.eq(callback.source),
            dsl::body_hash.eq(callback.body_hash),
            dsl::body.eq(callback.body),
            dsl::webhook_type.eq(callback.webhook_type),
            dsl::status.eq("received"),
            dsl::due_at.eq(now),
            dsl::trace.eq(trace),
            dsl::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(written > 0)
}

/// A callback to be worked on.
#[derive(Debug, Clone)]
pub(crate) struct Claimed {
    /// Its id here.
    pub(crate) id: Uuid,
    /// Who sent it, such as `xendit`.
    pub(crate) source: String,
    /// The body, byte for byte.
    pub(crate) body: Vec<u8>,
    /// How often it was tried, this time included.
    pub(crate) attempts: i32,
    /// The trace it came in.
    pub(crate) trace: TraceContext,
}

/// Takes up to `limit` callbacks that are due; each comes back by itself when its claimant dies.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn claim(
    conn: &mut Connection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Claimed>, DbError> {
    let rows: Vec<ClaimedRow> = kept(CLAIM)
        .bind::<Timestamptz, _>(now)
        .bind::<BigInt, _>(limit)
        .bind::<Timestamptz, _>(now + LEASE)
        .load(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Claimed {
            id: row.id,
            source: row.source,
            body: row.body,
            attempts: row.attempts,
            trace: serde_json::from_value(row.trace).unwrap_or_default(),
        })
        .collect())
}

/// How a callback ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It had its effect, or that effect was there already.
    Processed,
    /// It is about nothing of ours, or tells nothing new.
    Ignored,
    /// It contradicts the provider or our books; a person should look.
    Failed,
}

impl End {
    /// The contract's literal.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            End::Processed => "processed",
            End::Ignored => "ignored",
            End::Failed => "failed",
        }
    }
}

/// What a callback turned out to be about.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct About {
    /// Its order.
    pub(crate) order_id: Option<OrderId>,
    /// Its invoice.
    pub(crate) invoice_id: Option<InvoiceId>,
}

/// Closes a callback. `false` when it was closed before (somebody else finished it).
///
/// # Errors
/// [`DbError`].
pub(crate) async fn finish(
    tx: &mut Connection,
    id: Uuid,
    end: End,
    reason: &str,
    about: About,
) -> Result<bool, DbError> {
    let open = webhook_inbox::table.find(id).filter(dsl::status.eq("received"));
    let written = diesel::update(open)
        .set((
            dsl::status.eq(end.as_wire()),
            dsl::reason.eq(reason),
            dsl::order_id.eq(about.order_id.map(|id| id.as_uuid())),
            dsl::invoice_id.eq(about.invoice_id.map(|id| id.as_uuid())),
        ))
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(written > 0)
}

/// Lets a callback be tried again at `due_at`.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn retry(
    tx: &mut Connection,
    id: Uuid,
    due_at: DateTime<Utc>,
    reason: &str,
) -> Result<(), DbError> {
    let open = webhook_inbox::table.find(id).filter(dsl::status.eq("received"));
    diesel::update(open).set((dsl::due_at.eq(due_at), dsl::reason.eq(reason))).execute(tx).await?;
    Ok(())
}

/// One line of the log of callbacks.
#[derive(Debug, Clone)]
pub(crate) struct LogLine {
    /// Who sent it.
    pub(crate) source: String,
    /// The event's name.
    pub(crate) webhook_type: String,
    /// `received`, `processed`, `ignored` or `failed`.
    pub(crate) status: String,
    /// When it came.
    pub(crate) created_at: DateTime<Utc>,
}

/// The callbacks about an order, oldest first, at most 500.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn of_order(
    conn: &mut Connection,
    order: OrderId,
) -> Result<Vec<LogLine>, DbError> {
    let rows: Vec<(String, String, String, DateTime<Utc>)> = webhook_inbox::table
        .filter(dsl::order_id.eq(order.as_uuid()))
        .order((dsl::created_at, dsl::id))
        .limit(500)
        .select((dsl::source, dsl::webhook_type, dsl::status, dsl::created_at))
        .load(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(source, webhook_type, status, created_at)| LogLine {
            source,
            webhook_type,
            status,
            created_at,
        })
        .collect())
}
