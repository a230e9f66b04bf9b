//! The service's own queue: take what is there, let the engine settle it, acknowledge.
//!
//! A message that kills the process is counted by the broker, and so is all that was sent ahead
//! with it. So a session begins carefully, one message at a time, until it meets one that was
//! never delivered before: only the killer reaches the delivery limit.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt as _, StreamExt as _};
use konveksi_db::DbError;
use lapin::message::Delivery;
use lapin::options::{BasicAckOptions, BasicConsumeOptions, BasicQosOptions, BasicRejectOptions};
use lapin::types::FieldTable;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::engine::Engine;
use super::prepared::{Prepared, Tracing};
use crate::amqp::backoff::Backoff;
use crate::amqp::link::{BrokerError, Link};
use crate::amqp::message;
use crate::health::Board;
use crate::relay::error_chain;
use crate::topology::{self, queue_name};

/// Messages the broker sends ahead.
const PREFETCH: u16 = 64;
/// Events applied in one transaction at most.
const BATCH: usize = 32;
/// How often a quiet consumer looks whether its connection still stands.
const LOOK: Duration = Duration::from_secs(5);
/// First and longest pause before the broker is tried again.
const RECONNECT: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(2));
/// First and longest pause before a missing database is looked for.
const PROBE: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(5));

/// Feeds the engine from `kv.<service>`.
pub(crate) struct Session<App> {
    pub(crate) amqp_url: String,
    pub(crate) engine: Arc<Engine<App>>,
    pub(crate) board: Arc<Board>,
    pub(crate) stop: CancellationToken,
}

