//! A payment link on demand (contract row 24): staff ask for the deposit, the rest or the whole.

use chrono::{DateTime, Utc};
use konveksi_db::Connection;
use konveksi_eventing::Envelope;
use konveksi_kernel::{InvoiceId, OrderId};
use rust_decimal::Decimal;

use super::hear_order::{Fact, hear_order};
use super::invoicing::{NewInvoice, cancel_open_but, relink, write};
use super::{App, AppError, plan_steps};
use crate::domain::{
    Channel, Invoice, InvoiceKind, InvoiceStatus, LinkState, OrderMoney, OrderView, PaymentPlan,
};
use crate::store;
use crate::store::links::TracedLink;

/// What is wished for; what is absent follows from the order.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wish {
    /// What to ask for.
    pub(crate) kind: Option<InvoiceKind>,
    /// The deposit's share.
    pub(crate) deposit_percent: Option<Decimal>,
    /// Where the customer is written to.
    pub(crate) channel: Option<Channel>,
}

/// A link to be made, and how it came about.
#[derive(Debug, Clone)]
pub(crate) struct Linking {
    /// The invoice that is to have it.
    pub(crate) invoice_id: InvoiceId,
    /// Whether a live one was there already.
    pub(crate) reused: bool,
    /// The link, when it is this caller's to ask for.
    pub(crate) claimed: Option<TracedLink>,
    /// What was told.
    pub(crate) told: Vec<Envelope>,
}

/// Within `tx`: a live invoice of the wished kind, or a new one; an expired one lives again. Other
/// open invoices of the order are cancelled, so that nobody pays twice; an order with a plan is
/// asked for the part that is due next, whatever is wished. Sends nothing. A `snapshot` of the
/// order counts like the order's own events.
///
/// # Errors
/// [`AppError::OrderNotFound`], [`AppError::OrderClosed`], [`AppError::DepositPaid`],
/// [`AppError::PartlyPaid`], [`AppError::NothingLeft`], [`AppError::Db`].
pub(crate) async fn payment_link(
    app: &App,
    tx: &mut Connection,
    order: OrderId,
    snapshot: Option<&OrderView>,
    wish: Wish,
) -> Result<Linking, AppError> {
    let now = app.clock.now();
    if let Some(snapshot) = snapshot {
        hear_order(app, tx, snapshot, Fact::Changed).await?;
    }
    let sums =
        store::orders::find_money_for_update(tx, order).await?.ok_or(AppError::OrderNotFound)?;
    let order = store::orders::find(tx, order).await?.ok_or(AppError::OrderNotFound)?;
    let existing = store::invoices::of_order_for_update(tx, order.id).await?;
    if order.is_live()
        && let Some(part) = plan_steps::next_open_part(tx, order.id).await?
    {
        let (invoice, reused) = revive(tx, now, part, wish.channel).await?;
        let claimed = store::links::claim_of_invoice(tx, invoice.id, now).await?;
        return Ok(Linking { invoice_id: invoice.id, reused, claimed, told: Vec::new() });
    }
    let kind = choose(&order, &sums, &existing, wish.kind)?;
    let open = existing.into_iter().find(|one| one.kind == kind && one.status.is_open());
    let (invoice, reused) = if let Some(invoice) = open {
        revive(tx, now, invoice, wish.channel).await?
    } else {
        let new = NewInvoice {
            kind,
            deposit_percent: wish.deposit_percent,
            channel: wish.channel.unwrap_or(order.channel),
            notify: false,
        };
        (write(tx, now, (&order, &sums), new).await?, false)
    };
    let told = cancel_open_but(tx, now, &order, Some(invoice.id)).await?;
    let claimed = store::links::claim_of_invoice(tx, invoice.id, now).await?;
    Ok(Linking { invoice_id: invoice.id, reused, claimed, told })
}

/// What to ask for, from what is wished, how the order is paid and what came already.
fn choose(
    order: &OrderView,
    sums: &OrderMoney,
    existing: &[Invoice],
    wished: Option<InvoiceKind>,
) -> Result<InvoiceKind, AppError> {
    if !order.is_live() {
        return Err(AppError::OrderClosed);
    }
    if sums.paid() >= order.total {
        return Err(AppError::NothingLeft);
    }
    let nothing_paid = sums.paid().is_zero();
    let is_open = |kind| existing.iter().any(|one| one.kind == kind && one.status.is_open());
    let deposit_paid = existing
        .iter()
        .any(|one| one.kind == InvoiceKind::Deposit && one.status == InvoiceStatus::Paid);
    match (wished, order.plan) {
        (None, plan) if nothing_paid => Ok(InvoiceKind::first_of(plan)),
        (None, _) if is_open(InvoiceKind::Full) => Ok(InvoiceKind::Full),
        (Some(InvoiceKind::Deposit), PaymentPlan::Deposit) if deposit_paid => {
            Err(AppError::DepositPaid)
        }
        (Some(InvoiceKind::Deposit), PaymentPlan::Deposit) => Ok(InvoiceKind::Deposit),
        // The public client asks for a deposit whatever the order is (contract skeleton C).
        (Some(InvoiceKind::Deposit | InvoiceKind::Full), _)
            if nothing_paid || is_open(InvoiceKind::Full) =>
        {
            Ok(InvoiceKind::Full)
        }
        (Some(InvoiceKind::Deposit | InvoiceKind::Full), _) => Err(AppError::PartlyPaid),
        (Some(InvoiceKind::Final), PaymentPlan::Full) if nothing_paid => Ok(InvoiceKind::Full),
        (None | Some(InvoiceKind::Final), _) => Ok(InvoiceKind::Final),
    }
}

/// The open invoice again: as it is when it can be paid, with a new life when it expired, with a
/// new link when it has none. Answers whether it could be paid already.
pub(super) async fn revive(
    tx: &mut Connection,
    now: DateTime<Utc>,
    mut invoice: Invoice,
    channel: Option<Channel>,
) -> Result<(Invoice, bool), AppError> {
    if let Some(channel) = channel.filter(|&channel| channel != invoice.channel) {
        invoice.channel = channel;
        invoice.version += 1;
        store::invoices::update(tx, &invoice).await?;
    }
    let live = store::links::live_of(tx, invoice.id).await?;
    if invoice.status == InvoiceStatus::Unpaid && invoice.expires_at > now {
        let reused = match live.as_ref().map(|link| link.state) {
            Some(LinkState::Ready) => true,
            Some(LinkState::Asked) => false,
            Some(LinkState::Superseded | LinkState::Failed) | None => {
                relink(tx, now, &invoice).await?;
                false
            }
        };
        return Ok((invoice, reused));
    }
    invoice.reissue(now).map_err(|error| AppError::of(&invoice, error))?;
    store::invoices::update(tx, &invoice).await?;
    relink(tx, now, &invoice).await?;
    Ok((invoice, false))
}
