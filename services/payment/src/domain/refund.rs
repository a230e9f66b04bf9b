//! One refund and its moves. From when it is asked for until it has failed it holds its amount;
//! that hold is [`super::RefundTotals`].

use chrono::{DateTime, Utc};
use konveksi_kernel::{FileId, InvoiceId, Money, OrderId, PaymentId, RefundId};
use thiserror::Error;

use super::{Actor, PaymentSource};

/// How money goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum RefundMethod {
    /// Staff transfer it by hand.
    BankTransfer,
    /// Staff hand it over.
    Cash,
    /// The provider pays it back the way it came.
    Original,
}

impl RefundMethod {
    /// Every method.
    pub(crate) const ALL: [RefundMethod; 3] =
        [RefundMethod::BankTransfer, RefundMethod::Cash, RefundMethod::Original];

    /// The wire's literal.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            RefundMethod::BankTransfer => "bank_transfer",
            RefundMethod::Cash => "cash",
            RefundMethod::Original => "original",
        }
    }

    /// Reads what [`RefundMethod::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<RefundMethod> {
        RefundMethod::ALL.into_iter().find(|method| method.as_wire() == text)
    }

    /// In words for papers.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            RefundMethod::BankTransfer => "Transfer bank",
            RefundMethod::Cash => "Tunai",
            RefundMethod::Original => "Metode pembayaran asal",
        }
    }
}

/// How far a refund is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum RefundState {
    /// Waits for a second person.
    Requested,
    /// May be paid.
    Approved,
    /// The provider was asked; what it did may be unknown.
    Processing,
    /// The money went back.
    Completed,
    /// It did not go back, and will not.
    Failed,
    /// Given up before anything was paid.
    Cancelled,
}

impl RefundState {
    /// Every state.
    pub(crate) const ALL: [RefundState; 6] = [
        RefundState::Requested,
        RefundState::Approved,
        RefundState::Processing,
        RefundState::Completed,
        RefundState::Failed,
        RefundState::Cancelled,
    ];

    /// The wire's literal.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            RefundState::Requested => "requested",
            RefundState::Approved => "approved",
            RefundState::Processing => "processing",
            RefundState::Completed => "completed",
            RefundState::Failed => "failed",
            RefundState::Cancelled => "cancelled",
        }
    }

    /// Reads what [`RefundState::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<RefundState> {
        RefundState::ALL.into_iter().find(|state| state.as_wire() == text)
    }
}

/// Where the money of a refund is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RefundParts {
    /// Out of what the payment left over as the customer's credit.
    pub(crate) credit: Money,
    /// Out of what the order used.
    pub(crate) order: Money,
    /// Whether the order's goods had left, so that its part lowers revenue.
    pub(crate) from_revenue: bool,
}

/// A refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refund {
    /// Its id; also our name for it at the provider.
    pub(crate) id: RefundId,
    /// The payment it gives back.
    pub(crate) payment_id: PaymentId,
    /// That payment's invoice.
    pub(crate) invoice_id: InvoiceId,
    /// That invoice's order.
    pub(crate) order_id: OrderId,
    /// How much, in whole rupiah.
    pub(crate) amount: Money,
    /// What it is made of.
    pub(crate) parts: RefundParts,
    /// Why, as staff wrote.
    pub(crate) reason: String,
    /// How it goes back.
    pub(crate) method: RefundMethod,
    /// The provider that pays it back; absent when staff do.
    pub(crate) provider: Option<PaymentSource>,
    /// How far it is.
    pub(crate) state: RefundState,
    /// Who asked for it.
    pub(crate) requested_by: String,
    /// Whether a second person has to agree.
    pub(crate) needs_second: bool,
    /// Who agreed.
    pub(crate) approved_by: Option<String>,
    /// Whether the owner agreed to a refund of their own (`settled.md` 32).
    pub(crate) same_person: bool,
    /// The provider's id of it.
    pub(crate) provider_ref: Option<String>,
    /// The bank's reference of a transfer by hand.
    pub(crate) reference: Option<String>,
    /// A picture of that transfer.
    pub(crate) proof_file_id: Option<FileId>,
    /// Why it failed or was given up.
    pub(crate) failure: Option<String>,
    /// When the provider is asked (again).
    pub(crate) due_at: Option<DateTime<Utc>>,
    /// How often the provider was asked.
    pub(crate) attempts: i32,
    /// Rises with every change.
    pub(crate) version: i64,
    /// When it was asked for.
    pub(crate) created_at: DateTime<Utc>,
    /// When it last changed.
    pub(crate) updated_at: DateTime<Utc>,
    /// When the money went back.
    pub(crate) completed_at: Option<DateTime<Utc>>,
}

