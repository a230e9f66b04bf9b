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
    /// What Xendit holds for us.
    XenditClearing,
    /// What Midtrans holds for us.
    MidtransClearing,
    /// Money nobody could place yet.
    Suspense,
    /// Sales.
    Revenue,
    /// What providers keep, and what they let customers pay for it.
    Fees,
    /// The few rupiah by which transfers with unique amounts are more than their invoices.
    UniqueCode,
    /// What was promised to go back and has not gone yet.
    RefundsPayable,
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
            Account::MidtransClearing => f.write_str("clearing:midtrans"),
            Account::Suspense => f.write_str("suspense"),
            Account::Revenue => f.write_str("revenue"),
            Account::Fees => f.write_str("fees"),
            Account::UniqueCode => f.write_str("unique_code"),
            Account::RefundsPayable => f.write_str("refunds"),
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
    /// Money that waited in suspense found its invoice, or its customer.
    SuspenseMatched,
    /// A customer's credit was spent on an invoice.
    CreditUsed,
    /// The goods left.
    Delivered,
    /// The order's price changed after the goods had left.
    DeliveryAdjusted,
    /// A refund holds its amount.
    RefundRequested,
    /// It was paid.
    RefundPaid,
    /// It was not, and will not be.
    RefundFailed,
    /// A provider paid out what it held, or such an entry was taken back.
    ProviderSettled,
    /// A mistake was taken back.
    Correction,
}

impl TransferKind {
    /// As it is stored.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            TransferKind::PaymentReceived => "payment_received",
            TransferKind::PaymentSuspended => "payment_suspended",
            TransferKind::SuspenseMatched => "suspense_matched",
            TransferKind::CreditUsed => "credit_used",
            TransferKind::Delivered => "delivered",
            TransferKind::DeliveryAdjusted => "delivery_adjusted",
            TransferKind::RefundRequested => "refund_requested",
            TransferKind::RefundPaid => "refund_paid",
            TransferKind::RefundFailed => "refund_failed",
            TransferKind::ProviderSettled => "provider_settled",
            TransferKind::Correction => "correction",
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
