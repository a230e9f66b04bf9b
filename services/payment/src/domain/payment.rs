//! Money that came in.

use chrono::{DateTime, Utc};
use konveksi_kernel::{CustomerId, InvoiceId, Money, OrderId, PaymentId};

use super::Account;

/// Who said that money came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum PaymentSource {
    /// Xendit, confirmed by asking it.
    Xendit,
    /// Midtrans, confirmed by asking it.
    Midtrans,
    /// A clerk who saw it.
    Manual,
    /// A line of the bank's own list, recognised by its amount.
    Mutation,
    /// Nobody: the customer's own credit was spent.
    Credit,
}

impl PaymentSource {
    /// Every source.
    pub(crate) const ALL: [PaymentSource; 5] = [
        PaymentSource::Xendit,
        PaymentSource::Midtrans,
        PaymentSource::Manual,
        PaymentSource::Mutation,
        PaymentSource::Credit,
    ];

    /// As it is stored.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            PaymentSource::Xendit => "xendit",
            PaymentSource::Midtrans => "midtrans",
            PaymentSource::Manual => "manual",
            PaymentSource::Mutation => "mutation",
            PaymentSource::Credit => "credit",
        }
    }

    /// Where the money of such a payment of `customer` is first, and where a refund the same way
    /// takes it.
    pub(crate) const fn cash_account(self, customer: CustomerId) -> Account {
        match self {
            PaymentSource::Xendit => Account::XenditClearing,
            PaymentSource::Midtrans => Account::MidtransClearing,
            PaymentSource::Manual | PaymentSource::Mutation => Account::Bank,
            PaymentSource::Credit => Account::Credit(customer),
        }
    }

    /// Where a provider holds money for us; absent for what no provider holds.
    pub(crate) const fn clearing_account(self) -> Option<Account> {
        match self {
            PaymentSource::Xendit => Some(Account::XenditClearing),
            PaymentSource::Midtrans => Some(Account::MidtransClearing),
            PaymentSource::Manual | PaymentSource::Mutation | PaymentSource::Credit => None,
        }
    }

    /// Reads what [`PaymentSource::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<PaymentSource> {
        PaymentSource::ALL.into_iter().find(|source| source.as_wire() == text)
    }
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum PaymentStatus {
    /// Booked for its invoice (and the customer's credit).
    Success,
    /// Less than its link asked for: waits in suspense for staff (`settled.md` 23).
    Suspended,
}

impl PaymentStatus {
    /// Every status.
    pub(crate) const ALL: [PaymentStatus; 2] = [PaymentStatus::Success, PaymentStatus::Suspended];

    /// The wire's literal.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            PaymentStatus::Success => "success",
            PaymentStatus::Suspended => "suspended",
        }
    }

    /// Reads what [`PaymentStatus::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<PaymentStatus> {
        PaymentStatus::ALL.into_iter().find(|status| status.as_wire() == text)
    }
}

/// One payment; never changed once it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Payment {
    /// Its id.
    pub(crate) id: PaymentId,
    /// The invoice it was for.
    pub(crate) invoice_id: InvoiceId,
    /// The order of that invoice.
    pub(crate) order_id: OrderId,
    /// Who said so.
    pub(crate) source: PaymentSource,
    /// The provider's id of the paid link, or the bank's of the line; absent for manual ones.
    pub(crate) provider_ref: Option<String>,
    /// Counts the rows of one payment from 1: one that pays several invoices has several.
    pub(crate) part: i32,
    /// The provider's or the clerk's word, such as `BANK_TRANSFER`.
    pub(crate) method: String,
    /// What came for us, in rupiah.
    pub(crate) amount: Money,
    /// What came beside it for the provider.
    pub(crate) fee: Money,
    /// What came beside it because the transfer's amount was made unique.
    pub(crate) unique_code: Money,
    /// What of it went to the invoice.
    pub(crate) allocated: Money,
    /// What became of it.
    pub(crate) status: PaymentStatus,
    /// Whether the invoice was no longer waiting for it.
    pub(crate) late: bool,
    /// Whom to ask about it, as the clerk wrote; else empty.
    pub(crate) contact_info: String,
    /// What the clerk noted.
    pub(crate) notes: Option<String>,
    /// When it was paid.
    pub(crate) paid_at: DateTime<Utc>,
    /// When it was recorded.
    pub(crate) created_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for source in PaymentSource::ALL {
            assert_eq!(PaymentSource::from_wire(source.as_wire()), Some(source));
        }
        for status in PaymentStatus::ALL {
            assert_eq!(PaymentStatus::from_wire(status.as_wire()), Some(status));
        }
    }
}
