//! Steps that write, change and end invoices within somebody else's transaction. The caller holds
//! the order's money row.

use chrono::{DateTime, Utc};
use konveksi_db::Connection;
use konveksi_eventing::Envelope;
use konveksi_kernel::ids::uuid_v7_at;
use konveksi_kernel::{InstallmentId, InvoiceId, Money};
use rust_decimal::Decimal;

use super::AppError;
use crate::domain::amounts::{DEFAULT_DEPOSIT_PERCENT, invoice_amount};
use crate::domain::{
    Channel, Invoice, InvoiceCode, InvoiceKind, InvoiceStatus, Link, LinkState, OrderMoney,
    OrderView, PaymentPlan, PaymentSource,
};
use crate::{events, store};

/// How often a taken code is replaced by another one: with a million invoices in a code space of
/// 46 million, twenty taken codes in a row do not happen.
const CODES_TRIED: u32 = 20;

/// An invoice to be written.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewInvoice {
    /// What it asks for.
    pub(super) kind: InvoiceKind,
    /// The deposit's share, when one was asked for; else the order's.
    pub(super) deposit_percent: Option<Decimal>,
    /// Where the customer is written to.
    pub(super) channel: Channel,
    /// Whether the customer is written to when its link is ready.
    pub(super) notify: bool,
}

impl NewInvoice {
    /// The one a new order begins with.
    pub(super) fn first_of(order: &OrderView, notify: bool) -> NewInvoice {
        let kind = InvoiceKind::first_of(order.plan);
        NewInvoice { kind, deposit_percent: None, channel: order.channel, notify }
    }

    fn percent(&self, order: &OrderView) -> Option<Decimal> {
        (self.kind == InvoiceKind::Deposit).then(|| {
            self.deposit_percent.or(order.deposit_percent).unwrap_or(DEFAULT_DEPOSIT_PERCENT)
        })
    }
}

/// A part of a plan that is to be asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewPart {
    /// The part.
    pub(super) installment_id: InstallmentId,
    /// What its invoice counts as.
    pub(super) kind: InvoiceKind,
    /// What it asks for.
    pub(super) amount: Money,
    /// Until when it can be paid.
    pub(super) expires_at: DateTime<Utc>,
    /// Whether the customer is written to when its link is ready.
    pub(super) notify: bool,
}

/// Writes an invoice for each part of a plan and asks for their links.
pub(super) async fn write_parts(
    tx: &mut Connection,
    now: DateTime<Utc>,
    order: &OrderView,
    parts: &[NewPart],
) -> Result<Vec<Invoice>, AppError> {
    let existing = store::invoices::of_order(tx, order.id).await?;
    let mut written: Vec<Invoice> = Vec::new();
    for part in parts {
        let of_kind = existing.iter().chain(&written).filter(|one| one.kind == part.kind);
        let seq = of_kind.map(|one| one.seq).max().unwrap_or(0) + 1;
        let invoice = Invoice {
            id: InvoiceId::from_uuid(uuid_v7_at(now)),
            code: InvoiceCode::generate(&mut rand::rng()),
            order_id: order.id,
            kind: part.kind,
            seq,
            installment_id: Some(part.installment_id.as_uuid()),
            deposit_percent: None,
            amount: part.amount,
            amount_paid: Money::ZERO,
            status: InvoiceStatus::Unpaid,
            channel: order.channel,
            notify: part.notify,
            blast_notification: false,
            late: false,
            created_at: now,
            expires_at: part.expires_at,
            paid_at: None,
            version: 1,
        };
        written.push(store_new(tx, now, invoice).await?);
    }
    Ok(written)
}

/// Writes an invoice and asks for its link; the next of its kind for the order.
pub(super) async fn write(
    tx: &mut Connection,
    now: DateTime<Utc>,
    (order, sums): (&OrderView, &OrderMoney),
    new: NewInvoice,
) -> Result<Invoice, AppError> {
    let percent = new.percent(order);
    let amount = invoice_amount(new.kind, order.total, sums.paid(), percent)?;
    if amount.is_zero() {
        return Err(AppError::NothingLeft);
    }
    let existing = store::invoices::of_order(tx, order.id).await?;
    let seq = existing.iter().filter(|one| one.kind == new.kind).map(|one| one.seq).max();
    let invoice = Invoice {
        id: InvoiceId::from_uuid(uuid_v7_at(now)),
        code: InvoiceCode::generate(&mut rand::rng()),
        order_id: order.id,
        kind: new.kind,
        seq: seq.unwrap_or(0) + 1,
        installment_id: None,
        deposit_percent: percent,
        amount,
        amount_paid: Money::ZERO,
        status: InvoiceStatus::Unpaid,
        channel: new.channel,
        notify: new.notify,
        blast_notification: false,
        late: false,
        created_at: now,
        expires_at: now + new.kind.lifetime(),
        paid_at: None,
        version: 1,
    };
    store_new(tx, now, invoice).await
}

