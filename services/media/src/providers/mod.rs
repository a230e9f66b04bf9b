//! The world outside: the virus scanner and the store of bytes.

pub(crate) mod clamd;
pub(crate) mod vault;
