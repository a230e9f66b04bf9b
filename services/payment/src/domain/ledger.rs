//! The words of the double-entry ledger (`settled.md` 25): accounts, signed amounts, transfers.
//! What is booked when is in [`super::posting`].

use std::fmt;

use chrono::{DateTime, Utc};
use konveksi_kernel::{CustomerId, Money, OrderId, TransferId};
use rust_decimal::Decimal;

/// An amount with a direction: debits are positive, credits negative. Only the ledger has these;
/// [`Money`] is never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedAmount(Decimal);

impl SignedAmount {
    /// `amount` on the debit side.
    pub const fn debit(amount: Money) -> SignedAmount {
        SignedAmount(amount.as_decimal())
    }

    /// `amount` on the credit side.
    pub fn credit(amount: Money) -> SignedAmount {
        SignedAmount(-amount.as_decimal())
    }

    /// The same on the other side, for reversals.
    #[must_use]
    pub fn reversed(self) -> SignedAmount {
        SignedAmount(-self.0)
    }

    /// Whether there is nothing to book.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// For `NUMERIC` columns: positive is a debit.
    pub const fn as_decimal(self) -> Decimal {
        self.0
    }
}

/// Where money is, or whom it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Account {
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

impl Account {
    /// Whether its balance grows on the debit side (what we have) or the credit side (what we owe
    /// or earned).
    pub const fn grows_by_debit(self) -> bool {
        match self {
            Account::Bank | Account::XenditClearing | Account::Receivable(_) => true,
            Account::Suspense | Account::Revenue | Account::Deposits(_) | Account::Credit(_) => {
                false
            }
        }
    }
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
pub struct Entry {
    /// What it moves.
    pub account: Account,
    /// By how much, and to which side.
    pub amount: SignedAmount,
}

/// Why a transfer was booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransferKind {
    /// Money came for an invoice.
    PaymentReceived,
    /// Money came that could not be placed.
    PaymentSuspended,
    /// The goods left.
    Delivered,
    /// The order's price changed after the goods had left.
    DeliveryAdjusted,
    /// An earlier transfer was wrong and is taken back.
    Correction,
}

impl TransferKind {
    /// As it is stored.
    pub const fn as_wire(self) -> &'static str {
        match self {
            TransferKind::PaymentReceived => "payment_received",
            TransferKind::PaymentSuspended => "payment_suspended",
            TransferKind::Delivered => "delivered",
            TransferKind::DeliveryAdjusted => "delivery_adjusted",
            TransferKind::Correction => "correction",
        }
    }
}

/// A set of entries that add up to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Its id.
    pub id: TransferId,
    /// Why it was booked.
    pub kind: TransferKind,
    /// The order it is about; absent when it is about none.
    pub order_id: Option<OrderId>,
    /// What it books, such as `payment:<id>`; booked at most once.
    pub source: String,
    /// The transfer it takes back; only for corrections.
    pub reverses: Option<TransferId>,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Its lines.
    pub entries: Vec<Entry>,
}
