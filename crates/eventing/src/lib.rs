#![doc = include_str!("../README.md")]

mod amqp;
mod cause;
mod consumer;
mod envelope;
mod handlers;
mod health;
mod listener;
mod messaging;
mod metrics;
pub mod ops;
pub mod outbox;
mod relay;
mod store;
mod sweep;
mod told;
pub mod topology;
mod wake;

pub use amqp::link::BrokerError;
pub use cause::acting_as;
pub use consumer::{AcceptError, Accepted};
pub use envelope::{Attributes, Envelope, EnvelopeError, Received};
pub use handlers::{Handler, HandlerError, HandlerFuture, Handlers};
pub use health::Health;
pub use listener::{Heard, Listener, ListenerSettings};
pub use messaging::{Messaging, MessagingSettings};
pub use wake::Wake;

use diesel_migrations::{EmbeddedMigrations, embed_migrations};

/// The tables of messaging; a service migrates them into its own schema, before its own.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");
