//! The messages that wait to be sent: claimed with a lease, and released with an outcome.
//!
//! An outcome is only written while the row still is in the attempt it belongs to, so a worker that
//! was frozen past its lease changes nothing when it wakes.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz};
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError, KeepPlan as _, kept};
use konveksi_kernel::{CustomerId, InvoiceId, NotificationId, OrderId};
use konveksi_telemetry::TraceContext;
use uuid::Uuid;

use super::literal;
use super::schema::messages;
use crate::domain::channel::Channel;
use crate::domain::delivery::{ErrorKind, Status};
use crate::domain::invoice::InvoiceKind;
use crate::domain::message::{Message, Subject};
use crate::domain::template_type::TemplateType;

#[derive(QueryableByName)]
#[diesel(table_name = messages)]
struct QueueRow {
    id: Uuid,
    template_type: String,
    channel: String,
    customer_id: Option<Uuid>,
    recipient: String,
    subject: String,
    body: String,
    order_id: Option<Uuid>,
    order_code: String,
    invoice_id: Option<Uuid>,
    invoice_kind: Option<String>,
    attempts: i32,
    maybe_duplicate: bool,
    trace: serde_json::Value,
}

/// A claimed message and the trace it belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Claimed {
    /// The message, in its new attempt.
    pub(crate) message: Message,
    /// Where what caused it stands in its trace.
    pub(crate) trace: TraceContext,
}

impl TryFrom<QueueRow> for Claimed {
    type Error = DbError;

    fn try_from(row: QueueRow) -> Result<Claimed, DbError> {
        let kind = row
            .invoice_kind
            .map(|text| literal("a message's invoice kind", &text, InvoiceKind::from_wire))
            .transpose()?;
        let message = Message {
            id: NotificationId::from_uuid(row.id),
            template_type: literal(
                "a message's type",
                &row.template_type,
                TemplateType::from_wire,
            )?,
            channel: literal("a message's channel", &row.channel, Channel::from_wire)?,
            recipient: row.recipient,
            subject: row.subject,
            body: row.body,
            about: Subject {
                customer_id: row.customer_id.map(CustomerId::from_uuid),
                order_id: row.order_id.map(OrderId::from_uuid),
                order_code: row.order_code,
                invoice_id: row.invoice_id.map(InvoiceId::from_uuid),
                invoice_kind: kind,
            },
            attempts: u32::try_from(row.attempts)
                .map_err(|error| DbError::Corrupt(format!("a message's attempts: {error}")))?,
            maybe_duplicate: row.maybe_duplicate,
        };
        let trace = serde_json::from_value(row.trace)
            .map_err(|error| DbError::Corrupt(format!("a message's trace: {error}")))?;
        Ok(Claimed { message, trace })
    }
}

const CLAIM: &str = "
    WITH due AS (
        SELECT id FROM messages WHERE status = 'queued' AND due_at <= $1
        ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED)
    UPDATE messages SET status = 'sending', lease_until = $3, attempts = attempts + 1
    FROM due WHERE messages.id = due.id
    RETURNING messages.*";

const LOST: &str = "
    SELECT * FROM messages WHERE status = 'sending' AND lease_until < $1
    ORDER BY lease_until LIMIT $2 FOR UPDATE SKIP LOCKED";

/// Claims up to `limit` messages that are due at `now`, each leased until `lease_until`.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn claim(
    tx: &mut Connection,
    now: DateTime<Utc>,
    lease_until: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Claimed>, DbError> {
    let rows: Vec<QueueRow> = kept(CLAIM)
        .bind::<Timestamptz, _>(now)
        .bind::<BigInt, _>(limit)
        .bind::<Timestamptz, _>(lease_until)
        .get_results(tx)
        .await?;
    rows.into_iter().map(Claimed::try_from).collect()
}

/// Locks up to `limit` messages whose lease ran out before `now`: whoever sent them is gone.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn lost_for_update(
    tx: &mut Connection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Claimed>, DbError> {
    let rows: Vec<QueueRow> =
        kept(LOST).bind::<Timestamptz, _>(now).bind::<BigInt, _>(limit).get_results(tx).await?;
    rows.into_iter().map(Claimed::try_from).collect()
}

/// What becomes of a message whose attempt ended.
#[derive(Debug, Clone)]
pub(crate) enum Release {
    /// A provider took it.
    Sent {
        /// The provider's own name for it.
        provider_id: Option<String>,
        /// When.
        at: DateTime<Utc>,
    },
    /// It waits for another try.
    Requeued {
        /// When.
        due_at: DateTime<Utc>,
        /// Whether the person may then get it twice.
        maybe_duplicate: bool,
        /// Why this try failed.
        error: (ErrorKind, String),
    },
    /// It is over: `Failed` or `Unknown`.
    Ended {
        /// Which of the two.
        status: Status,
        /// Why.
        error: (ErrorKind, String),
    },
}

/// Ends the attempt that `message` is in. Answers whether it still was in that attempt.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn release(
    tx: &mut Connection,
    message: &Message,
    release: &Release,
) -> Result<bool, DbError> {
    let attempt = i32::try_from(message.attempts).unwrap_or(i32::MAX);
    let held = messages::table
        .filter(messages::id.eq(message.id.as_uuid()))
        .filter(messages::status.eq(Status::Sending.as_wire()))
        .filter(messages::attempts.eq(attempt));
    let no_lease = messages::lease_until.eq(None::<DateTime<Utc>>);
    let changed = match release {
        Release::Sent { provider_id, at } => {
            let set = (
                no_lease,
                messages::status.eq(Status::Sent.as_wire()),
                messages::provider_id.eq(provider_id.as_deref()),
                messages::sent_at.eq(at),
                messages::error_kind.eq(None::<&str>),
                messages::error_detail.eq(None::<&str>),
            );
            diesel::update(held).set(set).keep_plan().execute(tx).await?
        }
        Release::Requeued { due_at, maybe_duplicate, error: (kind, detail) } => {
            let set = (
                no_lease,
                messages::status.eq(Status::Queued.as_wire()),
                messages::due_at.eq(due_at),
                messages::maybe_duplicate.eq(maybe_duplicate),
                messages::error_kind.eq(kind.as_wire()),
                messages::error_detail.eq(detail),
            );
            diesel::update(held).set(set).keep_plan().execute(tx).await?
        }
        Release::Ended { status, error: (kind, detail) } => {
            let set = (
                no_lease,
                messages::status.eq(status.as_wire()),
                messages::error_kind.eq(kind.as_wire()),
                messages::error_detail.eq(detail),
            );
            diesel::update(held).set(set).keep_plan().execute(tx).await?
        }
    };
    Ok(changed > 0)
}
