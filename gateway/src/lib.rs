#![doc = include_str!("../README.md")]

mod compose;
mod config;
mod edge;
mod error;
mod forward;
mod health;
mod identity;
mod json;
mod limit;
mod live;
mod pages;
mod routes;
mod server;
mod store;
pub mod users;

pub use config::{Limits, Network, SETTINGS, Settings};
pub use forward::ServiceUrls;
pub use server::{Gateway, build, serve};

use diesel_migrations::{EmbeddedMigrations, embed_migrations};

/// Everything its schema is made of, in the order it is made.
pub fn migrations() -> Vec<EmbeddedMigrations> {
    const OWN: EmbeddedMigrations = embed_migrations!("migrations");
    vec![konveksi_eventing::MIGRATIONS, OWN]
}
/// The schema they are in.
pub const SCHEMA: &str = "gateway";
/// The database role that uses them.
pub const ROLE: &str = "gateway_svc";