impl<App: Send + Sync + 'static> Session<App> {
    /// Runs until stopped; a batch that was begun is finished.
    pub(crate) async fn run(self: Arc<Self>) {
        let mut pauses = Backoff::new(RECONNECT.0, RECONNECT.1);
        while !self.stop.is_cancelled() {
            let ended = self.connect_and_consume(&mut pauses).await;
            self.board.consumer_connected.set(false);
            let Err(error) = ended else { return };
            let reason = error_chain(&error);
            tracing::warn!(reason, "the consumer lost the broker");
            self.board.failed(reason);
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = sleep(pauses.failed()) => {}
            }
        }
    }

    async fn connect_and_consume(&self, pauses: &mut Backoff) -> Result<(), BrokerError> {
        let name = format!("{} consumer", self.engine.consumer);
        let link = Link::open(&self.amqp_url, &name).await?;
        topology::ensure_own_queue(&link, self.engine.consumer).await?;
        pauses.succeeded();
        let ended = match self.consume(&link, Pace::Careful).await {
            Ok(Ended::MetNewMessage) => self.consume(&link, Pace::Full).await,
            other => other,
        };
        // Closing gives back what was not acknowledged.
        link.close().await;
        ended.map(|_stopped| ())
    }

    async fn consume(&self, link: &Link, pace: Pace) -> Result<Ended, BrokerError> {
        let (channel, queue) = (link.another_channel().await?, queue_name(self.engine.consumer));
        let (prefetch, batch_size) = match pace {
            Pace::Careful => (1, 1),
            Pace::Full => (PREFETCH, BATCH),
        };
        channel.basic_qos(prefetch, BasicQosOptions::default()).await?;
        let options = BasicConsumeOptions { no_ack: false, ..BasicConsumeOptions::default() };
        // Fused: the end of the stream is told once and must not be missed within a batch.
        let mut deliveries = channel
            .basic_consume(queue.as_str().into(), "".into(), options, FieldTable::default())
            .await?
            .fuse();
        if self.board.consumer_connected.set(true) {
            tracing::info!(queue, "the consumer listens");
        }
        loop {
            let first = tokio::select! {
                () = self.stop.cancelled() => return Ok(Ended::Stopped),
                delivery = deliveries.next() => delivery,
                () = sleep(LOOK) => {
                    if link.alive() && channel.status().connected() {
                        continue;
                    }
                    return Err(BrokerError::Lost);
                }
            };
            // A stream that ends means the queue was deleted; the connection says nothing of it.
            let Some(first) = first else { return Err(BrokerError::ConsumerEnded(queue)) };
            let mut batch = vec![first?];
            while batch.len() < batch_size
                && let Some(Some(next)) = deliveries.next().now_or_never()
            {
                batch.push(next?);
            }
            if !self.handle(link, &batch).await? {
                return Ok(Ended::Stopped);
            }
            if pace == Pace::Careful && batch.iter().any(|delivery| !delivery.redelivered) {
                // What was sent ahead meanwhile, one message at most, must come again.
                channel.close(200, "going on at full pace".into()).await?;
                return Ok(Ended::MetNewMessage);
            }
        }
    }

    /// Settles `batch` and acknowledges it; false when stopped before the database came back.
    async fn handle(&self, link: &Link, batch: &[Delivery]) -> Result<bool, BrokerError> {
        let mut events = Vec::with_capacity(batch.len());
        let mut last = None;
        for delivery in batch {
            match self.read(delivery) {
                Reading::Ready(event) => events.push(*event),
                Reading::Nobody => {}
                Reading::Undecodable => {
                    // The broker puts it into the dead queue.
                    delivery.reject(BasicRejectOptions { requeue: false }).await?;
                    continue;
                }
            }
            last = Some(delivery);
        }
        let settled = self.settle(link, &events).await?;
        if let (true, Some(last)) = (settled, last) {
            last.ack(BasicAckOptions { multiple: true }).await?;
        }
        Ok(settled)
    }

    /// Lets the engine settle `events`, holding on to them while the database is away.
    ///
    /// They are neither acknowledged nor given back meanwhile: each time a message is given back
    /// counts towards the queue's delivery limit, and it is not the message that is at fault.
    async fn settle(&self, link: &Link, events: &[Prepared<'_, App>]) -> Result<bool, BrokerError> {
        let mut pauses = Backoff::new(PROBE.0, PROBE.1);
        while let Err(error) = self.engine.settle(events).await {
            self.database_away(&error);
            loop {
                tokio::select! {
                    () = self.stop.cancelled() => return Ok(false),
                    () = sleep(pauses.failed()) => {}
                }
                if !link.alive() {
                    return Err(BrokerError::Lost);
                }
                if self.engine.pool.ping().await.is_ok() {
                    break;
                }
            }
        }
        self.board.waits_for_database.set(false);
        Ok(true)
    }

    fn database_away(&self, error: &DbError) {
        let reason = error_chain(error);
        if self.board.waits_for_database.set(true) {
            tracing::warn!(reason, "the consumer waits for the database");
        }
        self.board.failed(reason);
    }

    fn read(&self, delivery: &Delivery) -> Reading<'_, App> {
        let tracing = if message::is_replay(delivery) { Tracing::Link } else { Tracing::Continue };
        let envelope = match message::envelope(delivery) {
            Ok(envelope) => envelope,
            Err(error) => return self.undecodable(&error),
        };
        match self.engine.prepare(envelope, tracing) {
            Some(Ok(event)) => Reading::Ready(Box::new(event)),
            Some(Err(error)) => self.undecodable(&error),
            None => {
                let event = delivery.routing_key.as_str();
                tracing::debug!(event.r#type = event, "nobody here hears this event");
                self.engine.metrics.unknown_type();
                Reading::Nobody
            }
        }
    }

    fn undecodable(&self, error: &dyn std::error::Error) -> Reading<'_, App> {
        let reason = error_chain(error);
        tracing::error!(reason, "a message is no event, it goes to the dead queue");
        self.engine.metrics.undecodable();
        Reading::Undecodable
    }
}

/// How much is taken at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    /// One message, and no other sent ahead.
    Careful,
    /// Batches.
    Full,
}

/// Why consuming ended without an error.
enum Ended {
    /// The service stops.
    Stopped,
    /// Nothing that was delivered before is left.
    MetNewMessage,
}

/// What a delivery turned out to be.
enum Reading<'h, App> {
    Ready(Box<Prepared<'h, App>>),
    Nobody,
    Undecodable,
}
