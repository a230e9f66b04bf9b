//! Getting a link from the provider: asked (a row, leased to one caller) → call → answered.
//!
//! The lease keeps a composition and a worker from both calling. A caller that died after asking
//! may have made a link without telling: whoever comes next looks for it by our own name first.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use konveksi_db::{Connection, transaction};
use konveksi_eventing::Envelope;
use konveksi_kernel::InvoiceId;
use tokio::task::JoinSet;
use tracing::Instrument as _;

use super::{App, AppError};
use crate::domain::link::retry_delay_seconds;
use crate::domain::{
    Invoice, InvoiceStatus, Link, LinkState, OrderView, PaymentSource, poll_delay_seconds,
};
use crate::providers::{Fault, MadeLink, NewLink, ProviderError, ProviderStatus};
use crate::store::links::TracedLink;
use crate::{events, kill, store};

/// How long a composition waits for a link that somebody else is making.
const PATIENCE: Duration = Duration::from_secs(8);
/// How often it looks.
const LOOK: Duration = Duration::from_millis(50);
/// Links a worker asks for at once.
const BATCH: i64 = 4;

/// Sees to it that the invoice's link is ready: makes it when the caller has `claimed` it, else
/// waits for who is making it and takes over when they fail. Answers the events it told; nothing
/// when there was nothing to make.
///
/// # Errors
/// [`AppError::Provider`] when the provider failed (a worker tries again later);
/// [`AppError::LinkPending`] when somebody else was not done in time; [`AppError::Db`].
pub(crate) async fn now(
    app: &App,
    invoice: InvoiceId,
    mut claimed: Option<TracedLink>,
) -> Result<Vec<Envelope>, AppError> {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(claimed) = claimed.take() {
            return ask(app, &claimed).await;
        }
        let mut conn = app.pool.get().await?;
        let live = store::links::live_of(&mut conn, invoice).await?;
        match live.map(|link| link.state) {
            Some(LinkState::Asked) if tokio::time::Instant::now() < deadline => {}
            Some(LinkState::Asked) => return Err(AppError::LinkPending),
            Some(LinkState::Ready | LinkState::Superseded | LinkState::Failed) | None => {
                return Ok(Vec::new());
            }
        }
        claimed = store::links::claim_of_invoice(&mut conn, invoice, app.clock.now()).await?;
        drop(conn);
        if claimed.is_none() {
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// For answers that stand without a link: a provider that failed, or is slow, is no error then. A
/// worker makes the link later.
///
/// # Errors
/// All others.
pub(crate) fn or_later(made: Result<Vec<Envelope>, AppError>) -> Result<Vec<Envelope>, AppError> {
    match made {
        Err(error @ (AppError::Provider(_) | AppError::LinkPending)) => {
            tracing::warn!(error = %konveksi_web::error_chain(&error), "the link comes later");
            Ok(Vec::new())
        }
        other => other,
    }
}

/// Asks for links that are due; answers how many were tried. Failures are stored and tried again
/// later, never answered.
///
/// # Errors
/// [`AppError::Db`] when the links cannot be claimed.
pub(crate) async fn due(app: &Arc<App>) -> Result<usize, AppError> {
    let mut conn = app.pool.get().await?;
    let claimed = store::links::claim_due(&mut conn, app.clock.now(), BATCH).await?;
    drop(conn);
    let tried = claimed.len();
    let mut asking = JoinSet::new();
    for link in claimed {
        let app = app.clone();
        let span = tracing::info_span!("make_link", invoice.id = %link.link.invoice_id);
        if link.link.attempts <= 1 {
            link.trace.attach_to(&span);
        } else {
            link.trace.link_to(&span);
        }
        asking.spawn(
            async move {
                if let Err(error) = ask(&app, &link).await {
                    tracing::warn!(
                        error = %konveksi_web::error_chain(&error),
                        "a payment link was not made",
                    );
                }
            }
            .instrument(span),
        );
    }
    asking.join_all().await;
    Ok(tried)
}

/// Calls the provider for a claimed link and stores what it answered.
async fn ask(app: &App, claimed: &TracedLink) -> Result<Vec<Envelope>, AppError> {
    let link = &claimed.link;
    let mut conn = app.pool.get().await?;
    let invoice = store::invoices::find(&mut conn, link.invoice_id)
        .await?
        .ok_or(AppError::InvoiceNotFound)?;
    let order =
        store::orders::find(&mut conn, invoice.order_id).await?.ok_or(AppError::OrderNotFound)?;
    let link = &Link { provider: settled_provider(app, &mut conn, link).await?, ..link.clone() };
    // No connection is held while the provider thinks.
    drop(conn);

    kill::point("link_asked");
    let now = app.clock.now();
    let expires_at = expiry(&invoice, link, now);
    let made = call(app, link, &describe(app, (&invoice, &order), link, expires_at - now)).await;
    kill::point("link_made");
    match made {
        Ok(made) => answered(app, &invoice, link, &made, expires_at).await,
        Err(error) => {
            not_answered(app, link, &error).await?;
            Err(AppError::Provider(error))
        }
    }
}

/// Where the link is made: what was chosen when it is asked for the first time stays, because a
/// second attempt has to look where the first one may have made it.
async fn settled_provider(
    app: &App,
    conn: &mut Connection,
    link: &Link,
) -> Result<PaymentSource, AppError> {
    let chosen = app.providers.chosen;
    if link.attempts > 1 || link.provider == chosen {
        return Ok(link.provider);
    }
    store::links::settle_provider(conn, link.id, chosen).await?;
    Ok(chosen)
}

/// Until when the link is good: the invoice's own end, but when the provider could not be asked at
/// first, the customer gets the whole lifetime all the same.
fn expiry(invoice: &Invoice, link: &Link, now: DateTime<Utc>) -> DateTime<Utc> {
    if link.attempts <= 1 {
        invoice.expires_at
    } else {
        invoice.expires_at.max(now + invoice.kind.lifetime())
    }
}

fn describe(
    app: &App,
    (invoice, order): (&Invoice, &OrderView),
    link: &Link,
    lifetime: chrono::Duration,
) -> NewLink {
    let back = |page: &str| {
        format!(
            "{}/api/v1/payment/{page}/?order={}&invoice={}",
            app.public_url, order.code, invoice.code
        )
    };
    NewLink {
        external_id: link.external_id.clone(),
        amount: link.amount,
        description: format!("{} pesanan {}", invoice.kind.label(), order.code),
        lifetime,
        success_url: back("success"),
        failure_url: back("failed"),
    }
}

async fn call(app: &App, link: &Link, new: &NewLink) -> Result<MadeLink, ProviderError> {
    let provider = app.providers.of(link.provider)?;
    if link.attempts > 1
        && let Some(found) = provider.find(&link.external_id).await?
        && found.amount == link.amount
        && found.status != ProviderStatus::Expired
    {
        return Ok(MadeLink { id: found.id, url: found.url });
    }
    provider.create(new).await
}

/// Stores the provider's answer. A link that was replaced, or whose invoice no longer waits, is
/// noted (money may arrive on it) and taken down.
async fn answered(
    app: &App,
    seen: &Invoice,
    link: &Link,
    made: &MadeLink,
    expires_at: DateTime<Utc>,
) -> Result<Vec<Envelope>, AppError> {
    let mut conn = app.pool.get().await?;
    let told = transaction(&mut conn, async |tx| {
        let now = app.clock.now();
        store::orders::find_money_for_update(tx, seen.order_id).await?;
        let mut invoice = store::invoices::find_for_update(tx, seen.id)
            .await?
            .ok_or(AppError::InvoiceNotFound)?;
        let order = store::orders::find(tx, seen.order_id).await?.ok_or(AppError::OrderNotFound)?;
        let stored = store::links::find_for_update(tx, link.id).await?;
        let names = (made.id.as_str(), made.url.as_str());
        let poll_at = first_poll(link.provider, now);
        match stored.map(|stored| stored.state) {
            Some(LinkState::Asked) if invoice.status == InvoiceStatus::Unpaid => {
                store::links::answered(tx, link.id, names, LinkState::Ready, poll_at).await?;
                let notify = std::mem::take(&mut invoice.notify);
                invoice.expires_at = expires_at;
                invoice.version += 1;
                store::invoices::update(tx, &invoice).await?;
                let about = (&invoice, &order);
                let told = events::invoice_created(tx, now, about, names.1, notify).await?;
                Ok(vec![told])
            }
            Some(LinkState::Asked | LinkState::Superseded | LinkState::Failed) => {
                store::links::answered(tx, link.id, names, LinkState::Superseded, poll_at).await?;
                store::links::take_down(tx, link.id, now).await?;
                Ok(Vec::new())
            }
            // Somebody took over after our lease and was faster; what we made has no row of its
            // own. Money on it is still recognised, by our name for it.
            Some(LinkState::Ready) | None => {
                tracing::warn!(invoice.id = %seen.id, "a payment link was made twice");
                Ok::<_, AppError>(Vec::new())
            }
        }
    })
    .await?;
    app.wake.relay();
    app.work.links();
    Ok(told)
}

/// When the provider is first asked how the link stands; there is nobody to ask without one.
fn first_poll(provider: PaymentSource, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let first = chrono::Duration::seconds(poll_delay_seconds(1));
    match provider {
        PaymentSource::Xendit | PaymentSource::Midtrans => Some(now + first),
        PaymentSource::Manual | PaymentSource::Mutation | PaymentSource::Credit => None,
    }
}

async fn not_answered(app: &App, link: &Link, error: &ProviderError) -> Result<(), AppError> {
    let now = app.clock.now();
    let again = error
        .is_retryable()
        .then(|| now + chrono::Duration::seconds(retry_delay_seconds(link.attempts)));
    if error.fault() == Fault::Ours {
        tracing::error!(
            error = %konveksi_web::error_chain(error),
            invoice.id = %link.invoice_id,
            "the provider refuses our request",
        );
    }
    let why = konveksi_web::error_chain(error);
    let mut conn = app.pool.get().await?;
    store::links::not_answered(&mut conn, link.id, again, &why).await?;
    Ok(())
}
