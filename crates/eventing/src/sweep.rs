//! Housekeeping of one schema: the event log, the inbox's age, the figures.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use konveksi_db::{Connection, DbError, Pool};
use konveksi_kernel::Clock;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::amqp::backoff::jittered;
use crate::metrics::Metrics;
use crate::relay::error_chain;
use crate::store::{figures, sweep};

/// How often published rows are moved and figures are taken.
const EVERY: Duration = Duration::from_secs(5);
/// How often the slower tables are looked after.
const SLOWLY: Duration = Duration::from_mins(1);
/// Rows moved or deleted by one statement.
const AT_ONCE: i64 = 5_000;
/// How long a copy of an event is recognised as one.
const INBOX_DAYS: i64 = 30;
/// How long told events can be replayed.
const LOG_MONTHS: i32 = 13;

/// Sweeps one service's tables.
pub(crate) struct Sweeper {
    pub(crate) consumer: &'static str,
    pub(crate) pool: Pool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) stop: CancellationToken,
}

impl Sweeper {
    /// Runs until stopped.
    pub(crate) async fn run(self: Arc<Self>) {
        let mut slow_due = Instant::now();
        loop {
            let slow = Instant::now() >= slow_due;
            match self.sweep(slow).await {
                Ok(()) if slow => slow_due = Instant::now() + SLOWLY,
                Ok(()) => {}
                Err(error) => tracing::debug!(error = error_chain(&error), "a sweep was skipped"),
            }
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = sleep(jittered(EVERY)) => {}
            }
        }
    }

    async fn sweep(&self, slow: bool) -> Result<(), DbError> {
        let mut conn = self.pool.get().await?;
        while at_limit(sweep::published_to_log(&mut conn, AT_ONCE).await?)
            && !self.stop.is_cancelled()
        {}
        if slow {
            self.sweep_slowly(&mut conn).await?;
        }
        self.metrics.waiting(&figures::figures(&mut conn).await?);
        Ok(())
    }

    async fn sweep_slowly(&self, conn: &mut Connection) -> Result<(), DbError> {
        let now = self.clock.now();
        sweep::partitions(conn, now, LOG_MONTHS).await?;
        sweep::settled_retries(conn, self.consumer).await?;
        let before = now - TimeDelta::days(INBOX_DAYS);
        while at_limit(sweep::old_inbox(conn, before, AT_ONCE).await?) && !self.stop.is_cancelled()
        {
        }
        Ok(())
    }
}

/// Whether a statement did as much as it may, so that more is likely to wait.
fn at_limit(rows: usize) -> bool {
    i64::try_from(rows).is_ok_and(|rows| rows >= AT_ONCE)
}
