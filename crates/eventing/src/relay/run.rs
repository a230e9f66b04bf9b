//! The relay's loop: keep a link, look for rows, publish them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use konveksi_db::{DbError, Pool, transaction};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::batch::{Outcome, relay_batch};
use crate::amqp::backoff::{Backoff, jittered};
use crate::amqp::link::{BrokerError, Link};
use crate::health::Board;
use crate::metrics::Metrics;
use crate::store::outbox;
use crate::topology;
use crate::wake::Wake;

/// How long an idle relay waits for a wake before it looks by itself.
const IDLE: Duration = Duration::from_millis(250);
/// First and longest pause before the broker is tried again; short, because what waits is to be
/// out within 5 s of the broker's return.
const RECONNECT: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(2));
/// The same for the database.
const DATABASE: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(5));
/// The broker takes others if it confirmed something this recently.
const RECENT: Duration = Duration::from_mins(1);

/// Publishes one service's outbox.
pub(crate) struct Relay {
    pub(crate) amqp_url: String,
    pub(crate) service: &'static str,
    pub(crate) pool: Pool,
    pub(crate) wake: Wake,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) board: Arc<Board>,
    pub(crate) stop: CancellationToken,
}

impl Relay {
    /// Runs until stopped; a batch that was begun is finished.
    pub(crate) async fn run(self: Arc<Self>) {
        let mut pauses = Backoff::new(RECONNECT.0, RECONNECT.1);
        while !self.stop.is_cancelled() {
            let pause = match self.connect().await {
                Ok(link) => {
                    pauses.succeeded();
                    self.board.relay_connected.set(true);
                    tracing::info!("the relay is connected to the broker");
                    let lost = self.serve(&link).await;
                    self.board.relay_connected.set(false);
                    self.board.relay_blocked.set(false);
                    link.close().await;
                    let Some(reason) = lost else { return };
                    tracing::warn!(reason, "the relay lost the broker");
                    self.board.failed(reason);
                    pauses.failed()
                }
                Err(error) => {
                    let reason = error_chain(&error);
                    tracing::warn!(reason, "the relay cannot reach the broker");
                    self.board.failed(reason);
                    pauses.failed()
                }
            };
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = sleep(pause) => {}
            }
        }
    }

    async fn connect(&self) -> Result<Link, BrokerError> {
        let link =
            Link::open_with_confirms(&self.amqp_url, &format!("{} relay", self.service)).await?;
        topology::ensure_exchanges(&link).await?;
        Ok(link)
    }

    /// Publishes over `link` until stopped (`None`) or the link is lost (why).
    async fn serve(&self, link: &Link) -> Option<String> {
        let mut database = Backoff::new(DATABASE.0, DATABASE.1);
        let mut last_confirmed: Option<Instant> = None;
        while !self.stop.is_cancelled() {
            if !link.alive() {
                return Some("the connection is gone".to_owned());
            }
            if self.board.relay_blocked.set(link.blocked()) {
                tracing::warn!(blocked = link.blocked(), "the broker's alarm changed");
            }
            if link.blocked() {
                self.idle(IDLE).await;
                continue;
            }
            let others_pass = last_confirmed.is_some_and(|then| then.elapsed() < RECENT);
            match self.step(link, others_pass).await {
                Ok(outcome) => {
                    database.succeeded();
                    if outcome.published > 0 {
                        last_confirmed = Some(Instant::now());
                    }
                    // A blocked broker will answer late; a silent one is replaced.
                    if outcome.lost.is_some() && !link.blocked() {
                        return outcome.lost;
                    }
                    if !outcome.full {
                        self.idle(jittered(IDLE)).await;
                    }
                }
                Err(error) => {
                    tracing::warn!(
                        error = error_chain(&error),
                        "the relay cannot use the database"
                    );
                    self.idle(database.failed()).await;
                }
            }
        }
        None
    }

    async fn step(&self, link: &Link, others_pass: bool) -> Result<Outcome, DbError> {
        let mut conn = self.pool.get().await?;
        if !outbox::any_waiting(&mut conn).await? {
            return Ok(Outcome::default());
        }
        transaction(&mut conn, async |tx| relay_batch(tx, link, &self.metrics, others_pass).await)
            .await
    }

    async fn idle(&self, pause: Duration) {
        tokio::select! {
            () = self.stop.cancelled() => {}
            () = self.wake.relay_woken() => {}
            () = sleep(pause) => {}
        }
    }
}

/// An error and its sources in one line.
pub(crate) fn error_chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
