//! What a provider's own word about a link means for its invoice, whoever asked for that word: a
//! callback, or the janitor that asks when callbacks fail to come.

use chrono::{DateTime, Utc};
use konveksi_db::Connection;
use konveksi_kernel::Money;

use super::AppError;
use super::receive_money::{From, Incoming, receive};
use crate::domain::{Invoice, InvoiceStatus, Link, LinkState, PaymentStatus};
use crate::providers::ProviderInvoice;
use crate::{events, store};

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Settled {
    /// Its money was booked before.
    BookedBefore,
    /// Less came than was asked for.
    TooLow,
    /// It was paid when nobody waited for it any more.
    Late,
    /// It was paid.
    Paid,
    /// It ended, and its invoice with it.
    Expired,
    /// It ended, which tells nothing new.
    NothingToExpire,
}

impl Settled {
    /// For the log of callbacks.
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Settled::BookedBefore => "booked before",
            Settled::TooLow => "amount too low",
            Settled::Late => "paid late",
            Settled::Paid => "paid",
            Settled::Expired => "expired",
            Settled::NothingToExpire => "nothing to expire",
        }
    }
}

/// What in the provider's own answer does not fit our link.
pub(super) fn contradiction(confirmed: &ProviderInvoice, link: &Link) -> Option<&'static str> {
    if confirmed.currency != "IDR" {
        Some("not in rupiah")
    } else if confirmed.external_id != link.external_id {
        Some("another external_id")
    } else {
        None
    }
}

/// The provider says that the link was paid.
pub(super) async fn paid(
    tx: &mut Connection,
    now: DateTime<Utc>,
    (invoice, link): (&Invoice, &Link),
    confirmed: &ProviderInvoice,
) -> Result<Settled, AppError> {
    let method = confirmed.method.clone();
    let incoming = Incoming {
        invoice_id: invoice.id,
        order_id: invoice.order_id,
        source: link.provider,
        from: From::Outside,
        provider_ref: Some(confirmed.id.clone()),
        method: method.unwrap_or_else(|| link.provider.as_wire().to_uppercase()),
        amount: confirmed.received(link.amount),
        fee: confirmed.fee_on_top(link.amount),
        unique_code: Money::ZERO,
        asked: Some(link.amount),
        on_replaced_link: link.state == LinkState::Superseded,
        contact_info: String::new(),
        notes: None,
        paid_at: confirmed.paid_at.unwrap_or(now),
    };
    let received = receive(tx, now, incoming).await?;
    // After the order's money is held, as everywhere: a link comes later in the order of locks.
    store::links::poll_at(tx, link.id, None).await?;
    Ok(match received {
        None => Settled::BookedBefore,
        Some((payment, _)) if payment.status == PaymentStatus::Suspended => Settled::TooLow,
        Some((payment, _)) if payment.late => Settled::Late,
        Some(_) => Settled::Paid,
    })
}

/// The provider let the link end. That ends the invoice only while it waits on this very link: an
/// end after payment, or of a replaced link, tells nothing new.
pub(super) async fn expired(
    tx: &mut Connection,
    now: DateTime<Utc>,
    (seen, link): (&Invoice, &Link),
) -> Result<Settled, AppError> {
    store::orders::find_money_for_update(tx, seen.order_id).await?;
    let mut invoice =
        store::invoices::find_for_update(tx, seen.id).await?.ok_or(AppError::InvoiceNotFound)?;
    let live = store::links::live_of(tx, seen.id).await?;
    store::links::poll_at(tx, link.id, None).await?;
    let is_live = live.is_some_and(|one| one.id == link.id);
    if invoice.status != InvoiceStatus::Unpaid || !is_live {
        return Ok(Settled::NothingToExpire);
    }
    let order = store::orders::find(tx, seen.order_id).await?.ok_or(AppError::OrderNotFound)?;
    invoice.expire()?;
    store::invoices::update(tx, &invoice).await?;
    events::invoice_expired(tx, now, &invoice, &order).await?;
    Ok(Settled::Expired)
}
