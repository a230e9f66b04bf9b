//! Nudges for this service's own workers, so that they need not wait for their next look.

use std::sync::Arc;

use tokio::sync::Notify;

/// Wakes workers of this process; cheap to clone. Call it after the commit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Work {
    links: Arc<Notify>,
    callbacks: Arc<Notify>,
    mutations: Arc<Notify>,
    refunds: Arc<Notify>,
}

impl Work {
    /// Links are to be asked for or taken down.
    pub(crate) fn links(&self) {
        self.links.notify_one();
    }

    /// Callbacks came in.
    pub(crate) fn callbacks(&self) {
        self.callbacks.notify_one();
    }

    /// Lines of the bank's list came in.
    pub(crate) fn mutations(&self) {
        self.mutations.notify_one();
    }

    /// Waits for [`Work::mutations`].
    pub(crate) async fn mutations_woken(&self) {
        self.mutations.notified().await;
    }

    /// A provider is to be asked about refunds.
    pub(crate) fn refunds(&self) {
        self.refunds.notify_one();
    }

    /// Waits for [`Work::refunds`].
    pub(crate) async fn refunds_woken(&self) {
        self.refunds.notified().await;
    }

    /// Waits for [`Work::links`].
    pub(crate) async fn links_woken(&self) {
        self.links.notified().await;
    }

    /// Waits for [`Work::callbacks`].
    pub(crate) async fn callbacks_woken(&self) {
        self.callbacks.notified().await;
    }
}
