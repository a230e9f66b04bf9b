//! The gateway over real HTTP, with real PostgreSQL, Redis and `RabbitMQ`; the services behind it
//! are small servers of this test that speak the services' shapes.

mod auth;
mod bodies;
mod compose;
mod cors;
mod forgeries;
mod forward;
mod health;
mod limits;
mod pages;
mod rights;
mod sessions;
mod sockets;
mod support;
