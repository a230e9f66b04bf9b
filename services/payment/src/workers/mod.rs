//! This service's own loops: each looks for rows that are due, works on them, and waits for a
//! nudge or its next look. What they do is in `app`; any number of replicas may run them.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::{App, AppError, expire_invoices, make_link, process_callbacks, take_down_links};

/// How long a loop waits without a nudge; retries become due by time alone.
const LOOK: Duration = Duration::from_secs(1);

/// The running loops.
pub(crate) struct Workers {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Workers {
    /// Starts them; `sweep_every` is the time between two sweeps for expired invoices.
    pub(crate) fn start(app: &Arc<App>, sweep_every: Duration) -> Workers {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let (one, two, three) = (app.clone(), app.clone(), app.clone());
        tasks.spawn(links(one, stop.clone()));
        tasks.spawn(callbacks(two, stop.clone()));
        tasks.spawn(sweep(three, sweep_every, stop.clone()));
        tasks.close();
        Workers { stop, tasks }
    }

    /// Stops them after what they are doing.
    pub(crate) async fn shutdown(&self) {
        self.stop.cancel();
        self.tasks.wait().await;
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn links(app: Arc<App>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        drain("links", &stop, || make_link::due(&app)).await;
        drain("take-downs", &stop, || take_down_links::due(&app)).await;
        rest(app.work.links_woken(), LOOK, &stop).await;
    }
}

async fn callbacks(app: Arc<App>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        drain("callbacks", &stop, || process_callbacks::due(&app)).await;
        rest(app.work.callbacks_woken(), LOOK, &stop).await;
    }
}

async fn sweep(app: Arc<App>, every: Duration, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = expire_invoices::expire_invoices(&app).await {
            tracing::warn!(error = %konveksi_web::error_chain(&error), "the expiry sweep failed");
        }
        rest(std::future::pending(), every, &stop).await;
    }
}

/// Works until nothing is due or the database is away.
async fn drain<F, Fut>(what: &str, stop: &CancellationToken, mut work: F)
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<usize, AppError>>,
{
    while !stop.is_cancelled() {
        match work().await {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(error = %konveksi_web::error_chain(&error), what, "a worker failed");
                return;
            }
        }
    }
}

async fn rest(woken: impl Future<Output = ()>, at_most: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = woken => {}
        () = tokio::time::sleep(at_most) => {}
        () = stop.cancelled() => {}
    }
}
