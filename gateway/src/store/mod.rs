//! All SQL of the gateway, one module a table. Functions take a connection and answer our own
//! types; nothing here decides anything.

pub(crate) mod login_failures;
pub(crate) mod refresh_families;
mod schema;
pub(crate) mod sessions;
pub(crate) mod users;
