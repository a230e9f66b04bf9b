//! The two states of an order, by their wire words (`docs/glossary.md`).

/// Where an order stands commercially.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum OrderStatus {
    AwaitingLink,
    LinkCreated,
    DepositPaid,
    WorkDone,
    AwaitingFinalPayment,
    PaidInFull,
    Cancelled,
}

impl OrderStatus {
    /// Every status, in the order of an order's life.
    pub(crate) const ALL: [OrderStatus; 7] = [
        OrderStatus::AwaitingLink,
        OrderStatus::LinkCreated,
        OrderStatus::DepositPaid,
        OrderStatus::WorkDone,
        OrderStatus::AwaitingFinalPayment,
        OrderStatus::PaidInFull,
        OrderStatus::Cancelled,
    ];

    /// As the wire and the table have it.
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
}

/// Where an order stands on the floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProductionStatus {
    Waiting,
    InProgress,
    Finished,
    Shipped,
    Cancelled,
}

impl ProductionStatus {
    /// Every status, in the order of an order's life.
    pub(crate) const ALL: [ProductionStatus; 5] = [
        ProductionStatus::Waiting,
        ProductionStatus::InProgress,
        ProductionStatus::Finished,
        ProductionStatus::Shipped,
        ProductionStatus::Cancelled,
    ];

    /// As the wire and the table have it.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            ProductionStatus::Waiting => "menunggu",
            ProductionStatus::InProgress => "diproses",
            ProductionStatus::Finished => "selesai",
            ProductionStatus::Shipped => "dikirim",
            ProductionStatus::Cancelled => "dibatalkan",
        }
    }

    /// Reads what [`ProductionStatus::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<ProductionStatus> {
        ProductionStatus::ALL.into_iter().find(|status| status.as_wire() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_reads_back() {
        for status in OrderStatus::ALL {
            assert_eq!(OrderStatus::from_wire(status.as_wire()), Some(status));
        }
        for status in ProductionStatus::ALL {
            assert_eq!(ProductionStatus::from_wire(status.as_wire()), Some(status));
        }
        assert_eq!(OrderStatus::from_wire("paid"), None);
    }
}
