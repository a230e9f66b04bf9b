//! All SQL of this service.

pub(crate) mod files;
mod schema;
