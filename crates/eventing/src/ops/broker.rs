//! Dead letters on the broker: what a service could not read, or what killed it each time.

use std::time::Duration;

use lapin::options::{BasicAckOptions, BasicGetOptions, BasicPublishOptions, QueueDeclareOptions};
use lapin::types::FieldTable;

use crate::amqp::link::{BrokerError, Link, within};
use crate::topology::{dead_queue_name, queue_name};

const PATIENCE: Duration = Duration::from_secs(10);

/// How many messages lie in `kv.<service>.dead`. `url` is that of a user who may see the queue.
///
/// # Errors
/// [`BrokerError`]; also when the queue does not exist.
pub async fn broker_dead_count(url: &str, service: &str) -> Result<u32, BrokerError> {
    let link = Link::open(url, "operator").await?;
    let passive = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
    let name = dead_queue_name(service);
    let asking = link.channel().queue_declare(name.as_str().into(), passive, FieldTable::default());
    let count = within(PATIENCE, asking).await?.message_count();
    link.close().await;
    Ok(count)
}

/// Sends what lies in `kv.<service>.dead` now to `kv.<service>` again, each message deleted after
/// its copy was confirmed; answers how many. `url` is that of a user who may publish to any queue.
///
/// # Errors
/// [`BrokerError`]; what was sent before stays sent.
pub async fn broker_dead_requeue(url: &str, service: &str) -> Result<u32, BrokerError> {
    let waiting = broker_dead_count(url, service).await?;
    let link = Link::open_with_confirms(url, "operator").await?;
    let (dead, queue) = (dead_queue_name(service), queue_name(service));
    let mut moved = 0;
    // No more than lay there at the beginning: a message that dies again comes back here.
    while moved < waiting {
        let getting = link.channel().basic_get(dead.as_str().into(), BasicGetOptions::default());
        let Some(message) = within(PATIENCE, getting).await? else { break };
        let options = BasicPublishOptions { mandatory: true, immediate: false };
        let (body, properties) = (&message.data, message.properties.clone());
        let publishing = async {
            let channel = link.channel();
            channel
                .basic_publish("".into(), queue.as_str().into(), options, body, properties)
                .await?
                .await
        };
        let confirmation = within(PATIENCE, publishing).await?;
        if !confirmation.is_ack() || confirmation.take_message().is_some() {
            return Err(BrokerError::Refused(queue));
        }
        within(PATIENCE, message.ack(BasicAckOptions::default())).await?;
        moved += 1;
    }
    link.close().await;
    Ok(moved)
}
