//! Where the work on an order stands.

use super::status::Refusal;

/// `production_status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ProductionStatus {
    /// `menunggu`.
    Waiting,
    /// `diproses`.
    InProgress,
    /// `selesai`.
    Finished,
    /// `dikirim`: the goods have left.
    Shipped,
    /// `dibatalkan`.
    Cancelled,
}

impl ProductionStatus {
    /// Every value.
    pub(crate) const ALL: [ProductionStatus; 5] = [
        ProductionStatus::Waiting,
        ProductionStatus::InProgress,
        ProductionStatus::Finished,
        ProductionStatus::Shipped,
        ProductionStatus::Cancelled,
    ];

    /// The word on the wire and in the table.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            ProductionStatus::Waiting => "menunggu",
            ProductionStatus::InProgress => "diproses",
            ProductionStatus::Finished => "selesai",
            ProductionStatus::Shipped => "dikirim",
            ProductionStatus::Cancelled => "dibatalkan",
        }
    }

    /// Reads the word on the wire.
    pub(crate) fn from_wire(text: &str) -> Option<ProductionStatus> {
        ProductionStatus::ALL.into_iter().find(|value| value.as_wire() == text)
    }

    /// What people read.
    pub(crate) const fn display(self) -> &'static str {
        match self {
            ProductionStatus::Waiting => "Menunggu",
            ProductionStatus::InProgress => "Sedang Diproduksi",
            ProductionStatus::Finished => "Selesai",
            ProductionStatus::Shipped => "Dikirim",
            ProductionStatus::Cancelled => "Dibatalkan",
        }
    }

    /// Whether work may still go on or back: the three states staff move freely among.
    pub(crate) const fn is_open(self) -> bool {
        match self {
            ProductionStatus::Waiting
            | ProductionStatus::InProgress
            | ProductionStatus::Finished => true,
            ProductionStatus::Shipped | ProductionStatus::Cancelled => false,
        }
    }

    /// Whether this is further on the way than `other`. `dibatalkan` is off the way.
    pub(crate) const fn is_further_than(self, other: ProductionStatus) -> bool {
        match (self.rank(), other.rank()) {
            (Some(here), Some(there)) => here > there,
            (Some(_) | None, None) | (None, Some(_)) => false,
        }
    }

    const fn rank(self) -> Option<u8> {
        match self {
            ProductionStatus::Waiting => Some(0),
            ProductionStatus::InProgress => Some(1),
            ProductionStatus::Finished => Some(2),
            ProductionStatus::Shipped => Some(3),
            ProductionStatus::Cancelled => None,
        }
    }

    /// Whether staff may move production from here to `to`: freely among the first three
    /// (`contract.md` section 4), to `dikirim` once finished, to `dibatalkan` until shipped.
    ///
    /// # Errors
    /// [`Refusal::Production`] for any other move.
    pub(crate) const fn staff_move(self, to: ProductionStatus) -> Result<(), Refusal> {
        let allowed = match to {
            ProductionStatus::Waiting
            | ProductionStatus::InProgress
            | ProductionStatus::Finished
            | ProductionStatus::Cancelled => self.is_open(),
            ProductionStatus::Shipped => matches!(self, ProductionStatus::Finished),
        };
        if allowed { Ok(()) } else { Err(Refusal::Production { from: self, to }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProductionStatus::{Cancelled, Finished, InProgress, Shipped, Waiting};

    #[test]
    fn every_word_round_trips() {
        for value in ProductionStatus::ALL {
            assert_eq!(ProductionStatus::from_wire(value.as_wire()), Some(value));
        }
        assert_eq!(ProductionStatus::from_wire("Selesai"), None);
    }

    #[test]
    fn every_pair_of_states_is_decided() {
        let allowed = [
            (Waiting, vec![Waiting, InProgress, Finished, Cancelled]),
            (InProgress, vec![Waiting, InProgress, Finished, Cancelled]),
            (Finished, vec![Waiting, InProgress, Finished, Shipped, Cancelled]),
            (Shipped, vec![]),
            (Cancelled, vec![]),
        ];
        for (from, targets) in allowed {
            for to in ProductionStatus::ALL {
                assert_eq!(
                    from.staff_move(to).is_ok(),
                    targets.contains(&to),
                    "{from:?} to {to:?}"
                );
            }
        }
    }
}
