//! Sending what is queued: claimed and committed first, sent, and the outcome stored
//! (`reliability.md` part B, outside effects).

use std::time::Duration;

use konveksi_db::{Connection, DbError, transaction};
use konveksi_telemetry::TraceContext;
use rand::RngExt as _;

use super::{App, AppError};
use crate::domain::delivery::{self, ErrorKind, MAX_JITTER_PERMILLE, Status, Step};
use crate::domain::message::Message;
use crate::domain::recipient::Recipient;
use crate::providers::SendError;
use crate::store::attempts::Ending;
use crate::store::queue::{Claimed, Release};
use crate::{events, store};

/// How long a worker may take for one message; three times what a provider may take.
const LEASE_SECONDS: i64 = 60;
/// Lost messages looked at in one transaction.
const LOST_AT_ONCE: i64 = 50;
/// Pauses before the outcome is stored again when the database is away. Together well under the
/// lease: after it the outcome counts as lost.
const STORE_AGAIN_MS: [u64; 5] = [200, 1_000, 3_000, 8_000, 15_000];

/// One claimed message, to be passed to [`deliver`].
#[derive(Debug, Clone)]
pub(crate) struct Job {
    claimed: Claimed,
}

impl Job {
    /// Where what caused the message stands in its trace, and whether this is its first attempt.
    pub(crate) fn trace(&self) -> (&TraceContext, bool) {
        (&self.claimed.trace, self.claimed.message.attempts == 1)
    }

    /// The message.
    pub(crate) fn message(&self) -> &Message {
        &self.claimed.message
    }
}

/// Claims up to `limit` messages that are due. Once this has committed, each of them counts as
/// possibly sent until its outcome is stored.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn claim(app: &App, limit: i64) -> Result<Vec<Job>, AppError> {
    let now = app.clock.now();
    let lease_until = now + chrono::Duration::seconds(LEASE_SECONDS);
    let mut conn = app.pool.get().await?;
    let claimed = transaction(&mut conn, async |tx| -> Result<_, DbError> {
        let claimed = store::queue::claim(tx, now, lease_until, limit).await?;
        let started = claimed.iter().map(|one| (one.message.id, one.message.attempts));
        if !claimed.is_empty() {
            store::attempts::begin(tx, started, now).await?;
        }
        Ok(claimed)
    })
    .await?;
    Ok(claimed.into_iter().map(|claimed| Job { claimed }).collect())
}

/// Sends one claimed message and stores what came of it.
///
/// # Errors
/// [`AppError::Db`] when the outcome could not be stored: it then counts as lost.
pub(crate) async fn deliver(app: &App, job: &Job) -> Result<(), AppError> {
    let message = &job.claimed.message;
    let outcome = match still_wanted(app, message).await? {
        Err(refusal) => Err(refusal),
        Ok(recipient) => app.senders.send(message, &recipient).await,
    };
    if let Err(error) = &outcome {
        tracing::warn!(
            notification.id = %message.id,
            attempt = message.attempts,
            error = %error,
            "a message was not sent"
        );
    }
    let mut pauses = STORE_AGAIN_MS.into_iter();
    loop {
        match store_outcome(app, message, &outcome).await {
            Err(AppError::Db(error)) if error.is_transient() => match pauses.next() {
                Some(pause) => tokio::time::sleep(Duration::from_millis(pause)).await,
                None => return Err(AppError::Db(error)),
            },
            other => return other,
        }
    }
}

/// Looks once more, right before sending: a customer who has paid in the meantime is not asked
/// again, and one who was erased has no address any more.
async fn still_wanted(
    app: &App,
    message: &Message,
) -> Result<Result<Recipient, SendError>, AppError> {
    let refused = |kind, detail: &str| Ok(Err(SendError { kind, detail: detail.to_owned() }));
    let Some(recipient) = Recipient::from_stored(message.channel, &message.recipient) else {
        return refused(ErrorKind::Erased, "the address was erased");
    };
    let invoice_id = message.about.invoice_id.filter(|_| message.template_type.asks_for_payment());
    if let Some(invoice_id) = invoice_id {
        let mut conn = app.pool.get().await?;
        let invoice = store::invoices::find(&mut conn, invoice_id).await?;
        if !invoice.is_some_and(|invoice| invoice.is_payable(app.clock.now())) {
            return refused(ErrorKind::Outdated, "the invoice can no longer be paid");
        }
    }
    Ok(Ok(recipient))
}

async fn store_outcome(
    app: &App,
    message: &Message,
    outcome: &Result<Option<String>, SendError>,
) -> Result<(), AppError> {
    let mut conn = app.pool.get().await?;
    let jitter_permille = rand::rng().random_range(0..=MAX_JITTER_PERMILLE);
    let held = transaction(&mut conn, async |tx| match outcome {
        Ok(provider_id) => succeeded(app, tx, message, provider_id.as_deref()).await,
        Err(error) => failed(app, tx, message, error, jitter_permille).await,
    })
    .await?;
    if held {
        app.committed();
    } else {
        tracing::warn!(notification.id = %message.id, "the outcome came after its lease");
    }
    Ok(())
}

async fn succeeded(
    app: &App,
    tx: &mut Connection,
    message: &Message,
    provider_id: Option<&str>,
) -> Result<bool, AppError> {
    let now = app.clock.now();
    let provider_id = provider_id.map(str::to_owned);
    let release = Release::Sent { provider_id: provider_id.clone(), at: now };
    let held = store::queue::release(tx, message, &release).await?;
    if held {
        let ending = Ending { provider_id, error: None };
        store::attempts::end(tx, (message.id, message.attempts), &ending, now).await?;
        events::sent(tx, now, message).await?;
    }
    Ok(held)
}

async fn failed(
    app: &App,
    tx: &mut Connection,
    message: &Message,
    error: &SendError,
    jitter_permille: i64,
) -> Result<bool, AppError> {
    let now = app.clock.now();
    let kind = error.kind;
    let why = (kind, error.detail.clone());
    let ending = Ending { provider_id: None, error: Some(why.clone()) };
    let (attempts, flagged) = (message.attempts, message.maybe_duplicate);
    let release = match delivery::after_failure(kind, attempts, flagged, now, jitter_permille) {
        Step::Retry { due_at, maybe_duplicate } => {
            Release::Requeued { due_at, maybe_duplicate, error: why }
        }
        Step::Fail => Release::Ended { status: Status::Failed, error: why },
        Step::LeaveUnknown => Release::Ended { status: Status::Unknown, error: why },
    };
    let held = store::queue::release(tx, message, &release).await?;
    if held {
        store::attempts::end(tx, (message.id, message.attempts), &ending, now).await?;
    }
    if held && matches!(release, Release::Ended { .. }) {
        events::failed(tx, now, message, kind).await?;
    }
    Ok(held)
}

/// Takes back messages whose worker is gone (killed, frozen, cut off): nobody knows whether they
/// were sent. Answers how many there were.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn recover_lost(app: &App) -> Result<usize, AppError> {
    let mut conn = app.pool.get().await?;
    let gone = SendError {
        kind: ErrorKind::OutcomeLost,
        detail: "the worker went away while sending".to_owned(),
    };
    let count = transaction(&mut conn, async |tx| -> Result<usize, AppError> {
        let lost = store::queue::lost_for_update(tx, app.clock.now(), LOST_AT_ONCE).await?;
        for claimed in &lost {
            failed(app, tx, &claimed.message, &gone, 0).await?;
        }
        Ok(lost.len())
    })
    .await?;
    if count > 0 {
        tracing::warn!(count, "messages whose outcome was lost");
        app.committed();
    }
    Ok(count)
}
