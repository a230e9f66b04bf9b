//! The janitor of links: callbacks may fail to come, so the provider is asked by ourselves, after
//! 1, 5 and 15 minutes, 1 and 6 hours, then daily (`reliability.md` part C). With callbacks switched
//! off everything ends as it would with them, only later.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use konveksi_db::transaction;
use tokio::task::JoinSet;
use tracing::Instrument as _;

use super::{App, AppError, settle_link};
use crate::domain::{Invoice, InvoiceStatus, Link, poll_delay_seconds};
use crate::providers::{ProviderError, ProviderStatus};
use crate::store;
use crate::store::links::TracedLink;

/// Links asked about at once.
const BATCH: i64 = 4;
/// After this many times (a week and more) a link is let go when its invoice waits for it no more.
const ENOUGH: i32 = 12;

/// Asks about links that are due; answers how many.
///
/// # Errors
/// [`AppError::Db`] when they cannot be claimed.
pub(crate) async fn due(app: &Arc<App>) -> Result<usize, AppError> {
    let mut conn = app.pool.get().await?;
    let claimed = store::links::claim_polls(&mut conn, app.clock.now(), BATCH).await?;
    drop(conn);
    let asked = claimed.len();
    let mut asking = JoinSet::new();
    for (link, polls) in claimed {
        let app = app.clone();
        let span = tracing::info_span!("poll_link", invoice.id = %link.link.invoice_id);
        let work = async move {
            if let Err(error) = poll(&app, &link, polls).await {
                // The claim runs out by itself, and it is asked again.
                let why = konveksi_web::error_chain(&error);
                tracing::warn!(error = %why, "how a link stands is not known yet");
            }
        };
        asking.spawn(work.instrument(span));
    }
    asking.join_all().await;
    Ok(asked)
}

async fn poll(app: &App, traced: &TracedLink, polls: i32) -> Result<(), AppError> {
    let link = &traced.link;
    traced.trace.link_to(&tracing::Span::current());
    let mut conn = app.pool.get().await?;
    let invoice = store::invoices::find(&mut conn, link.invoice_id)
        .await?
        .ok_or(AppError::InvoiceNotFound)?;
    // No connection is held while the provider thinks.
    drop(conn);
    let Some(provider_id) = &link.provider_id else { return stop(app, link).await };
    let answer = match app.providers.of(link.provider) {
        Ok(provider) => provider.get(provider_id).await,
        Err(error) => Err(error),
    };
    let confirmed = match answer {
        Ok(confirmed) => confirmed,
        Err(ProviderError::NotFound) => {
            tracing::error!(invoice.id = %invoice.id, "the provider knows no link of ours");
            return stop(app, link).await;
        }
        Err(error) => {
            again(app, &invoice, link, polls).await?;
            return Err(AppError::Provider(error));
        }
    };
    if let Some(why) = settle_link::contradiction(&confirmed, link) {
        tracing::error!(invoice.id = %invoice.id, why, "a link contradicts our books");
        return stop(app, link).await;
    }
    match confirmed.status {
        ProviderStatus::Pending | ProviderStatus::Unknown => {
            again(app, &invoice, link, polls).await
        }
        ProviderStatus::Paid => {
            let mut conn = app.pool.get().await?;
            let settled = transaction(&mut conn, async |tx| {
                let now = app.clock.now();
                settle_link::paid(tx, now, (&invoice, link), &confirmed).await
            })
            .await?;
            told(app, &invoice, settled);
            Ok(())
        }
        ProviderStatus::Expired => {
            let mut conn = app.pool.get().await?;
            let settled = transaction(&mut conn, async |tx| {
                settle_link::expired(tx, app.clock.now(), (&invoice, link)).await
            })
            .await?;
            told(app, &invoice, settled);
            Ok(())
        }
    }
}

fn told(app: &App, invoice: &Invoice, settled: settle_link::Settled) {
    tracing::info!(invoice.id = %invoice.id, settled = settled.reason(), "a link was asked about");
    app.wake.relay();
    app.work.links();
}

async fn again(app: &App, invoice: &Invoice, link: &Link, polls: i32) -> Result<(), AppError> {
    let waits = invoice.status == InvoiceStatus::Unpaid;
    if !waits && polls >= ENOUGH {
        return stop(app, link).await;
    }
    let next: DateTime<Utc> = app.clock.now() + Duration::seconds(poll_delay_seconds(polls + 1));
    let mut conn = app.pool.get().await?;
    store::links::poll_at(&mut conn, link.id, Some(next)).await?;
    Ok(())
}

async fn stop(app: &App, link: &Link) -> Result<(), AppError> {
    let mut conn = app.pool.get().await?;
    store::links::poll_at(&mut conn, link.id, None).await?;
    Ok(())
}
