//! One transaction of the relay: lock rows, publish them, mark what the broker said.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use konveksi_db::{Connection, DbError};
use uuid::Uuid;

use super::publish::{Word, publish};
use crate::amqp::backoff::doubled;
use crate::amqp::link::Link;
use crate::envelope::Envelope;
use crate::metrics::Metrics;
use crate::store::outbox::{self, PutOff, StoredEvent};

/// Rows published at once.
const BATCH: i64 = 200;
/// Refusals after which a row is parked, if the broker takes others meanwhile.
const PARK_AFTER: i32 = 20;
const FIRST_REST: Duration = Duration::from_millis(250);
const LONGEST_REST: Duration = Duration::from_secs(30);

/// What came of one batch.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Rows the broker has now.
    pub(crate) published: usize,
    /// Whether the batch was full, so that more is likely to wait.
    pub(crate) full: bool,
    /// Why the link must be replaced, if it must.
    pub(crate) lost: Option<String>,
}

/// Publishes one batch over `link`, within the transaction `tx`.
pub(crate) async fn relay_batch(
    tx: &mut Connection,
    link: &Link,
    metrics: &Metrics,
    others_pass: bool,
) -> Result<Outcome, DbError> {
    let rows = outbox::claim(tx, BATCH).await?;
    if rows.is_empty() {
        return Ok(Outcome::default());
    }
    let full = i64::try_from(rows.len()).unwrap_or(BATCH) == BATCH;
    let (claimed, events) = readable(tx, rows).await?;
    let started = Instant::now();
    let words = publish(link, &events).await;
    let outcome = mark(tx, &claimed, &words, others_pass).await?;
    let count = |wanted: fn(&Word) -> bool| words.values().filter(|word| wanted(word)).count();
    metrics.batch(
        started.elapsed(),
        u64::try_from(count(|word| matches!(word, Word::Nacked))).unwrap_or(0),
        u64::try_from(count(|word| matches!(word, Word::Returned(_)))).unwrap_or(0),
    );
    Ok(Outcome { full, ..outcome })
}

/// A claimed row: its seq, event id and refusals so far.
type Claimed = (i64, Uuid, i32);

/// The events of `rows`. A row that cannot be read is parked, or it would hold up all others.
async fn readable(
    tx: &mut Connection,
    rows: Vec<StoredEvent>,
) -> Result<(Vec<Claimed>, Vec<Envelope>), DbError> {
    let mut claimed = Vec::with_capacity(rows.len());
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        let (seq, id, attempts) = (row.seq, row.id, row.attempts);
        match row.into_envelope() {
            Ok(event) => {
                claimed.push((seq, id, attempts));
                events.push(event);
            }
            Err(error) => put_off(tx, seq, attempts, &error.to_string(), true).await?,
        }
    }
    Ok((claimed, events))
}

/// Writes the broker's words to the rows.
async fn mark(
    tx: &mut Connection,
    claimed: &[Claimed],
    words: &HashMap<Uuid, Word>,
    others_pass: bool,
) -> Result<Outcome, DbError> {
    let mut published = Vec::with_capacity(claimed.len());
    let mut unknown = Vec::new();
    let mut lost = None;
    for (seq, id, attempts) in claimed {
        match words.get(id) {
            Some(Word::Confirmed) => published.push(*seq),
            Some(Word::Returned(reason)) => {
                // It waits for a hearer's queue, not for the broker: a person has to look.
                let park = *attempts + 1 >= PARK_AFTER && others_pass;
                put_off(tx, *seq, *attempts, reason, park).await?;
            }
            // A full queue empties; parking would only hide the pressure.
            Some(Word::Nacked) => put_off(tx, *seq, *attempts, "nacked", false).await?,
            Some(Word::Unknown(reason)) => {
                unknown.push(*seq);
                lost = Some(reason.clone());
            }
            None => unknown.push(*seq),
        }
    }
    if !published.is_empty() {
        outbox::mark_published(tx, &published).await?;
    }
    if !unknown.is_empty() {
        let reason = lost.get_or_insert_with(|| "no word from the broker".to_owned());
        outbox::mark_unconfirmed(tx, &unknown, reason).await?;
    }
    Ok(Outcome { published: published.len(), full: false, lost })
}

async fn put_off(
    tx: &mut Connection,
    seq: i64,
    attempts: i32,
    error: &str,
    park: bool,
) -> Result<(), DbError> {
    let rest = doubled(FIRST_REST, u32::try_from(attempts).unwrap_or(0), LONGEST_REST);
    let rest_ms = i64::try_from(rest.as_millis()).unwrap_or(30_000);
    if park {
        tracing::error!(outbox.seq = seq, error, "an event was parked, somebody must look at it");
    } else {
        tracing::warn!(outbox.seq = seq, error, "the broker refused an event, trying again");
    }
    outbox::put_off(tx, &PutOff { seq, error, rest_ms, park }).await
}
