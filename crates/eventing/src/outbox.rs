//! Telling: an event becomes a row in the transaction of the change it tells.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Binary, Jsonb, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use konveksi_contracts::EventMessage;
use konveksi_db::{Connection, DbError, kept};
use konveksi_kernel::EventId;
use konveksi_kernel::ids::uuid_v7_at;
use konveksi_telemetry::TraceContext;
use uuid::Uuid;

use crate::cause::Cause;
use crate::envelope::{Attributes, Envelope};
use crate::store::headers::Headers;
use crate::told;

/// The thing an event is about, as it is after the change.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// What kind of thing, such as `order`.
    pub kind: &'static str,
    /// Which one.
    pub id: Uuid,
    /// Its version, read from its row after the row was locked and changed. The same fact about
    /// the same version cannot be told twice.
    pub version: i64,
}

const APPEND: &str = "
    INSERT INTO outbox (id, aggregate_type, aggregate_id, aggregate_version, event_type,
                        routing_key, payload, headers, occurred_at)
    VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8)";

/// Writes `message` to the outbox within `tx`; the relay publishes it once `tx` has committed.
/// `now` is business time. The current trace and the event being handled, if any, go along.
///
/// The envelope is for express delivery; nobody else needs it.
///
/// # Errors
/// [`DbError::UniqueViolation`] when this fact about this version was told already,
/// [`DbError::CheckViolation`] when the message is larger than 256 KiB, or any other [`DbError`].
pub async fn append<E: EventMessage>(
    tx: &mut Connection,
    now: DateTime<Utc>,
    subject: Subject,
    message: &E,
) -> Result<Envelope, DbError> {
    let id = EventId::from_uuid(uuid_v7_at(now));
    let cause = Cause::current();
    let attributes = Attributes {
        id,
        event_type: E::TYPE.to_owned(),
        producer: E::PRODUCER.to_owned(),
        subject_kind: subject.kind.to_owned(),
        subject: subject.id,
        version: subject.version,
        occurred_at: now,
        correlation: cause.correlation.unwrap_or(id.as_uuid()),
        causation: cause.causation,
        actor: cause.actor,
        trace: TraceContext::current(),
    };
    let envelope = Envelope { attributes, body: message.encode_to_vec() };
    insert(tx, &envelope).await?;
    Ok(envelope)
}

/// Most events that [`recent`] answers.
const RECENT: i64 = 4;

/// The last few events about a thing, oldest first, as far as they were told within moments: a
/// hearer that is asked about the thing right now may not have met them yet, and takes them as an
/// express delivery.
///
/// # Errors
/// [`DbError`].
pub async fn recent(conn: &mut Connection, kind: &str, id: Uuid) -> Result<Vec<Envelope>, DbError> {
    let stored = crate::store::outbox::recent(conn, (kind, id), RECENT).await?;
    stored.into_iter().rev().map(crate::store::outbox::StoredEvent::into_envelope).collect()
}

async fn insert(tx: &mut Connection, envelope: &Envelope) -> Result<(), DbError> {
    let attributes = &envelope.attributes;
    kept(APPEND)
        .bind::<SqlUuid, _>(attributes.id.as_uuid())
        .bind::<Text, _>(&attributes.subject_kind)
        .bind::<SqlUuid, _>(attributes.subject)
        .bind::<BigInt, _>(attributes.version)
        .bind::<Text, _>(&attributes.event_type)
        .bind::<Binary, _>(&envelope.body)
        .bind::<Jsonb, _>(Headers::of(attributes).to_json())
        .bind::<Timestamptz, _>(attributes.occurred_at)
        .execute(tx)
        .await?;
    told::one_more();
    Ok(())
}
