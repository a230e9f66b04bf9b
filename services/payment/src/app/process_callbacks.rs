//! Working out what callbacks mean. A callback only says where to look: the provider is asked,
//! and what it answers is booked. So a forged, late or reordered callback changes nothing that
//! the provider does not confirm.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use konveksi_db::{Connection, transaction};
use konveksi_kernel::RefundId;
use tokio::task::JoinSet;
use tracing::Instrument as _;

use super::callback::{self, Notice, Subject};
use super::settle_link::{self, Settled};
use super::{App, AppError};
use crate::domain::link::retry_delay_seconds;
use crate::domain::{Invoice, Link, PaymentSource};
use crate::kill;
use crate::providers::{ProviderError, ProviderInvoice, ProviderStatus};
use crate::store;
use crate::store::links::TracedLink;
use crate::store::webhooks::{About, Claimed, End};

/// Callbacks claimed at once: few enough to be through long before their claim runs out.
const BATCH: i64 = 24;
/// Callbacks worked on at once; well below the pool's size.
const AT_ONCE: usize = 8;
/// How often the provider is asked about a callback that it does not confirm.
const UNCONFIRMED_TRIES: i32 = 4;

/// Works on callbacks that are due; answers how many were tried.
///
/// # Errors
/// [`AppError::Db`] when they cannot be claimed.
pub(crate) async fn due(app: &Arc<App>) -> Result<usize, AppError> {
    let mut conn = app.pool.get().await?;
    let claimed = store::webhooks::claim(&mut conn, app.clock.now(), BATCH).await?;
    drop(conn);
    if !claimed.is_empty() {
        kill::point("callback_claimed");
    }
    let tried = claimed.len();
    let mut working = JoinSet::new();
    for one in claimed {
        if working.len() >= AT_ONCE {
            working.join_next().await;
        }
        let span = tracing::info_span!("process_callback", callback.id = %one.id);
        if one.attempts <= 1 {
            one.trace.attach_to(&span);
        } else {
            one.trace.link_to(&span);
        }
        let app = app.clone();
        let work = async move {
            if let Err(error) = process(&app, &one).await {
                let why = konveksi_web::error_chain(&error);
                tracing::warn!(error = %why, "a callback waits for another try");
                postpone(&app, &one, &why).await;
            }
        };
        working.spawn(work.instrument(span));
    }
    working.join_all().await;
    Ok(tried)
}

/// Lets a callback be tried again. When even that fails, its claim runs out by itself.
async fn postpone(app: &App, claimed: &Claimed, why: &str) {
    let due_at = app.clock.now() + Duration::seconds(retry_delay_seconds(claimed.attempts));
    let stored = async {
        let mut conn = app.pool.get().await?;
        store::webhooks::retry(&mut conn, claimed.id, due_at, why).await
    };
    if let Err(error) = stored.await {
        tracing::warn!(error = %error, "a callback stays claimed until its claim runs out");
    }
}

async fn process(app: &App, claimed: &Claimed) -> Result<(), AppError> {
    let read = match PaymentSource::from_wire(&claimed.source) {
        Some(source) => callback::read(source, &claimed.body).map(|read| (source, read.subject)),
        None => Err("an unknown sender".to_owned()),
    };
    let nothing = About::default();
    match read {
        Ok((source, Subject::Link(notice))) => link(app, claimed, source, &notice).await,
        Ok((_source, Subject::Refund(id))) => refund(app, claimed, id).await,
        Ok((_source, Subject::Other)) => {
            finish(app, claimed, End::Ignored, "about nothing of ours", nothing).await
        }
        Err(why) => finish(app, claimed, End::Failed, &why, nothing).await,
    }
}

/// A refund's end: the worker that asked for it asks again, now.
async fn refund(app: &App, claimed: &Claimed, id: RefundId) -> Result<(), AppError> {
    let mut conn = app.pool.get().await?;
    let order_id = store::refunds::hurry(&mut conn, id, app.clock.now()).await?;
    drop(conn);
    app.work.refunds();
    let about = About { order_id, invoice_id: None };
    match order_id {
        Some(_) => finish(app, claimed, End::Processed, "the provider is asked", about).await,
        None => finish(app, claimed, End::Ignored, "unknown refund", about).await,
    }
}

