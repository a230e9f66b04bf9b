//! Lets old entries of the log go, now and then.

use std::sync::Arc;

use chrono::Duration;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::app::prune_heard::prune_heard;

/// How long entries are kept and how often to look.
pub(crate) struct Pruning {
    pub(crate) app: Arc<App>,
    pub(crate) keep: Duration,
    pub(crate) every: std::time::Duration,
}

/// Prunes until `shutdown`. Any number of replicas may do so at once.
pub(crate) async fn run(pruning: Pruning, shutdown: CancellationToken) {
    let Pruning { app, keep, every } = pruning;
    loop {
        match prune_heard(&app, keep).await {
            Ok(0) => {}
            Ok(pruned) => tracing::info!(pruned, "old entries of the event log are gone"),
            Err(error) => tracing::warn!(
                error = %konveksi_web::error_chain(&error),
                "old entries of the event log could not be pruned, trying again later"
            ),
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
    }
}
