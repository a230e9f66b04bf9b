//! All SQL of this service.

pub(crate) mod heard_events;
mod schema;
