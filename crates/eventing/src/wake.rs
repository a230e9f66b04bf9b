//! A nudge after a commit, so that the relay need not wait for its next look.
//!
//! Lives in the process. A `pg_notify` in the business transaction would do the same for all
//! replicas, but serialises the commits of the whole database (`reliability.md` M11).

use std::sync::Arc;

use tokio::sync::Notify;

/// Wakes the relay of this process; cheap to clone, made before messaging is started.
#[derive(Debug, Clone, Default)]
pub struct Wake {
    relay: Arc<Notify>,
}

impl Wake {
    /// Lets the relay look for new rows now. Call it after the commit, not before.
    pub fn relay(&self) {
        self.relay.notify_one();
    }

    /// Waits for the next [`Wake::relay`]; one that came since the last wait counts.
    pub(crate) async fn relay_woken(&self) {
        self.relay.notified().await;
    }
}
