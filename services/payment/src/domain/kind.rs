//! What one invoice asks for, and how long it may be paid.

use chrono::Duration;

use super::PaymentPlan;

/// What an invoice asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum InvoiceKind {
    /// A first part of the total, before the work begins.
    Deposit,
    /// What is left, before the goods leave.
    Final,
    /// Everything at once.
    Full,
}

impl InvoiceKind {
    /// Every kind.
    pub(crate) const ALL: [InvoiceKind; 3] =
        [InvoiceKind::Deposit, InvoiceKind::Final, InvoiceKind::Full];

    /// The contract's literal.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            InvoiceKind::Deposit => "dp",
            InvoiceKind::Final => "pelunasan",
            InvoiceKind::Full => "full",
        }
    }

    /// Reads what [`InvoiceKind::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<InvoiceKind> {
        InvoiceKind::ALL.into_iter().find(|kind| kind.as_wire() == text)
    }

    /// What customers read on the payment page.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            InvoiceKind::Deposit => "Uang muka (DP)",
            InvoiceKind::Final => "Pelunasan",
            InvoiceKind::Full => "Pembayaran penuh",
        }
    }

    /// How long it can be paid from the moment its link is made (`contract.md` section 4).
    pub(crate) const fn lifetime(self) -> Duration {
        match self {
            InvoiceKind::Deposit => Duration::days(3),
            InvoiceKind::Final => Duration::days(4),
            InvoiceKind::Full => Duration::hours(48),
        }
    }

    /// What a new order is asked for first.
    pub(crate) const fn first_of(plan: PaymentPlan) -> InvoiceKind {
        match plan {
            PaymentPlan::Deposit => InvoiceKind::Deposit,
            PaymentPlan::Full => InvoiceKind::Full,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back_and_nothing_else_does() {
        for kind in InvoiceKind::ALL {
            assert_eq!(InvoiceKind::from_wire(kind.as_wire()), Some(kind));
        }
        assert_eq!(InvoiceKind::from_wire("lunas"), None);
    }

    #[test]
    fn lifetimes_are_those_of_the_contract() {
        assert_eq!(InvoiceKind::Deposit.lifetime(), Duration::hours(72));
        assert_eq!(InvoiceKind::Final.lifetime(), Duration::hours(96));
        assert_eq!(InvoiceKind::Full.lifetime(), Duration::hours(48));
    }
}
