//! The words of an invoice, as far as an order's history repeats them. Invoices are payment's.

/// What an invoice asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum InvoiceKind {
    /// `dp`.
    Deposit,
    /// `pelunasan`.
    Final,
    /// `full`.
    Full,
}

impl InvoiceKind {
    /// The word on the wire and in the table.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            InvoiceKind::Deposit => "dp",
            InvoiceKind::Final => "pelunasan",
            InvoiceKind::Full => "full",
        }
    }
}

/// Where an invoice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum InvoiceStatus {
    /// `belum dibayar`.
    Unpaid,
    /// `sudah dibayar`.
    Paid,
    /// `kadaluarsa`.
    Expired,
    /// `dibatalkan`.
    Cancelled,
}

impl InvoiceStatus {
    /// The words on the wire and in the table.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            InvoiceStatus::Unpaid => "belum dibayar",
            InvoiceStatus::Paid => "sudah dibayar",
            InvoiceStatus::Expired => "kadaluarsa",
            InvoiceStatus::Cancelled => "dibatalkan",
        }
    }
}
