//! The loop that sends: claims what is due, sends a few messages at a time, takes back lost ones.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::app::{self, App, Job};

/// Messages on their way at once (prefetch of senders, `reliability.md` part B).
const AT_ONCE: usize = 8;
/// How long to wait when nothing is due; a commit in this process wakes the loop earlier.
const IDLE: Duration = Duration::from_millis(250);
/// How often lost messages are looked for.
const RECOVERY: Duration = Duration::from_secs(2);
/// How often old answers are forgotten.
const FORGETTING: Duration = Duration::from_mins(15);
/// The pause after the database did not answer.
const DATABASE_AWAY: Duration = Duration::from_secs(1);
/// How long a stop waits for messages on their way; a provider may take 20 s.
const STOP_WITHIN: Duration = Duration::from_secs(25);

/// Sends until `stop` is cancelled, then waits for what is on its way.
pub(crate) async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut sending = JoinSet::new();
    let mut last_recovery: Option<Instant> = None;
    let mut last_forgetting: Option<Instant> = None;
    while !stop.is_cancelled() {
        if is_due(&mut last_recovery, RECOVERY) {
            recover(&app).await;
        }
        if is_due(&mut last_forgetting, FORGETTING) {
            forget(&app).await;
        }
        let free = AT_ONCE.saturating_sub(sending.len());
        let pause = claim_into(&app, &mut sending, free).await;
        tokio::select! {
            () = stop.cancelled() => {}
            Some(ended) = sending.join_next(), if !sending.is_empty() => report(ended),
            () = app.work.notified(), if sending.len() < AT_ONCE => {}
            () = sleep(pause) => {}
        }
    }
    let drained = timeout(STOP_WITHIN, async {
        while let Some(ended) = sending.join_next().await {
            report(ended);
        }
    });
    if drained.await.is_err() {
        tracing::warn!("messages were still on their way; they will be marked as possibly sent");
    }
}

/// Whether `every` has passed since `last`, which is then now.
fn is_due(last: &mut Option<Instant>, every: Duration) -> bool {
    let due = last.is_none_or(|then| then.elapsed() >= every);
    if due {
        *last = Some(Instant::now());
    }
    due
}

async fn forget(app: &App) {
    if let Err(error) = app::forget_requests(app).await {
        tracing::warn!(error = %konveksi_web::error_chain(&error), "old answers were not forgotten");
    }
}

async fn recover(app: &App) {
    if let Err(error) = app::recover_lost(app).await {
        tracing::warn!(error = %konveksi_web::error_chain(&error), "lost messages were not looked for");
    }
}

/// Starts up to `free` messages; answers how long to wait for more.
async fn claim_into(app: &Arc<App>, sending: &mut JoinSet<()>, free: usize) -> Duration {
    if free == 0 {
        return IDLE;
    }
    match app::claim(app, i64::try_from(free).unwrap_or(1)).await {
        Ok(jobs) => {
            for job in jobs {
                sending.spawn(send(app.clone(), job));
            }
            IDLE
        }
        Err(error) => {
            tracing::warn!(error = %konveksi_web::error_chain(&error), "no messages could be claimed");
            DATABASE_AWAY
        }
    }
}

/// Sends one message in its place in the trace: the first attempt goes on with what caused the
/// message, a later one only points at it (`settled.md` 17).
async fn send(app: Arc<App>, job: Job) {
    let message = job.message();
    let span = tracing::info_span!(
        "send message",
        otel.kind = "client",
        notification.id = %message.id,
        template.type = message.template_type.as_wire(),
        channel = message.channel.as_wire(),
        attempt = message.attempts,
    );
    let (trace, is_first) = job.trace();
    if is_first {
        trace.attach_to(&span);
    } else {
        trace.link_to(&span);
    }
    let delivered = app::deliver(&app, &job).instrument(span).await;
    if let Err(error) = delivered {
        tracing::error!(
            error = %konveksi_web::error_chain(&error),
            notification.id = %job.message().id,
            "the outcome of a message could not be stored"
        );
    }
}

fn report(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "sending a message panicked");
    }
}
