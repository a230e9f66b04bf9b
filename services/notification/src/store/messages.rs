//! Messages as they are written: kept once per deduplication key, counted, and blanked.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::{CustomerId, NotificationId};
use konveksi_telemetry::TraceContext;
use uuid::Uuid;

use super::schema::messages;
use crate::domain::delivery::{ErrorKind, Status};
use crate::domain::invoice::InvoiceKind;
use crate::domain::message::NewMessage;
use crate::domain::recipient::Recipient;

#[derive(Insertable)]
#[diesel(table_name = messages)]
struct NewRow<'a> {
    id: Uuid,
    dedup_key: &'a str,
    template_id: Option<Uuid>,
    template_name: &'a str,
    template_type: &'static str,
    channel: &'static str,
    customer_id: Option<Uuid>,
    recipient: &'a str,
    subject: &'a str,
    body: &'a str,
    order_id: Option<Uuid>,
    order_code: &'a str,
    invoice_id: Option<Uuid>,
    invoice_kind: Option<&'static str>,
    origin: &'static str,
    status: &'static str,
    due_at: DateTime<Utc>,
    error_kind: Option<&'static str>,
    trace: serde_json::Value,
    created_at: DateTime<Utc>,
}

impl<'a> NewRow<'a> {
    fn of(message: &'a NewMessage, trace: serde_json::Value) -> NewRow<'a> {
        let about = &message.about;
        let status = if message.refused.is_some() { Status::Failed } else { Status::Queued };
        NewRow {
            id: message.id.as_uuid(),
            dedup_key: &message.dedup_key,
            template_id: message.template_id.map(|id| id.as_uuid()),
            template_name: &message.template_name,
            template_type: message.template_type.as_wire(),
            channel: message.channel.as_wire(),
            customer_id: about.customer_id.map(|id| id.as_uuid()),
            recipient: message.recipient.as_ref().map_or("", Recipient::as_stored),
            subject: &message.subject,
            body: &message.body,
            order_id: about.order_id.map(|id| id.as_uuid()),
            order_code: &about.order_code,
            invoice_id: about.invoice_id.map(|id| id.as_uuid()),
            invoice_kind: about.invoice_kind.map(InvoiceKind::as_wire),
            origin: message.origin.as_wire(),
            status: status.as_wire(),
            due_at: message.created_at,
            error_kind: message.refused.map(ErrorKind::as_wire),
            trace,
            created_at: message.created_at,
        }
    }
}

/// PostgreSQL takes 65,535 parameters in one statement.
const ROWS_AT_ONCE: usize = 500;

/// Stores messages, leaving out those whose deduplication key is there already; with the trace
/// that is current now. Answers the ids that are new.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn insert(
    tx: &mut Connection,
    written: &[NewMessage],
) -> Result<Vec<NotificationId>, DbError> {
    // Two texts at most: nothing that could fail to become JSON.
    let trace = serde_json::to_value(TraceContext::current()).unwrap_or_default();
    let mut ids = Vec::with_capacity(written.len());
    for chunk in written.chunks(ROWS_AT_ONCE) {
        let rows: Vec<NewRow<'_>> =
            chunk.iter().map(|message| NewRow::of(message, trace.clone())).collect();
        let fresh: Vec<Uuid> = diesel::insert_into(messages::table)
            .values(&rows)
            .on_conflict(messages::dedup_key)
            .do_nothing()
            .returning(messages::id)
            .get_results(tx)
            .await?;
        ids.extend(fresh.into_iter().map(NotificationId::from_uuid));
    }
    Ok(ids)
}

/// Blanks the person in every message of a customer and in those to their `addresses`, and gives
/// up the ones not yet sent.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn erase(
    tx: &mut Connection,
    customer_id: CustomerId,
    addresses: &[String],
) -> Result<(), DbError> {
    let theirs =
        messages::customer_id.eq(customer_id.as_uuid()).or(messages::recipient.eq_any(addresses));
    let unsent = [Status::Queued.as_wire(), Status::Sending.as_wire()];
    diesel::update(messages::table.filter(theirs.clone()).filter(messages::status.eq_any(unsent)))
        .set((
            messages::status.eq(Status::Failed.as_wire()),
            messages::lease_until.eq(None::<DateTime<Utc>>),
            messages::error_kind.eq(ErrorKind::Erased.as_wire()),
        ))
        .execute(tx)
        .await?;
    diesel::update(messages::table.filter(theirs))
        .set((messages::recipient.eq(""), messages::subject.eq(""), messages::body.eq("")))
        .execute(tx)
        .await?;
    Ok(())
}
