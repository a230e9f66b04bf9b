//! The retry worker: events that failed come again when they are due.

use std::sync::Arc;
use std::time::Duration;

use konveksi_db::{Connection, DbError, transaction};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::engine::{Engine, report};
use super::prepared::Tracing;
use super::schedule::next_try;
use crate::amqp::backoff::jittered;
use crate::handlers::HandlerError;
use crate::relay::error_chain;
use crate::store::retry::{self, Due, FailedTry};

/// How often the worker looks.
const POLL: Duration = Duration::from_secs(1);

/// Tries again what is due, one event a transaction.
pub(crate) struct RetryWorker<App> {
    pub(crate) engine: Arc<Engine<App>>,
    pub(crate) stop: CancellationToken,
}

/// Why a try did not succeed.
enum Trouble {
    Db(DbError),
    Event(Box<(Due, HandlerError)>),
}

impl From<DbError> for Trouble {
    fn from(error: DbError) -> Trouble {
        Trouble::Db(error)
    }
}

impl<App: Send + Sync + 'static> RetryWorker<App> {
    /// Runs until stopped.
    pub(crate) async fn run(self: Arc<Self>) {
        loop {
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = sleep(jittered(POLL)) => {}
            }
            if let Err(error) = self.run_due().await {
                tracing::debug!(error = error_chain(&error), "retries wait for the database");
            }
        }
    }

    async fn run_due(&self) -> Result<(), DbError> {
        let mut conn = self.engine.pool.get().await?;
        while !self.stop.is_cancelled() {
            match transaction(&mut conn, async |tx| self.try_one(tx).await).await {
                Ok(true) => self.engine.committed(),
                Ok(false) => return Ok(()),
                Err(Trouble::Db(error)) => return Err(error),
                Err(Trouble::Event(failed)) => {
                    let (due, error) = *failed;
                    self.note_failure(&mut conn, &due, error).await?;
                }
            }
        }
        Ok(())
    }

    /// Tries the event that has been due longest; false when none is.
    async fn try_one(&self, tx: &mut Connection) -> Result<bool, Trouble> {
        let engine = &self.engine;
        let Some(due) = retry::claim(tx, engine.consumer, engine.clock.now()).await? else {
            return Ok(false);
        };
        let event = match self.prepare(&due) {
            Ok(event) => event,
            Err(error) => return Err(Trouble::Event(Box::new((due, error)))),
        };
        match engine.effects(tx, std::slice::from_ref(&event)).await {
            Ok(_new) => {
                retry::remove(tx, engine.consumer, due.id).await?;
                Ok(true)
            }
            Err(error) => Err(Trouble::Event(Box::new((due, error)))),
        }
    }

    fn prepare(&self, due: &Due) -> Result<super::prepared::Prepared<'_, App>, HandlerError> {
        let envelope = due.envelope.clone().map_err(HandlerError::Refuse)?;
        match self.engine.prepare(envelope, Tracing::Link) {
            Some(prepared) => prepared.map_err(|error| HandlerError::Refuse(error_chain(&error))),
            None => Err(HandlerError::Refuse("nobody here hears this event".to_owned())),
        }
    }

    async fn note_failure(
        &self,
        conn: &mut Connection,
        due: &Due,
        error: HandlerError,
    ) -> Result<(), DbError> {
        let error = match error {
            HandlerError::Db(away @ DbError::Unavailable(_)) => return Err(away),
            other => other,
        };
        let now = self.engine.clock.now();
        let failures = usize::try_from(due.attempts).unwrap_or(usize::MAX).saturating_add(1);
        let due_at = next_try(&error, failures, now);
        let words = error_chain(&error);
        let event_type =
            due.envelope.as_ref().map_or("?", |event| event.attributes.event_type.as_str());
        report(due.id, event_type, &words, due_at.is_some());
        let failed = FailedTry {
            consumer: self.engine.consumer,
            id: due.id,
            attempts: due.attempts,
            now,
            due_at,
            error: &words,
        };
        retry::failed_again(conn, &failed).await
    }
}
