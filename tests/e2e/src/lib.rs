//! Brings the whole system up as its users run it, and speaks to it as they do: over HTTP and
//! WebSockets through the gateway, never past it.

mod admin;
mod journey;
mod otlp;
mod stack;
mod world;

pub use admin::Admin;
pub use journey::{Placed, customer_order};
pub use otlp::{Receiver, SeenSpan};
pub use stack::{Stack, StackOptions};
pub use world::World;

/// How long anything that crosses the broker may take on a busy two-core machine.
pub const SOON: std::time::Duration = std::time::Duration::from_secs(45);
