//! The whole service against real PostgreSQL, RabbitMQ and the sandbox's providers.
#![cfg(test)]

mod blast;
mod delivery;
mod events;
mod history;
mod messages;
mod openapi;
mod sends;
mod support;
mod templates;
mod trace;
