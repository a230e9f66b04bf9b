//! Where an invoice stands.

/// An invoice's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum InvoiceStatus {
    /// Waits for (the rest of) its money.
    Unpaid,
    /// All of it came.
    Paid,
    /// Its time passed before all of it came.
    Expired,
    /// No longer asked for.
    Cancelled,
}

impl InvoiceStatus {
    /// Every state.
    pub(crate) const ALL: [InvoiceStatus; 4] = [
        InvoiceStatus::Unpaid,
        InvoiceStatus::Paid,
        InvoiceStatus::Expired,
        InvoiceStatus::Cancelled,
    ];

    /// The contract's literal.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            InvoiceStatus::Unpaid => "belum dibayar",
            InvoiceStatus::Paid => "sudah dibayar",
            InvoiceStatus::Expired => "kadaluarsa",
            InvoiceStatus::Cancelled => "dibatalkan",
        }
    }

    /// Reads what [`InvoiceStatus::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<InvoiceStatus> {
        InvoiceStatus::ALL.into_iter().find(|status| status.as_wire() == text)
    }

    /// Whether money can still be asked for with it: unpaid, or expired and regenerated.
    pub(crate) const fn is_open(self) -> bool {
        match self {
            InvoiceStatus::Unpaid | InvoiceStatus::Expired => true,
            InvoiceStatus::Paid | InvoiceStatus::Cancelled => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_reads_back() {
        for status in InvoiceStatus::ALL {
            assert_eq!(InvoiceStatus::from_wire(status.as_wire()), Some(status));
        }
    }
}
