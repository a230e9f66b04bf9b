//! One test's world: a service on its own database, broker host and sandbox, and events to tell it.

mod producer;
mod story;
mod world;

pub(crate) use producer::Producer;
pub(crate) use story::{Story, invoice_created, order_event, payment_received};
pub(crate) use world::World;

use std::time::Duration;

/// How long anything may take on a busy machine.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);
