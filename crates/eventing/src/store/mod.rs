//! All SQL of messaging, on the four tables of `migrations/`.

pub(crate) mod figures;
pub(crate) mod headers;
pub(crate) mod inbox;
pub(crate) mod outbox;
pub(crate) mod retry;
pub(crate) mod sweep;
