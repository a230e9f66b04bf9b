//! Proofs of transfers, and who may decide on them: above a set amount never one person alone
//! (`reliability.md` part C, `settled.md` 32).

use chrono::{DateTime, Utc};
use konveksi_kernel::{FileId, InvoiceId, Money, OrderId, PaymentId, ProofId};

use super::Actor;

/// Who showed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Origin {
    /// Staff, who saw the bank statement.
    Staff,
    /// The customer, by a tracking link.
    Customer,
}

impl Origin {
    /// Both.
    pub(crate) const ALL: [Origin; 2] = [Origin::Staff, Origin::Customer];

    /// The wire's literal.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            Origin::Staff => "staff",
            Origin::Customer => "customer",
        }
    }

    /// Reads what [`Origin::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<Origin> {
        Origin::ALL.into_iter().find(|origin| origin.as_wire() == text)
    }
}

/// Where a proof stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ProofState {
    /// Its file has not been scanned yet.
    Quarantined,
    /// Staff are to decide.
    InReview,
    /// Accepted; its money is booked.
    Verified,
    /// Refused.
    Rejected,
}

impl ProofState {
    /// Every state.
    pub(crate) const ALL: [ProofState; 4] =
        [ProofState::Quarantined, ProofState::InReview, ProofState::Verified, ProofState::Rejected];

    /// The wire's literal.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            ProofState::Quarantined => "quarantined",
            ProofState::InReview => "in_review",
            ProofState::Verified => "verified",
            ProofState::Rejected => "rejected",
        }
    }

    /// Reads what [`ProofState::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<ProofState> {
        ProofState::ALL.into_iter().find(|state| state.as_wire() == text)
    }
}

/// What staff should look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Flag {
    /// Another proof names the same amount and moment, or the same reference.
    PossibleDuplicate,
    /// The transfer is older than the invoice it is for.
    BeforeInvoice,
    /// The owner confirmed their own request.
    SelfApproved,
    /// Staff booked another amount than the proof names.
    AmountChanged,
}

impl Flag {
    /// Every flag.
    pub(crate) const ALL: [Flag; 4] =
        [Flag::PossibleDuplicate, Flag::BeforeInvoice, Flag::SelfApproved, Flag::AmountChanged];

    /// The wire's literal.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            Flag::PossibleDuplicate => "possible_duplicate",
            Flag::BeforeInvoice => "before_invoice",
            Flag::SelfApproved => "self_approved",
            Flag::AmountChanged => "amount_changed",
        }
    }

    /// Reads what [`Flag::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<Flag> {
        Flag::ALL.into_iter().find(|flag| flag.as_wire() == text)
    }
}

/// A file at media that proves a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ProofFile {
    /// Its id there.
    pub(crate) id: FileId,
    /// The hash of its content.
    pub(crate) sha256: [u8; 32],
}

/// What a proof says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Statement {
    /// How much was transferred; absent when a customer did not say.
    pub(crate) amount: Option<Money>,
    /// When; absent when a customer did not say.
    pub(crate) transferred_at: Option<DateTime<Utc>>,
    /// From which bank.
    pub(crate) bank_name: String,
    /// From whose account.
    pub(crate) account_name: String,
    /// What names it on the bank statement.
    pub(crate) reference: String,
    /// What was noted.
    pub(crate) notes: String,
}

/// A proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proof {
    /// Its id.
    pub(crate) id: ProofId,
    /// The order it is for.
    pub(crate) order_id: OrderId,
    /// The invoice it is for; absent while nobody said.
    pub(crate) invoice_id: Option<InvoiceId>,
    /// Who showed it.
    pub(crate) origin: Origin,
    /// Where it stands.
    pub(crate) state: ProofState,
    /// What it says.
    pub(crate) says: Statement,
    /// Its file; absent when only a reference was given.
    pub(crate) file: Option<ProofFile>,
    /// What staff should look at.
    pub(crate) flags: Vec<Flag>,
    /// Who showed it, such as `staff:7` or `customer`.
    pub(crate) requested_by: String,
    /// Who decided, and when; present once it is verified or rejected.
    pub(crate) decided: Option<(String, DateTime<Utc>)>,
    /// Why it was rejected, or waits although staff asked for it to be verified.
    pub(crate) reason: Option<String>,
    /// The payment it became; present exactly when it is verified.
    pub(crate) payment_id: Option<PaymentId>,
    /// When it was shown.
    pub(crate) created_at: DateTime<Utc>,
}

impl Proof {
    /// Adds what staff should look at, once.
    pub(crate) fn flag(&mut self, flag: Flag) {
        if !self.flags.contains(&flag) {
            self.flags.push(flag);
        }
    }
}

/// What a person may decide alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consent {
    /// This is enough.
    Enough,
    /// Enough, because it is the owner's second word; to be seen in the books.
    OwnersOwn,
    /// Somebody else has to say so too.
    NeedsAnother,
}

/// Whether staff may verify `amount` with their first word.
pub(crate) fn first_word(amount: Money, alone_up_to: Money) -> Consent {
    if amount <= alone_up_to { Consent::Enough } else { Consent::NeedsAnother }
}

/// Whether `actor` may approve what `requested_by` asked for.
pub(crate) fn second_word(
    amount: Money,
    alone_up_to: Money,
    requested_by: &str,
    actor: &Actor,
) -> Consent {
    if amount <= alone_up_to || requested_by != actor.name {
        Consent::Enough
    } else if actor.is_owner {
        Consent::OwnersOwn
    } else {
        Consent::NeedsAnother
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(name: &str, is_owner: bool) -> Actor {
        Actor { name: name.to_owned(), is_owner }
    }

    #[test]
    fn every_word_reads_back() {
        for origin in Origin::ALL {
            assert_eq!(Origin::from_wire(origin.as_wire()), Some(origin));
        }
        for state in ProofState::ALL {
            assert_eq!(ProofState::from_wire(state.as_wire()), Some(state));
        }
        for flag in Flag::ALL {
            assert_eq!(Flag::from_wire(flag.as_wire()), Some(flag));
        }
    }

    #[test]
    fn much_money_takes_two_people_or_the_owner_twice() {
        let limit = Money::from_rupiah(5_000_000).unwrap();
        let much = Money::from_rupiah(5_000_001).unwrap();
        assert_eq!(first_word(limit, limit), Consent::Enough);
        assert_eq!(first_word(much, limit), Consent::NeedsAnother);
        let asked = |actor: &Actor| second_word(much, limit, "staff:7", actor);
        assert_eq!(asked(&actor("staff:7", false)), Consent::NeedsAnother);
        assert_eq!(asked(&actor("staff:8", false)), Consent::Enough);
        assert_eq!(asked(&actor("staff:7", true)), Consent::OwnersOwn);
        assert_eq!(second_word(limit, limit, "staff:7", &actor("staff:7", false)), Consent::Enough);
    }
}
