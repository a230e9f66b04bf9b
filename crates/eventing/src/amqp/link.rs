//! One AMQP connection and channel. Lost links are not mended: the owner opens a new one, so that
//! an outage is seen at once (`reliability.md` M7, M8).

use std::time::Duration;

use lapin::options::ConfirmSelectOptions;
use lapin::uri::AMQPUri;
use lapin::{Channel, Connection, ConnectionProperties};
use thiserror::Error;
use tokio::time::timeout;

/// Seconds between heartbeats: a frozen broker is noticed after two of them.
const HEARTBEAT_SECONDS: u16 = 10;
/// The largest frame. The client keeps two buffers of 32 frames for each connection, written from
/// the start, and the broker would offer 128 kB: 8 MB a connection. Larger bodies are split.
const FRAME_BYTES: u32 = 16 * 1024;
/// How long opening may take.
const OPEN_WITHIN: Duration = Duration::from_secs(10);
/// How long a farewell may take.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// Why the broker could not be used.
#[derive(Debug, Error)]
pub enum BrokerError {
    /// The broker's address is not an AMQP URL.
    #[error("not an AMQP address: {0}")]
    Address(String),
    /// The broker did not answer in time.
    #[error("the broker did not answer within {} s", .0.as_secs())]
    Silent(Duration),
    /// The connection broke while nothing was under way.
    #[error("the connection to the broker is gone")]
    Lost,
    /// The broker closed the consumer, as it does when its queue is deleted.
    #[error("the broker ended the consumer of {0}")]
    ConsumerEnded(String),
    /// The broker would not put a message into the queue.
    #[error("the queue {0} does not exist or would not take a message")]
    Refused(String),
    /// The broker or the connection failed.
    #[error("the broker refused or the connection broke")]
    Amqp(#[from] lapin::Error),
}

/// An open connection with one channel.
pub(crate) struct Link {
    connection: Connection,
    channel: Channel,
}

impl Link {
    /// Connects to `url`; the broker's console shows `name`.
    pub(crate) async fn open(url: &str, name: &str) -> Result<Link, BrokerError> {
        let mut uri: AMQPUri = url.parse().map_err(BrokerError::Address)?;
        uri.query.heartbeat = Some(HEARTBEAT_SECONDS);
        uri.query.frame_max = Some(FRAME_BYTES);
        let properties = ConnectionProperties::default().with_connection_name(name.into());
        let opening = async {
            let connection = Connection::connect_uri(uri, properties).await?;
            let channel = connection.create_channel().await?;
            Ok(Link { connection, channel })
        };
        timeout(OPEN_WITHIN, opening).await.unwrap_or(Err(BrokerError::Silent(OPEN_WITHIN)))
    }

    /// Connects as [`Link::open`] and lets the broker confirm what is published.
    pub(crate) async fn open_with_confirms(url: &str, name: &str) -> Result<Link, BrokerError> {
        let link = Link::open(url, name).await?;
        within(OPEN_WITHIN, link.channel.confirm_select(ConfirmSelectOptions::default())).await?;
        Ok(link)
    }

    /// The channel of this link.
    pub(crate) const fn channel(&self) -> &Channel {
        &self.channel
    }

    /// A second channel, for a step after which the broker may close the first.
    pub(crate) async fn another_channel(&self) -> Result<Channel, BrokerError> {
        within(OPEN_WITHIN, self.connection.create_channel()).await
    }

    /// Whether the broker asked publishers to wait (memory or disk alarm).
    pub(crate) fn blocked(&self) -> bool {
        self.connection.status().blocked()
    }

    /// Whether the link can still be used.
    pub(crate) fn alive(&self) -> bool {
        self.connection.status().connected() && self.channel.status().connected()
    }

    /// Says goodbye; a broker that does not answer is left alone.
    pub(crate) async fn close(self) {
        let goodbye = self.connection.close(200, "done".into());
        if let Ok(Err(error)) = timeout(CLOSE_WITHIN, goodbye).await {
            tracing::debug!(%error, "the connection to the broker was gone already");
        }
    }
}

/// `call`, or [`BrokerError::Silent`] after `limit`.
pub(crate) async fn within<T>(
    limit: Duration,
    call: impl Future<Output = lapin::Result<T>>,
) -> Result<T, BrokerError> {
    match timeout(limit, call).await {
        Ok(answer) => Ok(answer?),
        Err(_elapsed) => Err(BrokerError::Silent(limit)),
    }
}
