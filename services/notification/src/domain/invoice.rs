//! What this service knows of an invoice, from payment's events.

use chrono::{DateTime, Utc};
use konveksi_kernel::{InvoiceId, Money, OrderId};

use crate::domain::channel::ChannelChoice;

/// What an invoice asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum InvoiceKind {
    /// The deposit.
    Deposit,
    /// What is left after the deposit.
    Final,
    /// The whole amount at once.
    Full,
}

impl InvoiceKind {
    /// Every kind.
    pub(crate) const ALL: [InvoiceKind; 3] =
        [InvoiceKind::Deposit, InvoiceKind::Final, InvoiceKind::Full];

    /// As it is written on the wire and in the database.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            InvoiceKind::Deposit => "dp",
            InvoiceKind::Final => "pelunasan",
            InvoiceKind::Full => "full",
        }
    }

    /// Reads what [`InvoiceKind::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<InvoiceKind> {
        InvoiceKind::ALL.into_iter().find(|kind| kind.as_wire() == text)
    }

    /// What customers read (`contract.md` section 4, display labels).
    pub(crate) const fn label(self) -> &'static str {
        match self {
            InvoiceKind::Deposit => "Down Payment",
            InvoiceKind::Final => "Pelunasan",
            InvoiceKind::Full => "Full Payment",
        }
    }
}

/// How an invoice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum InvoiceStatus {
    /// It waits for money.
    Unpaid,
    /// It was paid.
    Paid,
    /// Its time ran out.
    Expired,
    /// It no longer counts.
    Cancelled,
}

impl InvoiceStatus {
    /// Every status.
    pub(crate) const ALL: [InvoiceStatus; 4] = [
        InvoiceStatus::Unpaid,
        InvoiceStatus::Paid,
        InvoiceStatus::Expired,
        InvoiceStatus::Cancelled,
    ];

    /// As it is written on the wire and in the database.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            InvoiceStatus::Unpaid => "belum dibayar",
            InvoiceStatus::Paid => "sudah dibayar",
            InvoiceStatus::Expired => "kadaluarsa",
            InvoiceStatus::Cancelled => "dibatalkan",
        }
    }

    /// Reads what [`InvoiceStatus::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<InvoiceStatus> {
        InvoiceStatus::ALL.into_iter().find(|status| status.as_wire() == text)
    }
}

/// The facts of one invoice that messages speak of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Invoice {
    /// Which invoice.
    pub(crate) id: InvoiceId,
    /// How new these facts are; higher replaces lower.
    pub(crate) version: i64,
    /// `INV-…`.
    pub(crate) code: String,
    /// The order it belongs to.
    pub(crate) order_id: OrderId,
    /// What it asks for.
    pub(crate) kind: InvoiceKind,
    /// What it asks, in rupiah.
    pub(crate) amount: Money,
    /// What was paid on it so far.
    pub(crate) amount_paid: Money,
    /// How it stands.
    pub(crate) status: InvoiceStatus,
    /// Where it is paid; empty while it has no link.
    pub(crate) payment_url: String,
    /// Until when the link works.
    pub(crate) expires_at: Option<DateTime<Utc>>,
    /// Where its messages go; absent when it follows the order.
    pub(crate) channel: Option<ChannelChoice>,
}

impl Invoice {
    /// Whether a customer could still pay it at `now`: a link to anything else would only confuse.
    pub(crate) fn is_payable(&self, now: DateTime<Utc>) -> bool {
        self.status == InvoiceStatus::Unpaid
            && !self.payment_url.is_empty()
            && self.expires_at.is_none_or(|end| now < end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_literal_reads_back() {
        for kind in InvoiceKind::ALL {
            assert_eq!(InvoiceKind::from_wire(kind.as_wire()), Some(kind));
        }
        for status in InvoiceStatus::ALL {
            assert_eq!(InvoiceStatus::from_wire(status.as_wire()), Some(status));
        }
    }
}
