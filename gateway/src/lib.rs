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

/// The gateway's tables.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");
/// The schema they are in.
pub const SCHEMA: &str = "gateway";
/// The database role that uses them.
pub const ROLE: &str = "gateway_svc";
