//! Making the broker look like the table.

use std::time::Duration;

use lapin::options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::protocol::AMQPErrorKind;
use lapin::protocol::AMQPSoftError;
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Channel, ErrorKind};
use serde_json::{Map, Value};

use super::plan::{self, Exchange, Queue};
use super::{EVENTS, GATEWAY, heard_by, queue_name};
use crate::amqp::link::{BrokerError, Link, within};

/// How long the broker has for one declaration.
const PATIENCE: Duration = Duration::from_secs(10);
/// Events a gateway replica's queue holds; older ones go first, its clients fetch afresh anyway.
const REPLICA_LIMIT: i32 = 10_000;

/// Declares every exchange, lasting queue and binding of the table. `url` is that of a user who
/// may configure all of the virtual host. What exists already stays.
///
/// # Errors
/// [`BrokerError`]; also when something of that name exists with other arguments.
pub async fn declare(url: &str) -> Result<(), BrokerError> {
    let link = Link::open(url, "topology").await?;
    for exchange in plan::exchanges() {
        declare_exchange(link.channel(), &exchange).await?;
    }
    for queue in plan::queues() {
        declare_queue(link.channel(), &queue).await?;
    }
    link.close().await;
    Ok(())
}

/// Checks that the exchanges exist, and declares them if the broker lost them and lets us.
pub(crate) async fn ensure_exchanges(link: &Link) -> Result<(), BrokerError> {
    let channel = link.another_channel().await?;
    let passive = ExchangeDeclareOptions { passive: true, ..ExchangeDeclareOptions::default() };
    let kind = lapin::ExchangeKind::Topic;
    let check = channel.exchange_declare(EVENTS.into(), kind, passive, FieldTable::default());
    match within(PATIENCE, check).await {
        Err(error) if is_not_found(&error) => {
            let channel = link.another_channel().await?;
            for exchange in plan::exchanges() {
                declare_exchange(&channel, &exchange).await?;
            }
            Ok(())
        }
        other => other,
    }
}

/// Makes sure that the queue of `service` exists and is bound for all it hears.
pub(crate) async fn ensure_own_queue(link: &Link, service: &str) -> Result<(), BrokerError> {
    ensure_exchanges(link).await?;
    let own = plan::own_queues(service, heard_by(service));
    let channel = link.another_channel().await?;
    let passive = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
    let check = channel.queue_declare(queue_name(service).into(), passive, FieldTable::default());
    match within(PATIENCE, check).await {
        Ok(_exists) => {
            // Binding twice is binding once, and a lost binding is a lost event.
            for queue in &own {
                bind(&channel, queue).await?;
            }
            Ok(())
        }
        Err(error) if is_not_found(&error) => {
            tracing::warn!(service, "the broker lost our queue, declaring it again");
            let channel = link.another_channel().await?;
            for queue in &own {
                declare_queue(&channel, queue).await?;
            }
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Declares the queue of one gateway replica, which dies with its connection; answers its name.
pub(crate) async fn declare_replica_queue(
    link: &Link,
    instance: &str,
) -> Result<String, BrokerError> {
    ensure_exchanges(link).await?;
    let name = format!("kv.{GATEWAY}.{instance}");
    let options = QueueDeclareOptions {
        exclusive: true,
        auto_delete: true,
        ..QueueDeclareOptions::default()
    };
    let mut arguments = FieldTable::default();
    arguments.insert("x-max-length".into(), AMQPValue::LongInt(REPLICA_LIMIT));
    let declaring = link.channel().queue_declare(name.as_str().into(), options, arguments);
    within(PATIENCE, declaring).await?;
    for event in heard_by(GATEWAY) {
        bind_key(link.channel(), &name, EVENTS, event).await?;
    }
    Ok(name)
}

async fn declare_exchange(channel: &Channel, exchange: &Exchange) -> Result<(), BrokerError> {
    let options = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
    let kind = exchange.kind.clone();
    let arguments = table(&exchange.arguments);
    within(PATIENCE, channel.exchange_declare(exchange.name.into(), kind, options, arguments)).await
}

async fn declare_queue(channel: &Channel, queue: &Queue) -> Result<(), BrokerError> {
    let options = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    let arguments = table(&queue.arguments);
    let declaring = channel.queue_declare(queue.name.as_str().into(), options, arguments);
    within(PATIENCE, declaring).await?;
    bind(channel, queue).await
}

async fn bind(channel: &Channel, queue: &Queue) -> Result<(), BrokerError> {
    let (exchange, keys) = &queue.bindings;
    for key in keys {
        bind_key(channel, &queue.name, exchange, key).await?;
    }
    Ok(())
}

async fn bind_key(
    channel: &Channel,
    queue: &str,
    exchange: &str,
    key: &str,
) -> Result<(), BrokerError> {
    let binding = channel.queue_bind(
        queue.into(),
        exchange.into(),
        key.into(),
        QueueBindOptions::default(),
        FieldTable::default(),
    );
    within(PATIENCE, binding).await
}

/// Our arguments are texts and whole numbers; the broker wants them typed.
fn table(arguments: &Map<String, Value>) -> FieldTable {
    let mut table = FieldTable::default();
    for (name, value) in arguments {
        let value = match value {
            Value::Number(number) => AMQPValue::LongLongInt(number.as_i64().unwrap_or_default()),
            Value::String(text) => AMQPValue::LongString(text.as_str().into()),
            other => AMQPValue::LongString(other.to_string().into()),
        };
        table.insert(name.as_str().into(), value);
    }
    table
}

fn is_not_found(error: &BrokerError) -> bool {
    let BrokerError::Amqp(error) = error else { return false };
    matches!(error.kind(), ErrorKind::ProtocolError(error)
        if matches!(error.kind(), AMQPErrorKind::Soft(AMQPSoftError::NOTFOUND)))
}
