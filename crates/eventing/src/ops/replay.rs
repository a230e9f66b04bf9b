//! Telling again what was told: events of the log go to one queue, with their own ids, so that
//! the hearer's inbox stops what it knows already.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use futures_util::future::try_join_all;
use konveksi_db::{Connection, DbError};
use lapin::options::BasicPublishOptions;
use lapin::types::ShortString;
use thiserror::Error;
use uuid::Uuid;

use crate::amqp::link::{BrokerError, Link, within};
use crate::amqp::message::replay_properties;
use crate::envelope::Envelope;
use crate::store::outbox::StoredEvent;

const BATCH: i64 = 200;
const PATIENCE: Duration = Duration::from_secs(10);

/// Which told events are meant; what is absent does not narrow.
#[derive(Debug, Clone, Default)]
pub struct ReplayFilter {
    /// Only these types; empty means all.
    pub types: Vec<String>,
    /// Only what occurred at or after this instant.
    pub from: Option<DateTime<Utc>>,
    /// Only what occurred before this instant.
    pub until: Option<DateTime<Utc>>,
    /// Only what is about this thing.
    pub subject: Option<Uuid>,
}

/// Why a replay stopped.
#[derive(Debug, Error)]
pub enum ReplayError {
    /// The log could not be read.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The broker did not take an event.
    #[error(transparent)]
    Broker(#[from] BrokerError),
}

/// Published rows, in the log or still in the outbox, after a seq.
const PAGE: &str = "
    SELECT seq, id, aggregate_type, aggregate_id, aggregate_version, event_type, payload, headers,
           occurred_at, attempts
    FROM (SELECT seq, id, aggregate_type, aggregate_id, aggregate_version, event_type, payload,
                 headers, occurred_at, attempts
          FROM event_log
          UNION ALL
          SELECT seq, id, aggregate_type, aggregate_id, aggregate_version, event_type, payload,
                 headers, occurred_at, attempts
          FROM outbox WHERE published_at IS NOT NULL) AS told
    WHERE seq > $1 AND (cardinality($2) = 0 OR event_type = ANY($2))
      AND ($3 IS NULL OR occurred_at >= $3) AND ($4 IS NULL OR occurred_at < $4)
      AND ($5 IS NULL OR aggregate_id = $5)
    ORDER BY seq LIMIT $6";

/// Sends the told events that `filter` means to `queue`, in the order they were written; answers
/// how many. `conn` is on the teller's schema, `url` is that of a user who may publish to any
/// queue.
///
/// # Errors
/// [`ReplayError`]; what was sent before stays sent, and sending it again does no harm.
pub async fn replay(
    conn: &mut Connection,
    url: &str,
    filter: &ReplayFilter,
    queue: &str,
) -> Result<u64, ReplayError> {
    let link = Link::open_with_confirms(url, "replay").await?;
    let (mut after, mut sent) = (0_i64, 0_u64);
    loop {
        let rows = page(conn, filter, after).await?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        let events =
            rows.into_iter().map(StoredEvent::into_envelope).collect::<Result<Vec<_>, _>>()?;
        let sending = events.iter().map(|event| send(&link, queue, event));
        sent += u64::try_from(try_join_all(sending).await?.len()).unwrap_or(0);
    }
    link.close().await;
    Ok(sent)
}

async fn page(
    conn: &mut Connection,
    filter: &ReplayFilter,
    after: i64,
) -> Result<Vec<StoredEvent>, DbError> {
    Ok(diesel::sql_query(PAGE)
        .bind::<BigInt, _>(after)
        .bind::<Array<Text>, _>(&filter.types)
        .bind::<Nullable<Timestamptz>, _>(filter.from)
        .bind::<Nullable<Timestamptz>, _>(filter.until)
        .bind::<Nullable<SqlUuid>, _>(filter.subject)
        .bind::<BigInt, _>(BATCH)
        .load(conn)
        .await?)
}

async fn send(link: &Link, queue: &str, event: &Envelope) -> Result<(), BrokerError> {
    let refused = || BrokerError::Refused(queue.to_owned());
    let key = ShortString::try_new(queue).map_err(|_too_long| refused())?;
    let options = BasicPublishOptions { mandatory: true, immediate: false };
    let properties = replay_properties(&event.attributes);
    let publishing = async {
        link.channel().basic_publish("".into(), key, options, &event.body, properties).await?.await
    };
    let confirmation = within(PATIENCE, publishing).await?;
    // A queue that does not exist returns the message and confirms it all the same.
    if confirmation.is_ack() && confirmation.take_message().is_none() {
        Ok(())
    } else {
        Err(refused())
    }
}
