//! Lines of the bank's own list, and money that nobody could place yet.

use chrono::{DateTime, Utc};
use konveksi_kernel::{InvoiceId, Money, MutationId, OrderId, PaymentId, UnmatchedId};

/// A line of the bank's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mutation {
    /// Its id here.
    pub(crate) id: MutationId,
    /// The number of the account.
    pub(crate) bank_account: String,
    /// The service's id of it, or a hash of it.
    pub(crate) reference: String,
    /// Whether money came (else it went).
    pub(crate) is_credit: bool,
    /// How much, in rupiah.
    pub(crate) amount: Money,
    /// What the bank wrote beside it.
    pub(crate) description: String,
    /// When it was booked at the bank.
    pub(crate) happened_at: DateTime<Utc>,
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum MutationEnd {
    /// It paid an invoice.
    Settled,
    /// Staff have to say what it is for.
    Unmatched,
    /// It is none of ours: money that went, or another account's.
    Ignored,
}

impl MutationEnd {
    /// As it is stored.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            MutationEnd::Settled => "settled",
            MutationEnd::Unmatched => "unmatched",
            MutationEnd::Ignored => "ignored",
        }
    }
}

/// Why money waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum UnmatchedReason {
    /// It was less than its link asked for.
    AmountTooLow,
    /// No invoice holds such an amount.
    NoSuchAmount,
    /// The invoice that held the amount waits for nothing any more.
    InvoiceClosed,
}

impl UnmatchedReason {
    /// Every reason.
    pub(crate) const ALL: [UnmatchedReason; 3] = [
        UnmatchedReason::AmountTooLow,
        UnmatchedReason::NoSuchAmount,
        UnmatchedReason::InvoiceClosed,
    ];

    /// The wire's literal.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            UnmatchedReason::AmountTooLow => "amount_too_low",
            UnmatchedReason::NoSuchAmount => "no_such_amount",
            UnmatchedReason::InvoiceClosed => "invoice_closed",
        }
    }

    /// Reads what [`UnmatchedReason::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<UnmatchedReason> {
        UnmatchedReason::ALL.into_iter().find(|reason| reason.as_wire() == text)
    }
}

/// Where such money stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum UnmatchedState {
    /// In suspense.
    Waiting,
    /// It became a payment of an invoice.
    Matched,
    /// It became a customer's credit.
    Credited,
}

impl UnmatchedState {
    /// Every state.
    pub(crate) const ALL: [UnmatchedState; 3] =
        [UnmatchedState::Waiting, UnmatchedState::Matched, UnmatchedState::Credited];

    /// The wire's literal.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            UnmatchedState::Waiting => "waiting",
            UnmatchedState::Matched => "matched",
            UnmatchedState::Credited => "credited",
        }
    }

    /// Reads what [`UnmatchedState::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<UnmatchedState> {
        UnmatchedState::ALL.into_iter().find(|state| state.as_wire() == text)
    }
}

/// Money in suspense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unmatched {
    /// Its id.
    pub(crate) id: UnmatchedId,
    /// The suspended payment it came as; absent for a line of the bank's list.
    pub(crate) payment_id: Option<PaymentId>,
    /// The line it came as; absent for a suspended payment.
    pub(crate) mutation_id: Option<MutationId>,
    /// How much, in rupiah.
    pub(crate) amount: Money,
    /// Why it waits.
    pub(crate) reason: UnmatchedReason,
    /// Where it stands.
    pub(crate) state: UnmatchedState,
    /// The order it was or is for, where that is known.
    pub(crate) order_id: Option<OrderId>,
    /// The invoice it was or is for, where that is known.
    pub(crate) invoice_id: Option<InvoiceId>,
    /// When it was paid.
    pub(crate) received_at: DateTime<Utc>,
    /// The payment it became.
    pub(crate) became: Option<PaymentId>,
    /// Who settled it, and when.
    pub(crate) settled: Option<(String, DateTime<Utc>)>,
    /// When it was put here.
    pub(crate) created_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for reason in UnmatchedReason::ALL {
            assert_eq!(UnmatchedReason::from_wire(reason.as_wire()), Some(reason));
        }
        for state in UnmatchedState::ALL {
            assert_eq!(UnmatchedState::from_wire(state.as_wire()), Some(state));
        }
    }
}
