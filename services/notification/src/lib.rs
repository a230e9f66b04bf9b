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

/// The tables of this service, run after those of `konveksi_eventing`.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");
/// The PostgreSQL schema that is this service's alone.
pub const SCHEMA: &str = "notifications";
/// The PostgreSQL role this service runs as.
pub const ROLE: &str = "notification_svc";
/// This service's name: of its queue, its broker user and in statements about callers.
pub const SERVICE: &str = "notification";