/// Stores a new invoice under a code that is free, and asks for its link.
async fn store_new(
    tx: &mut Connection,
    now: DateTime<Utc>,
    mut invoice: Invoice,
) -> Result<Invoice, AppError> {
    for _ in 0..CODES_TRIED {
        if store::invoices::insert(tx, &invoice).await? {
            ask_for_link(tx, now, &invoice).await?;
            return Ok(invoice);
        }
        invoice.code = InvoiceCode::generate(&mut rand::rng());
    }
    Err(AppError::NoFreeCode)
}

/// Gives the invoice a new link for what is still due; an older one is superseded and taken down.
/// Answers the link that was live.
pub(super) async fn relink(
    tx: &mut Connection,
    now: DateTime<Utc>,
    invoice: &Invoice,
) -> Result<Option<Link>, AppError> {
    let previous = store::links::supersede(tx, invoice.id, now).await?;
    ask_for_link(tx, now, invoice).await?;
    Ok(previous)
}

async fn ask_for_link(
    tx: &mut Connection,
    now: DateTime<Utc>,
    invoice: &Invoice,
) -> Result<(), AppError> {
    let generation = store::links::newest_generation(tx, invoice.id).await? + 1;
    let link = Link {
        id: uuid_v7_at(now),
        invoice_id: invoice.id,
        // Settled when it is first asked for: only then does the service's setting count.
        provider: PaymentSource::Xendit,
        generation,
        external_id: invoice.code.external_id(generation),
        provider_id: None,
        url: None,
        amount: invoice.amount_due(),
        state: LinkState::Asked,
        attempts: 0,
    };
    store::links::insert(tx, &link, now).await?;
    Ok(())
}

/// Stops asking for an open invoice; its link dies.
pub(super) async fn cancel(
    tx: &mut Connection,
    now: DateTime<Utc>,
    order: &OrderView,
    invoice: &mut Invoice,
) -> Result<Envelope, AppError> {
    invoice.cancel().map_err(|error| AppError::of(invoice, error))?;
    store::links::supersede(tx, invoice.id, now).await?;
    store::invoices::update(tx, invoice).await?;
    Ok(events::invoice_cancelled(tx, now, invoice, order).await?)
}

/// Cancels the open invoices of an order but one.
pub(super) async fn cancel_open_but(
    tx: &mut Connection,
    now: DateTime<Utc>,
    order: &OrderView,
    kept: Option<InvoiceId>,
) -> Result<Vec<Envelope>, AppError> {
    let mut told = Vec::new();
    for mut invoice in store::invoices::of_order_for_update(tx, order.id).await? {
        if invoice.status.is_open() && Some(invoice.id) != kept {
            told.push(cancel(tx, now, order, &mut invoice).await?);
        }
    }
    Ok(told)
}

