//! This service's own loops: each looks for rows that are due, works on them, and waits for a
//! nudge or its next look. What they do is in `app`; any number of replicas may run them.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::{
    App, AppError, expire_invoices, fold_list_counts, hear_proof_file, hold_unique_amount,
    make_link, poll_links, process_callbacks, process_refunds, raise_overdue, remind_installments,
    requests, settle_mutations, take_down_links,
};

/// How long a loop waits without a nudge; retries become due by time alone.
const LOOK: Duration = Duration::from_secs(1);

/// The running loops.
pub(crate) struct Workers {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Workers {
    /// Starts them; `sweep_every` is the time between two sweeps for expired invoices,
    /// `remind_every` between two for parts of plans that are due.
    pub(crate) fn start(app: &Arc<App>, sweep_every: Duration, remind_every: Duration) -> Workers {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        tasks.spawn(links(app.clone(), stop.clone()));
        tasks.spawn(callbacks(app.clone(), stop.clone()));
        tasks.spawn(sweep(app.clone(), sweep_every, stop.clone()));
        tasks.spawn(mutations(app.clone(), stop.clone()));
        tasks.spawn(remind(app.clone(), remind_every, stop.clone()));
        tasks.spawn(refunds(app.clone(), stop.clone()));
        tasks.spawn(janitor(app.clone(), stop.clone()));
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

async fn refunds(app: Arc<App>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        drain("refunds", &stop, || process_refunds::due(&app)).await;
        rest(app.work.refunds_woken(), LOOK, &stop).await;
    }
}

async fn janitor(app: Arc<App>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        drain("polls", &stop, || poll_links::due(&app)).await;
        drain("list counts", &stop, || fold_list_counts::fold_list_counts(&app)).await;
        rest(std::future::pending(), LOOK, &stop).await;
    }
}

async fn sweep(app: Arc<App>, every: Duration, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = expire_invoices::expire_invoices(&app).await {
            tracing::warn!(error = %konveksi_web::error_chain(&error), "the expiry sweep failed");
        }
        if let Err(error) = raise_overdue::raise_overdue(&app).await {
            tracing::warn!(error = %konveksi_web::error_chain(&error), "the overdue sweep failed");
        }
        rest(std::future::pending(), every, &stop).await;
    }
}

async fn mutations(app: Arc<App>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        drain("mutations", &stop, || settle_mutations::due(&app)).await;
        rest(app.work.mutations_woken(), LOOK, &stop).await;
    }
}

/// Parts of plans that are due, and what time alone ends: unique amounts, stored answers, words
/// about files.
async fn remind(app: Arc<App>, every: Duration, stop: CancellationToken) {
    while !stop.is_cancelled() {
        once("reminders", remind_installments::remind_installments(&app)).await;
        once("unique amounts", hold_unique_amount::release_amounts(&app)).await;
        drain("stored answers", &stop, || requests::forget_requests(&app)).await;
        once("words about files", hear_proof_file::forget_files(&app)).await;
        rest(std::future::pending(), every, &stop).await;
    }
}

async fn once(what: &str, work: impl Future<Output = Result<usize, AppError>>) {
    if let Err(error) = work.await {
        tracing::warn!(error = %konveksi_web::error_chain(&error), what, "a sweep failed");
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
