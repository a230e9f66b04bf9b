//! What runs by itself.

pub(crate) mod prune;
