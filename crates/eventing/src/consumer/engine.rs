//! Applying events: the inbox row, the effect and what the effect tells commit together.

use std::collections::HashSet;
use std::sync::Arc;

use konveksi_db::{Connection, DbError, Pool, transaction};
use konveksi_kernel::Clock;
use thiserror::Error;
use uuid::Uuid;

use super::prepared::{Prepared, Tracing};
use super::schedule::next_try;
use crate::envelope::{Envelope, EnvelopeError};
use crate::handlers::{HandlerError, Handlers};
use crate::metrics::Metrics;
use crate::store::inbox;
use crate::store::retry::{self, Failure};
use crate::told;
use crate::wake::Wake;

/// What came of an express delivery.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Events that had their effect now.
    pub applied: usize,
    /// Events that had had it before.
    pub duplicates: usize,
    /// Events nobody here hears.
    pub unknown: usize,
    /// Events that failed; the broker's copy tries again.
    pub failed: usize,
}

/// Why an express delivery was not taken at all.
#[derive(Debug, Error)]
pub enum AcceptError {
    /// Something in it is not an event.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The database is away; the broker's copies will be applied later.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Applies events for one consumer.
pub(crate) struct Engine<App> {
    /// The inbox's consumer name: the service.
    pub(crate) consumer: &'static str,
    pub(crate) app: Arc<App>,
    pub(crate) handlers: Handlers<App>,
    pub(crate) pool: Pool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) wake: Wake,
}

impl<App: Send + Sync + 'static> Engine<App> {
    /// Reads `envelope`; `None` when nobody here hears it.
    pub(crate) fn prepare(
        &self,
        envelope: Envelope,
        tracing: Tracing,
    ) -> Option<Result<Prepared<'_, App>, EnvelopeError>> {
        let work = self.handlers.read(&envelope)?;
        Some(work.map(|work| Prepared { envelope, work, tracing }))
    }

    /// Applies `events`, together if possible, else one by one; what fails is kept in the
    /// database. After `Ok` each of them is settled for good and may be acknowledged.
    ///
    /// # Errors
    /// [`DbError`] when the database cannot say: nothing may be acknowledged then.
    pub(crate) async fn settle(&self, events: &[Prepared<'_, App>]) -> Result<(), DbError> {
        if let [event] = events {
            return self.settle_one(event).await;
        }
        match self.apply(events).await {
            Ok(_applied) => Ok(()),
            Err(HandlerError::Db(error @ DbError::Unavailable(_))) => Err(error),
            Err(error) => {
                tracing::debug!(%error, count = events.len(), "a batch failed, now one by one");
                for event in events {
                    self.settle_one(event).await?;
                }
                Ok(())
            }
        }
    }

    async fn settle_one(&self, event: &Prepared<'_, App>) -> Result<(), DbError> {
        match self.apply(std::slice::from_ref(event)).await {
            Ok(_applied) => Ok(()),
            Err(HandlerError::Db(error @ DbError::Unavailable(_))) => Err(error),
            Err(error) => self.keep(event, &error).await,
        }
    }

    /// Applies an express delivery. A failure is not kept: the broker's copy comes anyway.
    ///
    /// # Errors
    /// [`AcceptError`].
    pub(crate) async fn accept(&self, events: Vec<Envelope>) -> Result<Accepted, AcceptError> {
        let mut accepted = Accepted::default();
        for envelope in events {
            let Some(prepared) = self.prepare(envelope, Tracing::Continue) else {
                accepted.unknown += 1;
                continue;
            };
            let prepared = prepared?;
            match self.apply(std::slice::from_ref(&prepared)).await {
                Ok(0) => accepted.duplicates += 1,
                Ok(_) => accepted.applied += 1,
                Err(HandlerError::Db(error @ DbError::Unavailable(_))) => return Err(error.into()),
                Err(error) => {
                    let event = prepared.event_type();
                    tracing::warn!(%error, event.r#type = event, "an express event failed");
                    accepted.failed += 1;
                }
            }
        }
        Ok(accepted)
    }

    /// Applies all of `events` or none; answers how many were new.
    async fn apply(&self, events: &[Prepared<'_, App>]) -> Result<usize, HandlerError> {
        if events.is_empty() {
            return Ok(0);
        }
        let mut conn = self.pool.get().await?;
        let told_before = told::count();
        let applied = transaction(&mut conn, async |tx| self.effects(tx, events).await).await?;
        self.metrics.applied(applied, events.len().saturating_sub(applied));
        if applied > 0 {
            self.handlers.committed(&self.app);
            // Most effects tell nothing, and a look for nothing is a query.
            if told::count() != told_before {
                self.wake.relay();
            }
        }
        Ok(applied)
    }

    /// Notes `events` in the inbox and applies those that are new, within `tx`.
    pub(crate) async fn effects(
        &self,
        tx: &mut Connection,
        events: &[Prepared<'_, App>],
    ) -> Result<usize, HandlerError> {
        let now = self.clock.now();
        let arrived: Vec<(Uuid, &str)> =
            events.iter().map(|event| (event.id(), event.event_type())).collect();
        let mut new: HashSet<Uuid> =
            inbox::insert(tx, self.consumer, &arrived, now).await?.into_iter().collect();
        let count = new.len();
        // Removing an id as it is applied also stops a second copy within the same batch.
        for event in events {
            if new.remove(&event.id()) {
                event.apply(&self.app, tx).await?;
                self.metrics.lag(now - event.envelope.attributes.occurred_at);
            }
        }
        Ok(count)
    }

    /// Tells the service and the relay that there may be work.
    pub(crate) fn committed(&self) {
        self.handlers.committed(&self.app);
        self.wake.relay();
    }

    /// Keeps an event that failed, for a later try or for a person.
    async fn keep(&self, event: &Prepared<'_, App>, error: &HandlerError) -> Result<(), DbError> {
        let now = self.clock.now();
        let due_at = next_try(error, 1, now);
        let words = crate::relay::error_chain(error);
        report(event.id(), event.event_type(), &words, due_at.is_some());
        let failure = Failure {
            consumer: self.consumer,
            envelope: &event.envelope,
            now,
            due_at,
            error: &words,
        };
        let mut conn = self.pool.get().await?;
        retry::keep(&mut conn, &failure).await
    }
}

/// Says once what became of an event that failed.
pub(super) fn report(id: Uuid, event_type: &str, error: &str, again: bool) {
    if again {
        tracing::warn!(event.id = %id, event.r#type = event_type, error, "an event will be tried again");
    } else {
        tracing::error!(event.id = %id, event.r#type = event_type, error, "an event was parked");
    }
}