/// Makes the order's first invoice unless it ever had one of that kind; answers the new one.
pub(super) async fn ensure_first(
    tx: &mut Connection,
    now: DateTime<Utc>,
    (order, sums): (&OrderView, &OrderMoney),
    notify: bool,
) -> Result<Option<Invoice>, AppError> {
    let new = NewInvoice::first_of(order, notify);
    let existing = store::invoices::of_order(tx, order.id).await?;
    // A plan asks for the first money too.
    let had_one =
        existing.iter().any(|invoice| invoice.kind == new.kind || invoice.installment_id.is_some());
    if had_one || !order.is_live() || !order.status.is_before_first_payment() {
        return Ok(None);
    }
    match write(tx, now, (order, sums), new).await {
        Ok(invoice) => Ok(Some(invoice)),
        Err(AppError::NothingLeft) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Makes the order's final invoice, without a message, unless it ever had one or nothing is left;
/// a deposit still open is cancelled, the final invoice asks for its money too.
pub(super) async fn ensure_final(
    tx: &mut Connection,
    now: DateTime<Utc>,
    (order, sums): (&OrderView, &OrderMoney),
) -> Result<Option<Invoice>, AppError> {
    let existing = store::invoices::of_order(tx, order.id).await?;
    // The last part of a plan is the final one; a plan that was given up left none.
    let given_up = |invoice: &Invoice| {
        invoice.installment_id.is_some() && invoice.status == InvoiceStatus::Cancelled
    };
    let had_one = existing.iter().any(|invoice| {
        let planned = invoice.installment_id.is_some() && invoice.status.is_open();
        planned || (invoice.kind == InvoiceKind::Final && !given_up(invoice))
    });
    let full_is_open = existing
        .iter()
        .any(|invoice| invoice.kind == InvoiceKind::Full && invoice.status.is_open());
    if had_one || full_is_open || !order.is_live() {
        return Ok(None);
    }
    let kind = InvoiceKind::Final;
    let new = NewInvoice { kind, deposit_percent: None, channel: order.channel, notify: false };
    match write(tx, now, (order, sums), new).await {
        Ok(invoice) => {
            cancel_open_but(tx, now, order, Some(invoice.id)).await?;
            Ok(Some(invoice))
        }
        Err(AppError::NothingLeft) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Asks again for the money of an order that came back: what was open when it was deleted was
/// cancelled then. Nothing is sent; staff do that when they want to.
pub(super) async fn ask_again(
    tx: &mut Connection,
    now: DateTime<Utc>,
    (order, sums): (&OrderView, &OrderMoney),
    awaits_the_rest: bool,
) -> Result<(), AppError> {
    let kind = if order.status.is_before_first_payment() {
        InvoiceKind::first_of(order.plan)
    } else if awaits_the_rest {
        InvoiceKind::Final
    } else {
        return Ok(());
    };
    let existing = store::invoices::of_order(tx, order.id).await?;
    let cancelled = |one: &Invoice| one.kind == kind && one.status == InvoiceStatus::Cancelled;
    if existing.iter().any(|one| one.status.is_open()) || !existing.iter().any(cancelled) {
        return Ok(());
    }
    let new = NewInvoice { kind, deposit_percent: None, channel: order.channel, notify: false };
    match write(tx, now, (order, sums), new).await {
        Ok(_) | Err(AppError::NothingLeft) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Lets the order's open invoices ask for what they should: after its price or deposit changed,
/// or after money came by another invoice. `skip` has just been dealt with.
pub(super) async fn adjust_open(
    tx: &mut Connection,
    now: DateTime<Utc>,
    (order, sums): (&OrderView, &OrderMoney),
    percent_changed: bool,
    skip: Option<InvoiceId>,
) -> Result<(), AppError> {
    for mut invoice in store::invoices::of_order_for_update(tx, order.id).await? {
        // A plan's instalments follow their plan.
        let adjustable = invoice.status.is_open() && invoice.installment_id.is_none();
        if !adjustable || Some(invoice.id) == skip {
            continue;
        }
        if percent_changed && invoice.kind == InvoiceKind::Deposit {
            invoice.deposit_percent = order.deposit_percent.or(invoice.deposit_percent);
        }
        let by_others = sums.paid().minus(invoice.amount_paid).unwrap_or(Money::ZERO);
        let amount = invoice_amount(invoice.kind, order.total, by_others, invoice.deposit_percent)?;
        if amount == invoice.amount {
            continue;
        }
        if amount.is_zero() && invoice.amount_paid.is_zero() {
            cancel(tx, now, order, &mut invoice).await?;
            continue;
        }
        invoice.change_amount(amount, now).map_err(|error| AppError::of(&invoice, error))?;
        store::invoices::update(tx, &invoice).await?;
        match invoice.status {
            InvoiceStatus::Unpaid => {
                relink(tx, now, &invoice).await?;
            }
            InvoiceStatus::Paid | InvoiceStatus::Expired | InvoiceStatus::Cancelled => {
                store::links::supersede(tx, invoice.id, now).await?;
            }
        }
    }
    Ok(())
}

/// Replaces the open first invoice of an order whose plan changed before anything was paid.
pub(super) async fn follow_plan(
    tx: &mut Connection,
    now: DateTime<Utc>,
    (order, sums): (&OrderView, &OrderMoney),
) -> Result<(), AppError> {
    let stale = match order.plan {
        PaymentPlan::Deposit => InvoiceKind::Full,
        PaymentPlan::Full => InvoiceKind::Deposit,
    };
    if !order.status.is_before_first_payment() || !sums.paid().is_zero() {
        return Ok(());
    }
    let open = store::invoices::of_order_for_update(tx, order.id).await?;
    let is_stale =
        |one: &Invoice| one.kind == stale && one.status.is_open() && one.installment_id.is_none();
    for mut invoice in open.into_iter().filter(is_stale) {
        let notify = invoice.notify;
        cancel(tx, now, order, &mut invoice).await?;
        write(tx, now, (order, sums), NewInvoice::first_of(order, notify)).await?;
    }
    Ok(())
}
