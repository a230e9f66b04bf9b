//! Listening without an inbox: a gateway replica hears events as they pass and keeps nothing.
//!
//! Its queue dies with its connection, so that a lost link is a gap: whoever listens is told and
//! fetches afresh.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use lapin::options::BasicConsumeOptions;
use lapin::types::FieldTable;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::amqp::backoff::Backoff;
use crate::amqp::link::{BrokerError, Link};
use crate::amqp::message;
use crate::envelope::Envelope;
use crate::health::Flag;
use crate::relay::error_chain;
use crate::topology::declare_replica_queue;

const RECONNECT: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(2));
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// What a listener is told.
#[derive(Debug, Clone)]
pub enum Heard {
    /// The link stands, for the first time or again; events before it may have been missed.
    Connected,
    /// An event.
    Event(Box<Envelope>),
}

/// What a listener needs.
pub struct ListenerSettings {
    /// The broker's address with the gateway's own user.
    pub amqp_url: SecretString,
    /// What tells this replica from others, such as a random word; part of its queue's name.
    pub instance: String,
}

/// Hears the gateway's events until stopped or dropped.
pub struct Listener {
    stop: CancellationToken,
    connected: Arc<Flag>,
    task: JoinHandle<()>,
}

impl Listener {
    /// Starts to listen; `told` is called for each event, in the order of arrival, and must not
    /// block. Must be called within tokio.
    pub fn start(
        settings: ListenerSettings,
        told: impl Fn(Heard) + Send + Sync + 'static,
    ) -> Listener {
        let (stop, connected) = (CancellationToken::new(), Arc::new(Flag::default()));
        let task = tokio::spawn(run(settings, told, stop.clone(), connected.clone()));
        Listener { stop, connected, task }
    }

    /// Whether events arrive now.
    pub fn is_connected(&self) -> bool {
        self.connected.get()
    }

    /// Stops listening.
    pub async fn shutdown(mut self) {
        self.stop.cancel();
        if timeout(STOP_WITHIN, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn run(
    settings: ListenerSettings,
    told: impl Fn(Heard) + Send + Sync,
    stop: CancellationToken,
    connected: Arc<Flag>,
) {
    let mut pauses = Backoff::new(RECONNECT.0, RECONNECT.1);
    while !stop.is_cancelled() {
        let ended = tokio::select! {
            () = stop.cancelled() => return,
            ended = listen(&settings, &told, &connected, &mut pauses) => ended,
        };
        connected.set(false);
        if let Err(error) = ended {
            tracing::warn!(reason = error_chain(&error), "the listener lost the broker");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = sleep(pauses.failed()) => {}
        }
    }
}

async fn listen(
    settings: &ListenerSettings,
    told: &(impl Fn(Heard) + Send + Sync),
    connected: &Flag,
    pauses: &mut Backoff,
) -> Result<(), BrokerError> {
    let link = Link::open(settings.amqp_url.expose_secret(), "gateway listener").await?;
    let queue = declare_replica_queue(&link, &settings.instance).await?;
    let options =
        BasicConsumeOptions { no_ack: true, exclusive: true, ..BasicConsumeOptions::default() };
    let mut deliveries = link
        .channel()
        .basic_consume(queue.as_str().into(), "".into(), options, FieldTable::default())
        .await?;
    pauses.succeeded();
    connected.set(true);
    told(Heard::Connected);
    while let Some(delivery) = deliveries.next().await {
        match message::envelope(&delivery?) {
            Ok(envelope) => told(Heard::Event(Box::new(envelope))),
            Err(error) => {
                tracing::error!(reason = error_chain(&error), "a message is no event");
            }
        }
    }
    Err(BrokerError::ConsumerEnded(queue))
}
