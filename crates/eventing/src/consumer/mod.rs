//! Hearing: events become effects, each once, in batches (`reliability.md` part B, Consumer).
//!
//! `engine` applies events within transactions and knows no broker; `session` feeds it from the
//! service's queue; `retry` feeds it what waited in the database.

mod engine;
mod prepared;
mod retry;
mod schedule;
mod session;

pub(crate) use engine::Engine;
pub use engine::{AcceptError, Accepted};
pub(crate) use retry::RetryWorker;
pub(crate) use session::Session;
