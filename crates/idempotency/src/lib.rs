#![doc = include_str!("../README.md")]

mod once;
mod request_key;
mod store;

pub use once::{Answer, Outcome, Refused, once};
pub use request_key::RequestKey;
pub use store::{erase, forget};

use diesel_migrations::{EmbeddedMigrations, embed_migrations};

/// The table of answers; a service migrates it into its own schema, before its own tables.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");