/// Why a refund refuses a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum RefundError {
    /// Its state does not allow it.
    #[error("a refund that is {from:?} cannot {wanted}")]
    Refused {
        /// How far it is.
        from: RefundState,
        /// What was asked of it.
        wanted: &'static str,
    },
    /// Who asked for it may not agree to it.
    #[error("another person has to approve this refund")]
    SecondPerson,
    /// The provider pays it, so only the provider says how it ended.
    #[error("the provider says how this refund ends")]
    ProviderDecides,
}

impl Refund {
    /// Somebody agrees. The owner may agree to their own, which is noted.
    ///
    /// # Errors
    /// [`RefundError::Refused`] unless it waits for that; [`RefundError::SecondPerson`].
    pub(crate) fn approve(&mut self, by: &Actor, at: DateTime<Utc>) -> Result<(), RefundError> {
        self.insist(&[RefundState::Requested], "be approved")?;
        let same_person = by.name == self.requested_by;
        if same_person && !by.is_owner {
            return Err(RefundError::SecondPerson);
        }
        self.same_person = same_person;
        self.approved_by = Some(by.name.clone());
        self.due_at = self.provider.map(|_provider| at);
        self.move_to(RefundState::Approved, at);
        Ok(())
    }

    /// The provider is being asked.
    ///
    /// # Errors
    /// [`RefundError::Refused`] unless it may be paid.
    pub(crate) fn begin(&mut self, at: DateTime<Utc>) -> Result<(), RefundError> {
        self.insist(&[RefundState::Approved, RefundState::Processing], "be paid")?;
        self.attempts += 1;
        self.move_to(RefundState::Processing, at);
        Ok(())
    }

    /// Staff paid it by hand, under the bank's `reference`.
    ///
    /// # Errors
    /// [`RefundError::ProviderDecides`]; [`RefundError::Refused`] unless it may be paid.
    pub(crate) fn paid_by_hand(
        &mut self,
        reference: String,
        proof: Option<FileId>,
        at: DateTime<Utc>,
    ) -> Result<(), RefundError> {
        self.insist_by_hand()?;
        self.insist(&[RefundState::Approved], "be completed")?;
        self.reference = Some(reference);
        self.proof_file_id = proof;
        self.completed_at = Some(at);
        self.move_to(RefundState::Completed, at);
        Ok(())
    }

    /// The provider paid it at `paid_at`.
    ///
    /// # Errors
    /// [`RefundError::Refused`] unless the provider was asked.
    pub(crate) fn paid_by_provider(
        &mut self,
        paid_at: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Result<(), RefundError> {
        self.insist(&[RefundState::Processing], "be completed")?;
        self.completed_at = Some(paid_at);
        self.due_at = None;
        self.move_to(RefundState::Completed, at);
        Ok(())
    }

    /// It will not be paid.
    ///
    /// # Errors
    /// [`RefundError::Refused`] unless it may be, or is being, paid.
    pub(crate) fn fail(&mut self, why: String, at: DateTime<Utc>) -> Result<(), RefundError> {
        self.insist(&[RefundState::Approved, RefundState::Processing], "fail")?;
        self.failure = Some(why);
        self.due_at = None;
        self.move_to(RefundState::Failed, at);
        Ok(())
    }

    /// Given up by staff before anything was paid.
    ///
    /// # Errors
    /// [`RefundError::Refused`] once the provider was asked or it has ended.
    pub(crate) fn cancel(&mut self, why: String, at: DateTime<Utc>) -> Result<(), RefundError> {
        self.insist(&[RefundState::Requested, RefundState::Approved], "be cancelled")?;
        self.failure = Some(why);
        self.due_at = None;
        self.move_to(RefundState::Cancelled, at);
        Ok(())
    }

    /// Whether staff pay it.
    ///
    /// # Errors
    /// [`RefundError::ProviderDecides`].
    pub(crate) fn insist_by_hand(&self) -> Result<(), RefundError> {
        if self.provider.is_some() { Err(RefundError::ProviderDecides) } else { Ok(()) }
    }

    fn insist(&self, allowed: &[RefundState], wanted: &'static str) -> Result<(), RefundError> {
        if allowed.contains(&self.state) {
            Ok(())
        } else {
            Err(RefundError::Refused { from: self.state, wanted })
        }
    }

    fn move_to(&mut self, state: RefundState, at: DateTime<Utc>) {
        self.state = state;
        self.updated_at = at;
        self.version += 1;
    }
}

/// Seconds until the provider is asked again about something whose end is unknown
/// (`reliability.md` part C): 1 min, 5 min, 15 min, 1 h, 6 h, then daily.
pub(crate) const fn poll_delay_seconds(asked: i32) -> i64 {
    match asked {
        ..=1 => 60,
        2 => 300,
        3 => 900,
        4 => 3_600,
        5 => 21_600,
        6.. => 86_400,
    }
}

#[cfg(test)]
#[path = "refund_tests.rs"]
mod tests;
