//! Messaging against real servers: a teller, a hearer, a broker between them, and what can go
//! wrong on each side.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where its world does"
)]

mod dead_letters;
mod express;
mod hearing;
mod housekeeping;
mod listener;
mod outages;
mod replay;
mod retries;
mod support;
mod telling;
mod topology;
mod traces;
