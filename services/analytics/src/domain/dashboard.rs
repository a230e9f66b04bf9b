//! The dashboard's figures, and the one formula behind each (README.md, "Definitions").

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use konveksi_kernel::Money;
use rust_decimal::Decimal;

use super::growth;
use super::month::Month;
use super::status::OrderStatus;

/// Months in the revenue chart, this one included.
pub(crate) const CHART_MONTHS: u32 = 12;
/// Orders in the list of recent ones.
pub(crate) const RECENT_ORDERS: i64 = 10;

/// One of the newest orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RecentOrder {
    pub(crate) order_code: String,
    /// Empty while the customer is not known yet, and after an erasure.
    pub(crate) customer_name: String,
    pub(crate) total: Money,
    pub(crate) status: OrderStatus,
    pub(crate) created_at: DateTime<Utc>,
}

/// Everything the dashboard shows, read at one instant.
#[derive(Debug, Clone)]
pub(crate) struct Dashboard {
    /// Orders by status; deleted ones are not among them. A status without orders may be absent.
    pub(crate) by_status: BTreeMap<OrderStatus, u64>,
    /// All money that ever came in.
    pub(crate) total_revenue: Money,
    /// Money that came in per month; months without any may be absent.
    pub(crate) by_month: BTreeMap<Month, Money>,
    /// The month of today.
    pub(crate) month: Month,
    /// Newest first.
    pub(crate) recent: Vec<RecentOrder>,
}

impl Dashboard {
    /// Orders in one status.
    pub(crate) fn in_status(&self, status: OrderStatus) -> u64 {
        self.by_status.get(&status).copied().unwrap_or(0)
    }

    /// All orders but deleted ones.
    pub(crate) fn total_orders(&self) -> u64 {
        self.by_status.values().sum()
    }

    /// Orders paid in full.
    pub(crate) fn completed_orders(&self) -> u64 {
        self.in_status(OrderStatus::PaidInFull)
    }

    /// Orders that still expect money: neither paid in full nor cancelled.
    pub(crate) fn pending_orders(&self) -> u64 {
        OrderStatus::ALL
            .into_iter()
            .filter(|status| match status {
                OrderStatus::AwaitingLink
                | OrderStatus::LinkCreated
                | OrderStatus::DepositPaid
                | OrderStatus::WorkDone
                | OrderStatus::AwaitingFinalPayment => true,
                OrderStatus::PaidInFull | OrderStatus::Cancelled => false,
            })
            .map(|status| self.in_status(status))
            .sum()
    }

    /// Money that came in during `month`.
    pub(crate) fn revenue_of(&self, month: Month) -> Money {
        self.by_month.get(&month).copied().unwrap_or(Money::ZERO)
    }

    /// The chart's months with their revenue, oldest first, none left out.
    pub(crate) fn chart(&self) -> Vec<(Month, Money)> {
        self.month
            .last(CHART_MONTHS)
            .into_iter()
            .map(|month| (month, self.revenue_of(month)))
            .collect()
    }

    /// This month's revenue so far against the whole previous month's, in percent.
    pub(crate) fn monthly_growth(&self) -> Option<Decimal> {
        growth::percent(self.revenue_of(self.month), self.revenue_of(self.month.back(1)))
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;

    fn dashboard(counts: [u64; 7]) -> Dashboard {
        Dashboard {
            by_status: OrderStatus::ALL.into_iter().zip(counts).collect(),
            total_revenue: Money::ZERO,
            by_month: BTreeMap::new(),
            month: Month::of(NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()),
            recent: Vec::new(),
        }
    }

    #[test]
    fn an_empty_month_is_in_the_chart_as_nothing() {
        let chart = dashboard([0; 7]).chart();
        assert_eq!(chart.len(), 12);
        assert!(chart.iter().all(|(_, revenue)| revenue.is_zero()));
    }

    proptest! {
        #[test]
        fn pending_completed_and_cancelled_make_the_total(counts in prop::array::uniform7(0u64..1_000_000)) {
            let board = dashboard(counts);
            let cancelled = board.in_status(OrderStatus::Cancelled);
            prop_assert_eq!(
                board.pending_orders() + board.completed_orders() + cancelled,
                board.total_orders()
            );
        }
    }
}
