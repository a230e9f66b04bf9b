//! What the service does of its own accord: folds what changed into the roll-ups, moves the orders
//! of merged customers, forgets answers to old requests. It holds nothing in memory: any replica
//! goes on where another stopped.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::app::requests::forget_requests;
use crate::app::{App, AppError, customers, upkeep};

/// Between two rounds when there is little to do. Readers add what waits, so that it need not be
/// short; it keeps what waits small.
const IDLE: Duration = Duration::from_secs(1);

/// How often old answers are looked for.
const FORGETTING: Duration = Duration::from_mins(15);

/// Works until `stop` is cancelled.
pub(crate) async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut round = tokio::time::interval(IDLE);
    round.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut last_forgetting: Option<Instant> = None;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _now = round.tick() => {}
        }
        while !stop.is_cancelled()
            && is_more(upkeep::fold_changes(&app).await, "changes were not folded")
        {}
        while !stop.is_cancelled()
            && is_more(
                customers::move_merged_orders(&app).await,
                "orders of a merged customer were not moved",
            )
        {}
        if last_forgetting.is_none_or(|then| then.elapsed() >= FORGETTING) {
            last_forgetting = Some(Instant::now());
            while !stop.is_cancelled()
                && is_more(forget_requests(&app).await, "old answers were not forgotten")
            {
            }
        }
    }
}

/// Whether there may be more to do; says it when something failed, which the next round repeats.
fn is_more(done: Result<i64, AppError>, otherwise: &str) -> bool {
    match done {
        Ok(count) => count > 0,
        Err(error) => {
            tracing::warn!(error = %konveksi_web::error_chain(&error), "{otherwise}");
            false
        }
    }
}
