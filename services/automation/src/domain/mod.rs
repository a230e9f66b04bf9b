//! What an entry of the log is.

pub(crate) mod heard_event;
