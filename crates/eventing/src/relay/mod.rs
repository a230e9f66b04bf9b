//! The relay: publishes what the outbox holds and marks what the broker confirmed.
//!
//! Any number of replicas may run; each locks the rows it works on. A crash at any point repeats
//! a publish at worst, and the hearer's inbox absorbs it.

mod batch;
mod publish;
mod run;

pub(crate) use run::{Relay, error_chain};
