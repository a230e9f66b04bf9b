//! What the floor says, line by line, as it is kept.

use chrono::{DateTime, Utc};
use konveksi_kernel::OrderId;
use uuid::Uuid;

/// What kind of report it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ReportKind {
    /// `laporan`: pieces were made, or a count corrected.
    Pieces,
    /// `perbaikan`: rejects were sent back.
    Rework,
}

impl ReportKind {
    /// Every value.
    pub(crate) const ALL: [ReportKind; 2] = [ReportKind::Pieces, ReportKind::Rework];

    /// The word on the wire and in the table.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            ReportKind::Pieces => "laporan",
            ReportKind::Rework => "perbaikan",
        }
    }

    /// Reads the word.
    pub(crate) fn from_wire(text: &str) -> Option<ReportKind> {
        ReportKind::ALL.into_iter().find(|value| value.as_wire() == text)
    }
}

/// One line of one report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    /// Its own id, ordered by time.
    pub(crate) id: Uuid,
    /// The order.
    pub(crate) order_id: OrderId,
    /// What kind of report.
    pub(crate) kind: ReportKind,
    /// The stage's code.
    pub(crate) stage: String,
    /// Where rejects were sent back to; absent for other reports.
    pub(crate) back_to: Option<String>,
    /// The garment, from 1.
    pub(crate) item: i16,
    /// The size; `-` for a plain order.
    pub(crate) size: String,
    /// Good pieces added; less than nothing corrects.
    pub(crate) good: i32,
    /// Rejects added; less than nothing corrects, or sends back.
    pub(crate) reject: i32,
    /// What was written about it.
    pub(crate) notes: Option<String>,
    /// Who said it.
    pub(crate) actor: Option<String>,
    /// When.
    pub(crate) created_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_round_trips() {
        for value in ReportKind::ALL {
            assert_eq!(ReportKind::from_wire(value.as_wire()), Some(value));
        }
    }
}
