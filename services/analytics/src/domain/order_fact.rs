//! What is known of one order, and which of two tellings is newer.

use chrono::{DateTime, NaiveDate, Utc};
use konveksi_kernel::{CustomerId, Money, OrderId, jakarta};

use super::status::{OrderStatus, ProductionStatus};

/// An order as its newest event tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OrderFact {
    pub(crate) order_id: OrderId,
    /// The order's own version; rises with every change.
    pub(crate) version: i64,
    pub(crate) order_code: String,
    pub(crate) customer_id: CustomerId,
    pub(crate) total: Money,
    pub(crate) paid: Money,
    pub(crate) status: OrderStatus,
    pub(crate) production: ProductionStatus,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) deleted: bool,
}

impl OrderFact {
    /// Whether this is newer than `known`. Several events may tell the same version; of those a
    /// deletion stands, so that the order of arrival never matters.
    pub(crate) fn supersedes(&self, known: &OrderFact) -> bool {
        (self.version, self.deleted) > (known.version, known.deleted)
    }

    /// The status under which the order is counted; deleted orders are not counted.
    pub(crate) fn counted_as(&self) -> Option<OrderStatus> {
        (!self.deleted).then_some(self.status)
    }

    /// The day in Jakarta on which the order was made.
    pub(crate) fn created_on(&self) -> NaiveDate {
        jakarta::day_of(self.created_at)
    }
}

#[cfg(test)]
mod tests {
    use konveksi_kernel::{Clock as _, SystemClock};

    use super::*;

    fn fact(version: i64, deleted: bool) -> OrderFact {
        OrderFact {
            order_id: OrderId::generate(&SystemClock),
            version,
            order_code: "ORD-20261123-ABC".to_owned(),
            customer_id: CustomerId::generate(&SystemClock),
            total: Money::ZERO,
            paid: Money::ZERO,
            status: OrderStatus::LinkCreated,
            production: ProductionStatus::Waiting,
            created_at: SystemClock.now(),
            deleted,
        }
    }

    #[test]
    fn only_a_higher_version_is_newer() {
        assert!(fact(2, false).supersedes(&fact(1, false)));
        assert!(!fact(1, false).supersedes(&fact(2, false)));
        assert!(!fact(2, false).supersedes(&fact(2, false)));
    }

    #[test]
    fn of_one_version_the_deletion_stands() {
        assert!(fact(2, true).supersedes(&fact(2, false)));
        assert!(!fact(2, false).supersedes(&fact(2, true)));
        assert!(fact(3, false).supersedes(&fact(2, true)), "a restored order counts again");
    }

    #[test]
    fn a_deleted_order_counts_nowhere() {
        assert_eq!(fact(1, true).counted_as(), None);
        assert_eq!(fact(1, false).counted_as(), Some(OrderStatus::LinkCreated));
    }
}
