//! The order's status as messages name it. The order service owns the rules; here are only words.

/// How an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum OrderStatus {
    /// No payment link yet.
    AwaitingLink,
    /// The customer has a link.
    LinkCreated,
    /// The deposit is paid.
    DepositPaid,
    /// The work is done, the rest is to be paid.
    WorkDone,
    /// The customer was asked for the rest.
    AwaitingFinalPayment,
    /// Everything is paid.
    PaidInFull,
    /// It will not be made.
    Cancelled,
}

impl OrderStatus {
    /// Every status.
    pub(crate) const ALL: [OrderStatus; 7] = [
        OrderStatus::AwaitingLink,
        OrderStatus::LinkCreated,
        OrderStatus::DepositPaid,
        OrderStatus::WorkDone,
        OrderStatus::AwaitingFinalPayment,
        OrderStatus::PaidInFull,
        OrderStatus::Cancelled,
    ];

    /// As it is written on the wire and in the database.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            OrderStatus::AwaitingLink => "menunggu_link",
            OrderStatus::LinkCreated => "link_dibuat",
            OrderStatus::DepositPaid => "dp_dibayar",
            OrderStatus::WorkDone => "pengerjaan_selesai",
            OrderStatus::AwaitingFinalPayment => "menunggu_pelunasan",
            OrderStatus::PaidInFull => "lunas",
            OrderStatus::Cancelled => "dibatalkan",
        }
    }

    /// Reads what [`OrderStatus::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<OrderStatus> {
        OrderStatus::ALL.into_iter().find(|status| status.as_wire() == text)
    }

    /// What customers read (`contract.md` section 4, display labels).
    pub(crate) const fn label(self) -> &'static str {
        match self {
            OrderStatus::AwaitingLink => "Menunggu Link",
            OrderStatus::LinkCreated => "Link Dibuat",
            OrderStatus::DepositPaid => "DP Dibayar",
            OrderStatus::WorkDone => "Pengerjaan Selesai",
            OrderStatus::AwaitingFinalPayment => "Menunggu Pelunasan",
            OrderStatus::PaidInFull => "Lunas",
            OrderStatus::Cancelled => "Dibatalkan",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_literal_reads_back() {
        for status in OrderStatus::ALL {
            assert_eq!(OrderStatus::from_wire(status.as_wire()), Some(status));
        }
    }
}
