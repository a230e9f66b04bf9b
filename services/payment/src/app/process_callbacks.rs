//! Working out what callbacks mean. A callback only says where to look: the provider is asked,
//! and what it answers is booked. So a forged, late or reordered callback changes nothing that
//! the provider does not confirm.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use konveksi_db::{Connection, transaction};
use tokio::task::JoinSet;
use tracing::Instrument as _;

use super::callback::{self, Notice};
use super::receive_money::{Incoming, receive};
use super::{App, AppError};
use crate::domain::link::retry_delay_seconds;
use crate::domain::{Invoice, InvoiceStatus, LinkState, PaymentSource, PaymentStatus};
use crate::providers::{ProviderError, ProviderInvoice, ProviderStatus};
use crate::store::links::TracedLink;
use crate::store::webhooks::{About, Claimed, End};
use crate::{events, store};

/// Callbacks worked on at once; well below the pool's size.
const BATCH: i64 = 4;
/// How often the provider is asked about a callback that it does not confirm.
const UNCONFIRMED_TRIES: i32 = 4;

/// Works on callbacks that are due; answers how many were tried.
///
/// # Errors
/// [`AppError::Db`] when they cannot be claimed.
pub(crate) async fn due(app: &Arc<App>) -> Result<usize, AppError> {
    let mut conn = app.pool.get().await?;
    let claimed = transaction(&mut conn, async |tx| {
        Ok::<_, AppError>(store::webhooks::claim(tx, app.clock.now(), BATCH).await?)
    })
    .await?;
    drop(conn);
    let tried = claimed.len();
    let mut working = JoinSet::new();
    for one in claimed {
        let app = app.clone();
        let span = tracing::info_span!("process_callback", callback.id = %one.id);
        if one.attempts <= 1 {
            one.trace.attach_to(&span);
        } else {
            one.trace.link_to(&span);
        }
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
    let notice = match callback::read(&claimed.body) {
        Ok(callback) => callback.notice,
        Err(why) => return finish(app, claimed, End::Failed, &why, About::default()).await,
    };
    let mut conn = app.pool.get().await?;
    let Some(link) = find_link(&mut conn, &notice).await? else {
        drop(conn);
        return finish(app, claimed, End::Ignored, "unknown invoice", About::default()).await;
    };
    link.trace.link_to(&tracing::Span::current());
    let invoice = store::invoices::find(&mut conn, link.link.invoice_id)
        .await?
        .ok_or(AppError::InvoiceNotFound)?;
    // No connection is held while the provider thinks.
    drop(conn);
    let about = About { order_id: Some(invoice.order_id), invoice_id: Some(invoice.id) };

    let confirmed = match app.provider.get(&notice.id).await {
        Ok(confirmed) => confirmed,
        Err(ProviderError::NotFound) => {
            return finish(app, claimed, End::Ignored, "not the provider's", about).await;
        }
        Err(error) => return Err(AppError::Provider(error)),
    };
    if let Some(why) = contradiction(&confirmed, &link) {
        tracing::error!(invoice.id = %invoice.id, why, "a callback contradicts our books");
        return finish(app, claimed, End::Failed, why, about).await;
    }
    match confirmed.status {
        ProviderStatus::Paid | ProviderStatus::Settled => {
            paid(app, claimed, (&invoice, &link), &confirmed).await
        }
        ProviderStatus::Expired => expired(app, claimed, &invoice, &link).await,
        ProviderStatus::Pending | ProviderStatus::Unknown => {
            unconfirmed(app, claimed, &notice, about).await
        }
    }
}

/// The link a callback is about: by the provider's id; money on an unknown id also by our name.
async fn find_link(conn: &mut Connection, notice: &Notice) -> Result<Option<TracedLink>, AppError> {
    if let Some(link) = store::links::find_by_provider_id(conn, &notice.id).await? {
        return Ok(Some(link));
    }
    match notice.status {
        ProviderStatus::Paid | ProviderStatus::Settled => {
            Ok(store::links::find_by_external_id(conn, &notice.external_id).await?)
        }
        ProviderStatus::Expired | ProviderStatus::Pending | ProviderStatus::Unknown => Ok(None),
    }
}

/// What in the provider's own answer does not fit our link.
fn contradiction(confirmed: &ProviderInvoice, link: &TracedLink) -> Option<&'static str> {
    if confirmed.currency != "IDR" {
        Some("not in rupiah")
    } else if confirmed.external_id != link.link.external_id {
        Some("another external_id")
    } else {
        None
    }
}

async fn paid(
    app: &App,
    claimed: &Claimed,
    (invoice, link): (&Invoice, &TracedLink),
    confirmed: &ProviderInvoice,
) -> Result<(), AppError> {
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| {
        let now = app.clock.now();
        let incoming = Incoming {
            invoice_id: invoice.id,
            order_id: invoice.order_id,
            source: PaymentSource::Xendit,
            provider_ref: Some(confirmed.id.clone()),
            method: method(confirmed),
            amount: confirmed.received(),
            asked: Some(link.link.amount),
            on_replaced_link: link.link.state == LinkState::Superseded,
            contact_info: String::new(),
            notes: None,
            paid_at: confirmed.paid_at.unwrap_or(now),
        };
        let reason = match receive(tx, now, incoming).await? {
            None => "booked before",
            Some((payment, _)) if payment.status == PaymentStatus::Suspended => "amount too low",
            Some((payment, _)) if payment.late => "paid late",
            Some(_) => "paid",
        };
        close(tx, claimed, End::Processed, reason, invoice).await
    })
    .await?;
    app.wake.relay();
    app.work.links();
    Ok(())
}

/// The provider's word for how it was paid.
fn method(confirmed: &ProviderInvoice) -> String {
    confirmed.payment_method.clone().unwrap_or_else(|| "XENDIT".to_owned())
}

/// The provider let the link end. That ends the invoice only while it waits on this very link: an
/// end after payment, or of a replaced link, tells nothing new.
async fn expired(
    app: &App,
    claimed: &Claimed,
    seen: &Invoice,
    link: &TracedLink,
) -> Result<(), AppError> {
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| {
        let now = app.clock.now();
        store::orders::find_money_for_update(tx, seen.order_id).await?;
        let mut invoice = store::invoices::find_for_update(tx, seen.id)
            .await?
            .ok_or(AppError::InvoiceNotFound)?;
        let live = store::links::live_of(tx, &[seen.id]).await?;
        let is_live = live.iter().any(|one| one.id == link.link.id);
        if invoice.status != InvoiceStatus::Unpaid || !is_live {
            return close(tx, claimed, End::Ignored, "nothing to expire", &invoice).await;
        }
        let order = store::orders::find(tx, seen.order_id).await?.ok_or(AppError::OrderNotFound)?;
        invoice.expire()?;
        store::invoices::update(tx, &invoice).await?;
        events::invoice_expired(tx, now, &invoice, &order).await?;
        close(tx, claimed, End::Processed, "expired", &invoice).await
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
    if notice.status == ProviderStatus::Pending || notice.status == ProviderStatus::Unknown {
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
