//! The broker's side: connections that notice an outage, events as AMQP messages, pauses between
//! attempts.

pub(crate) mod backoff;
pub(crate) mod link;
pub(crate) mod message;
