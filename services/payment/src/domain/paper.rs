//! Papers and their numbers: `KWT/2026/000123`.

use std::fmt;

use chrono::{DateTime, Utc};

/// A paper that is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum PaperKind {
    /// What an invoice asks for.
    Invoice,
    /// What a payment brought.
    Receipt,
    /// What a refund gave back.
    CreditNote,
}

impl PaperKind {
    /// As it is stored.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            PaperKind::Invoice => "invoice",
            PaperKind::Receipt => "receipt",
            PaperKind::CreditNote => "credit_note",
        }
    }

    const fn prefix(self) -> &'static str {
        match self {
            PaperKind::Invoice => "TGH",
            PaperKind::Receipt => "KWT",
            PaperKind::CreditNote => "NK",
        }
    }
}

/// The number of one paper: without gaps within its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PaperNumber {
    /// What kind of paper.
    pub(crate) kind: PaperKind,
    /// The Jakarta year it was first printed in.
    pub(crate) year: i32,
    /// From 1.
    pub(crate) number: i32,
    /// When it was first printed.
    pub(crate) issued_at: DateTime<Utc>,
}

impl fmt::Display for PaperNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{:06}", self.kind.prefix(), self.year, self.number)
    }
}
