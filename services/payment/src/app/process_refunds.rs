//! Refunds that a provider pays: asked (stored) → call → answered (stored). A crash or a lost
//! answer in between leaves the outcome unknown; the amount stays held, and the provider is asked
//! by our own name for the refund until it says how it ended.

use std::sync::Arc;

use chrono::Duration;
use konveksi_db::transaction;
use konveksi_kernel::RefundId;
use tokio::task::JoinSet;
use tracing::Instrument as _;

use super::end_refund::{completed, released};
use super::refund_money::locked;
use super::{App, AppError};
use crate::domain::{Payment, Refund, RefundState, poll_delay_seconds};
use crate::providers::{NewRefund, ProviderError, ProviderRefund, RefundProgress};
use crate::{kill, store};

/// Refunds worked on at once.
const BATCH: i64 = 4;

/// Works on refunds that are due; answers how many.
///
/// # Errors
/// [`AppError::Db`] when they cannot be claimed.
pub(crate) async fn due(app: &Arc<App>) -> Result<usize, AppError> {
    let mut conn = app.pool.get().await?;
    let claimed = transaction(&mut conn, async |tx| {
        Ok::<_, AppError>(store::refunds::claim_due(tx, app.clock.now(), BATCH).await?)
    })
    .await?;
    drop(conn);
    let tried = claimed.len();
    let mut working = JoinSet::new();
    for id in claimed {
        let app = app.clone();
        let span = tracing::info_span!("process_refund", refund.id = %id);
        let work = async move {
            if let Err(error) = process(&app, id).await {
                // The claim runs out by itself, and the provider is asked again.
                let why = konveksi_web::error_chain(&error);
                tracing::warn!(error = %why, "a refund waits for another try");
            }
        };
        working.spawn(work.instrument(span));
    }
    working.join_all().await;
    Ok(tried)
}

async fn process(app: &App, id: RefundId) -> Result<(), AppError> {
    let Some((refund, payment)) = begin(app, id).await? else { return Ok(()) };
    kill::point("refund_begun");
    let Some(source) = refund.provider else { return Ok(()) };
    let provider = app.providers.of(source).map_err(AppError::Provider)?;
    let asked = NewRefund {
        key: refund.id.to_string(),
        of: payment.provider_ref.clone().unwrap_or_default(),
        method: payment.method.clone(),
        amount: refund.amount,
    };
    let known = if refund.attempts > 1 {
        match provider.find_refund(&asked).await {
            Ok(known) => known,
            Err(error) => return later(app, &refund, error).await,
        }
    } else {
        None
    };
    let answer = match known {
        Some(known) => Ok(known),
        None => provider.refund(&asked).await,
    };
    kill::point("refund_sent");
    match answer {
        Ok(told) if told.amount != refund.amount => {
            tracing::error!("the provider paid back another amount than was asked for");
            later(app, &refund, ProviderError::Unreadable("another amount".to_owned())).await
        }
        Ok(told) => answered(app, &refund, told).await,
        Err(error) if error.refuses_refund() => {
            let why = konveksi_web::error_chain(&error);
            failed(app, refund.id, why.chars().take(300).collect()).await
        }
        Err(error) => later(app, &refund, error).await,
    }
}

/// Notes, before the call, that the provider is being asked. `None` when it needs not be any more.
async fn begin(app: &App, id: RefundId) -> Result<Option<(Refund, Payment)>, AppError> {
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| {
        let (mut refund, payment) = locked(tx, id).await?;
        match refund.state {
            RefundState::Approved | RefundState::Processing => {}
            RefundState::Requested
            | RefundState::Completed
            | RefundState::Failed
            | RefundState::Cancelled => {
                refund.due_at = None;
                store::refunds::update(tx, &refund).await?;
                return Ok(None);
            }
        }
        refund.begin(app.clock.now())?;
        store::refunds::update(tx, &refund).await?;
        Ok(Some((refund, payment)))
    })
    .await
}

async fn answered(app: &App, refund: &Refund, told: ProviderRefund) -> Result<(), AppError> {
    match told.progress {
        RefundProgress::Failed(why) => failed(app, refund.id, why).await,
        RefundProgress::Pending => {
            let mut conn = app.pool.get().await?;
            transaction(&mut conn, async |tx| {
                let (mut refund, _payment) = locked(tx, refund.id).await?;
                // Its end may have been told, and booked, while this answer was on its way.
                if refund.state != RefundState::Processing {
                    return Ok(());
                }
                let delay = Duration::seconds(poll_delay_seconds(refund.attempts));
                refund.provider_ref = Some(told.id);
                refund.due_at = Some(app.clock.now() + delay);
                store::refunds::update(tx, &refund).await?;
                Ok(())
            })
            .await
        }
        RefundProgress::Paid(at) => {
            let mut conn = app.pool.get().await?;
            transaction(&mut conn, async |tx| {
                let now = app.clock.now();
                let (mut refund, payment) = locked(tx, refund.id).await?;
                if refund.state != RefundState::Processing {
                    return Ok(());
                }
                refund.provider_ref = Some(told.id);
                refund.paid_by_provider(at.unwrap_or(now), now)?;
                completed(tx, now, &refund, &payment).await
            })
            .await?;
            app.wake.relay();
            app.work.links();
            Ok(())
        }
    }
}

async fn failed(app: &App, id: RefundId, why: String) -> Result<(), AppError> {
    tracing::error!(refund.id = %id, why, "the provider does not pay a refund");
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| {
        let now = app.clock.now();
        let (mut refund, payment) = locked(tx, id).await?;
        refund.fail(why, now)?;
        released(tx, now, &refund, &payment).await
    })
    .await
}

/// The outcome is unknown: the amount stays held and the provider is asked again.
async fn later(app: &App, refund: &Refund, error: ProviderError) -> Result<(), AppError> {
    let mut conn = app.pool.get().await?;
    let due_at = app.clock.now() + Duration::seconds(poll_delay_seconds(refund.attempts));
    store::refunds::poll_at(&mut conn, refund.id, due_at).await?;
    Err(AppError::Provider(error))
}
