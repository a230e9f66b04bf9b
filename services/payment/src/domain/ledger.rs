//! The words of the double-entry ledger (`settled.md` 25): accounts, signed amounts, transfers.
//! What is booked when is in [`super::posting`].

use std::fmt;

use chrono::{DateTime, Utc};
use konveksi_kernel::{CustomerId, Money, OrderId, TransferId};
use rust_decimal::Decimal;

/// An amount with a direction: debits are positive, credits negative. Only the ledger has these;
/// [`Money`] is never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SignedAmount(Decimal);

impl SignedAmount {
    /// `amount` on the debit side.
    pub(crate) const fn debit(amount: Money) -> SignedAmount {
        SignedAmount(amount.as_decimal())
    }

    /// `amount` on the credit side.
    pub(crate) fn credit(amount: Money) -> SignedAmount {
        SignedAmount(-amount.as_decimal())
    }

    /// Whether there is nothing to book.
    pub(crate) fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// For `NUMERIC` columns: positive is a debit.
    pub(crate) const fn as_decimal(self) -> Decimal {
        self.0
    }
}

/// Where money is, or whom it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Account {
    /// Our bank account.
    Bank,
    /// What the provider holds for us.
    XenditClearing,
    /// Money nobody could place yet.
    Suspense,
    /// Sales.
    Revenue,
    /// What a customer paid for goods that have not left: we owe them the goods.
    Deposits(OrderId),
    /// What a customer owes for goods that have left.
    Receivable(OrderId),
    /// What we owe a customer because too much was paid.
    Credit(CustomerId),
}

impl fmt::Display for Account {
    /// The account's code in the ledger.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Account::Bank => f.write_str("bank"),
            Account::XenditClearing => f.write_str("clearing:xendit"),
            Account::Suspense => f.write_str("suspense"),
            Account::Revenue => f.write_str("revenue"),
            Account::Deposits(order) => write!(f, "deposits:{order}"),
            Account::Receivable(order) => write!(f, "receivable:{order}"),
            Account::Credit(customer) => write!(f, "credit:{customer}"),
        }
    }
}

/// One line of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    /// What it moves.
    pub(crate) account: Account,
    /// By how much, and to which side.
    pub(crate) amount: SignedAmount,
}

/// Why a transfer was booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum TransferKind {
    /// Money came for an invoice.
    PaymentReceived,
    /// Money came that could not be placed.
    PaymentSuspended,
    /// The goods left.
    Delivered,
    /// The order's price changed after the goods had left.
    DeliveryAdjusted,
}

impl TransferKind {
    /// As it is stored.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            TransferKind::PaymentReceived => "payment_received",
            TransferKind::PaymentSuspended => "payment_suspended",
            TransferKind::Delivered => "delivered",
            TransferKind::DeliveryAdjusted => "delivery_adjusted",
        }
    }
}

/// A set of entries that add up to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Transfer {
    /// Its id.
    pub(crate) id: TransferId,
    /// Why it was booked.
    pub(crate) kind: TransferKind,
    /// The order it is about; absent when it is about none.
    pub(crate) order_id: Option<OrderId>,
    /// What it books, such as `payment:<id>`; booked at most once.
    pub(crate) source: String,
    /// When it happened.
    pub(crate) at: DateTime<Utc>,
    /// Its lines.
    pub(crate) entries: Vec<Entry>,
}
