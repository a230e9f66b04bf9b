#![doc = include_str!("../README.md")]

mod api;
mod app;
mod config;
mod consumers;
mod domain;
mod events;
mod providers;
mod service;
mod store;
mod worker;

pub use api::openapi;
pub use config::{SETTINGS, Settings};
pub use providers::{FonnteSettings, MailTls, SmtpSettings};
pub use service::{Service, build, serve};

use diesel_migrations::{EmbeddedMigrations, embed_migrations};

/// Everything its schema is made of, in the order it is made.
pub fn migrations() -> Vec<EmbeddedMigrations> {
    const OWN: EmbeddedMigrations = embed_migrations!("migrations");
    vec![konveksi_eventing::MIGRATIONS, konveksi_idempotency::MIGRATIONS, OWN]
}
/// The PostgreSQL schema that is this service's alone.
pub const SCHEMA: &str = "notifications";
/// The PostgreSQL role this service runs as.
pub const ROLE: &str = "notification_svc";
/// This service's name: of its queue, its broker user and in statements about callers.
pub const SERVICE: &str = "notification";
