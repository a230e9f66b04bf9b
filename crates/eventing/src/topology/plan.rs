//! The exchanges, queues and bindings that the table asks for, as plain values: one description
//! for declaring and for comparing.

use lapin::ExchangeKind;
use serde_json::{Map, Value, json};

use super::{DEAD, EVENTS, HEARERS, UNROUTED, dead_queue_name, has_lasting_queue, queue_name};

/// Deliveries after which the broker gives up on a message: one that kills us each time.
const DELIVERY_LIMIT: i64 = 10;
/// Messages a service's queue holds; beyond it the broker refuses and the outbox keeps them.
const QUEUE_LIMIT: i64 = 500_000;
/// Messages without a hearer that are kept for a person.
const UNROUTED_LIMIT: i64 = 100_000;

/// An exchange, always durable.
pub(super) struct Exchange {
    pub(super) name: &'static str,
    pub(super) kind: ExchangeKind,
    pub(super) kind_name: &'static str,
    pub(super) arguments: Map<String, Value>,
}

/// A queue, always durable, with the keys it is bound for.
pub(super) struct Queue {
    pub(super) name: String,
    pub(super) arguments: Map<String, Value>,
    /// The exchange and the routing keys.
    pub(super) bindings: (&'static str, Vec<String>),
}

pub(super) fn exchanges() -> Vec<Exchange> {
    vec![
        Exchange {
            name: UNROUTED,
            kind: ExchangeKind::Fanout,
            kind_name: "fanout",
            arguments: Map::new(),
        },
        Exchange {
            name: DEAD,
            kind: ExchangeKind::Direct,
            kind_name: "direct",
            arguments: Map::new(),
        },
        Exchange {
            name: EVENTS,
            kind: ExchangeKind::Topic,
            kind_name: "topic",
            arguments: object(json!({ "alternate-exchange": UNROUTED })),
        },
    ]
}

/// Every lasting queue; a dead queue stands before the queue that feeds it.
pub(super) fn queues() -> Vec<Queue> {
    let services = HEARERS.iter().filter(|hearer| has_lasting_queue(hearer.service));
    let own = services.flat_map(|hearer| own_queues(hearer.service, hearer.types));
    std::iter::once(unrouted_queue()).chain(own).collect()
}

fn unrouted_queue() -> Queue {
    Queue {
        name: UNROUTED.to_owned(),
        arguments: object(json!({
            "x-queue-type": "quorum",
            "x-max-length": UNROUTED_LIMIT,
            // Refusing keeps the event in the outbox; dropping the oldest would lose it.
            "x-overflow": "reject-publish",
        })),
        bindings: (UNROUTED, vec![String::new()]),
    }
}

/// The dead queue and the queue of one service.
pub(super) fn own_queues(service: &str, types: &[&str]) -> [Queue; 2] {
    let dead = dead_queue_name(service);
    [
        Queue {
            name: dead.clone(),
            arguments: object(json!({ "x-queue-type": "quorum" })),
            bindings: (DEAD, vec![dead.clone()]),
        },
        Queue {
            name: queue_name(service),
            arguments: object(json!({
                "x-queue-type": "quorum",
                "x-delivery-limit": DELIVERY_LIMIT,
                "x-dead-letter-exchange": DEAD,
                "x-dead-letter-routing-key": dead,
                "x-dead-letter-strategy": "at-least-once",
                "x-overflow": "reject-publish",
                "x-max-length": QUEUE_LIMIT,
            })),
            bindings: (EVENTS, types.iter().map(|&event| event.to_owned()).collect()),
        },
    ]
}

/// A literal JSON object as the map it is.
fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
