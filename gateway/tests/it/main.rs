//! The gateway over real HTTP, with real PostgreSQL, Redis and `RabbitMQ`; the services behind it
//! are small servers of this test that speak the services' shapes.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a helper of a test fails the test"
)]

mod auth;
mod bodies;
mod compose;
mod cors;
mod forgeries;
mod forward;
mod health;
mod limits;
mod pages;
mod proofs;
mod rights;
mod sessions;
mod sockets;
mod support;
