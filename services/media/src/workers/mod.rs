//! What runs by itself.

mod steady;

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::App;
use crate::app::purge_files::purge_files;
use crate::app::rescan_files::rescan_files;

/// How often each worker looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) rescan: Duration,
    pub(crate) sweep: Duration,
}

/// Starts the workers; they end with `shutdown`.
pub(crate) fn start(app: &Arc<App>, pace: Pace, shutdown: &CancellationToken) -> TaskTracker {
    let tasks = TaskTracker::new();
    let rescanning = app.clone();
    tasks.spawn(steady::run("rescan", pace.rescan, shutdown.clone(), move || {
        let app = rescanning.clone();
        async move { rescan_files(&app).await }
    }));
    let sweeping = app.clone();
    tasks.spawn(steady::run("sweep", pace.sweep, shutdown.clone(), move || {
        let app = sweeping.clone();
        async move { purge_files(&app).await }
    }));
    tasks.close();
    tasks
}
