//! What goes along with every call to a service.

use std::time::{Duration, Instant};

use konveksi_identity::Identity;

/// On whose behalf, until when, and under which names.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) identity: Identity,
    pub(crate) request_id: String,
    /// When the whole answer must be there.
    pub(crate) deadline: Instant,
    /// How long one try may take at least, for reads that work long; nothing for all others.
    pub(crate) long_read: Duration,
    /// For absolute links.
    pub(crate) public_url: String,
    /// The client's `Idempotency-Key`.
    pub(crate) idempotency_key: Option<String>,
}

impl Context {
    /// The context of a further step of one composition: the same key would mean the same call.
    pub(crate) fn step(&self, step: &str) -> Context {
        let key = self.idempotency_key.as_ref().map(|key| format!("{key}:{step}"));
        Context { idempotency_key: key, ..self.clone() }
    }
}
