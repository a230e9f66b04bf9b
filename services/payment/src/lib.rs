#![doc = include_str!("../README.md")]

mod api;
mod app;
mod config;
mod consumers;
mod domain;
mod events;
mod kill;
mod providers;
mod service;
mod store;
mod workers;

pub use api::openapi;
pub use config::{SETTINGS, Settings};
pub use service::{Service, build, serve};

use diesel_migrations::{EmbeddedMigrations, embed_migrations};

/// The schema this service owns.
pub const SCHEMA: &str = "payments";
/// The database role it runs as.
pub const ROLE: &str = "payment_svc";
/// Everything its schema is made of, in the order it is made.
pub fn migrations() -> Vec<EmbeddedMigrations> {
    const OWN: EmbeddedMigrations = embed_migrations!("migrations");
    vec![konveksi_eventing::MIGRATIONS, konveksi_idempotency::MIGRATIONS, OWN]
}
/// Its name: identity audience, queue and logs.
pub(crate) const NAME: &str = "payment";