async fn link(
    app: &App,
    claimed: &Claimed,
    source: PaymentSource,
    notice: &Notice,
) -> Result<(), AppError> {
    let mut conn = app.pool.get().await?;
    let Some(link) = find_link(&mut conn, source, notice).await? else {
        drop(conn);
        return finish(app, claimed, End::Ignored, "unknown invoice", About::default()).await;
    };
    link.trace.link_to(&tracing::Span::current());
    let invoice = store::invoices::find(&mut conn, link.link.invoice_id)
        .await?
        .ok_or(AppError::InvoiceNotFound)?;
    if notice.refunded {
        store::refunds::hurry_of_invoice(&mut conn, invoice.id, app.clock.now()).await?;
        app.work.refunds();
    }
    // No connection is held while the provider thinks.
    drop(conn);
    let about = About { order_id: Some(invoice.order_id), invoice_id: Some(invoice.id) };

    let provider = app.providers.of(source).map_err(AppError::Provider)?;
    let confirmed = match provider.get(&notice.id).await {
        Ok(confirmed) => confirmed,
        Err(ProviderError::NotFound) => {
            return finish(app, claimed, End::Ignored, "not the provider's", about).await;
        }
        Err(error) => return Err(AppError::Provider(error)),
    };
    kill::point("callback_confirmed");
    let link = &link.link;
    if let Some(why) = settle_link::contradiction(&confirmed, link) {
        tracing::error!(invoice.id = %invoice.id, why, "a callback contradicts our books");
        return finish(app, claimed, End::Failed, why, about).await;
    }
    match confirmed.status {
        ProviderStatus::Paid => paid(app, claimed, (&invoice, link), &confirmed).await,
        ProviderStatus::Expired => expired(app, claimed, &invoice, link).await,
        ProviderStatus::Pending | ProviderStatus::Unknown => {
            unconfirmed(app, claimed, notice, about).await
        }
    }
}

/// The link a callback is about: by the provider's id; money on an unknown id also by our name.
async fn find_link(
    conn: &mut Connection,
    source: PaymentSource,
    notice: &Notice,
) -> Result<Option<TracedLink>, AppError> {
    if let Some(link) = store::links::find_by_provider_id(conn, source, &notice.id).await? {
        return Ok(Some(link));
    }
    match notice.claims {
        ProviderStatus::Paid => {
            let found = store::links::find_by_external_id(conn, &notice.external_id).await?;
            Ok(found.filter(|found| found.link.provider == source))
        }
        ProviderStatus::Expired | ProviderStatus::Pending | ProviderStatus::Unknown => Ok(None),
    }
}

async fn paid(
    app: &App,
    claimed: &Claimed,
    (invoice, link): (&Invoice, &Link),
    confirmed: &ProviderInvoice,
) -> Result<(), AppError> {
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| {
        let now = app.clock.now();
        let settled = settle_link::paid(tx, now, (invoice, link), confirmed).await?;
        close(tx, claimed, End::Processed, settled.reason(), invoice).await?;
        kill::point("callback_booked");
        Ok::<_, AppError>(())
    })
    .await?;
    kill::point("callback_committed");
    app.wake.relay();
    app.work.links();
    Ok(())
}

async fn expired(
    app: &App,
    claimed: &Claimed,
    invoice: &Invoice,
    link: &Link,
) -> Result<(), AppError> {
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| {
        let settled = settle_link::expired(tx, app.clock.now(), (invoice, link)).await?;
        let end = match settled {
            Settled::Expired => End::Processed,
            Settled::NothingToExpire
            | Settled::BookedBefore
            | Settled::TooLow
            | Settled::Late
            | Settled::Paid => End::Ignored,
        };
        close(tx, claimed, end, settled.reason(), invoice).await
    })
    .await?;
    app.wake.relay();
    Ok(())
}

/// The callback says more than the provider does: asked again a few times, then let go.
async fn unconfirmed(
    app: &App,
    claimed: &Claimed,
    notice: &Notice,
    about: About,
) -> Result<(), AppError> {
    if matches!(notice.claims, ProviderStatus::Pending | ProviderStatus::Unknown) {
        return finish(app, claimed, End::Ignored, "tells nothing new", about).await;
    }
    if claimed.attempts < UNCONFIRMED_TRIES {
        let due_at = retry_at(app, claimed);
        let mut conn = app.pool.get().await?;
        store::webhooks::retry(&mut conn, claimed.id, due_at, "not confirmed yet").await?;
        return Ok(());
    }
    finish(app, claimed, End::Failed, "never confirmed by the provider", about).await
}

fn retry_at(app: &App, claimed: &Claimed) -> DateTime<Utc> {
    app.clock.now() + Duration::seconds(retry_delay_seconds(claimed.attempts))
}

/// Closes a callback within the transaction of its effect. When somebody else closed it first,
/// their effect stands and ours is rolled back.
async fn close(
    tx: &mut Connection,
    claimed: &Claimed,
    end: End,
    reason: &str,
    invoice: &Invoice,
) -> Result<(), AppError> {
    let about = About { order_id: Some(invoice.order_id), invoice_id: Some(invoice.id) };
    store::webhooks::finish(tx, claimed.id, end, reason, about).await?;
    Ok(())
}

async fn finish(
    app: &App,
    claimed: &Claimed,
    end: End,
    reason: &str,
    about: About,
) -> Result<(), AppError> {
    tracing::info!(callback.id = %claimed.id, status = end.as_wire(), reason, "callback closed");
    let mut conn = app.pool.get().await?;
    store::webhooks::finish(&mut conn, claimed.id, end, reason, about).await?;
    Ok(())
}
