//! Status, production and money of one order together: the machine that nothing leaves.
//!
//! Money decides `dp_dibayar` and `lunas`; what was paid is a copy of payment's ledger, ordered
//! by `money_version`. Facts may come in any order and twice: where an order ends depends only on
//! which came.

use konveksi_kernel::Money;

use super::invoice::InvoiceKind;
use super::production::ProductionStatus;
use super::status::{Occasion, OrderStatus, Refusal};

/// Where an order stands. Fields are private: only moves change them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    status: OrderStatus,
    production: ProductionStatus,
    paid: Money,
    money_version: i64,
    overdue: bool,
}

/// What payment tells when money arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MoneyReceived {
    /// What the paid invoice asked for.
    pub(crate) kind: InvoiceKind,
    /// Whether that invoice is now paid completely.
    pub(crate) invoice_settled: bool,
    /// The order's total as payment knew it.
    pub(crate) order_total: Money,
    /// All that was captured for the order, less refunds.
    pub(crate) order_paid: Money,
    /// Rises with every change of `order_paid`.
    pub(crate) money_version: i64,
}

impl MoneyReceived {
    /// What this payment means for an order of `total`.
    fn occasion(&self, total: Money) -> Option<Occasion> {
        let last_part = self.invoice_settled
            && matches!(self.kind, InvoiceKind::Final | InvoiceKind::Full)
            // Paid against another total, the invoice says nothing about this one.
            && self.order_total == total;
        if last_part || self.order_paid >= total {
            Some(Occasion::PaidInFull)
        } else {
            self.invoice_settled.then_some(Occasion::DepositPaid)
        }
    }
}

/// A move from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step<S> {
    /// Where it stood.
    pub(crate) from: S,
    /// Where it stands now.
    pub(crate) to: S,
}

/// What a move changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Change {
    /// `status_order` moved.
    pub(crate) status: Option<Step<OrderStatus>>,
    /// `production_status` moved.
    pub(crate) production: Option<Step<ProductionStatus>>,
    /// Something else that is told changed: what was paid, or a detail of the order.
    pub(crate) details: bool,
}

impl Change {
    /// Whether nothing changed.
    pub(crate) fn is_nothing(self) -> bool {
        self == Change::default()
    }
}

impl Standing {
    /// A fresh order: no link, no work, no money.
    pub(crate) const NEW: Standing = Standing {
        status: OrderStatus::AwaitingLink,
        production: ProductionStatus::Waiting,
        paid: Money::ZERO,
        money_version: 0,
        overdue: false,
    };

    /// Takes what was stored.
    pub(crate) const fn restore(
        status: OrderStatus,
        production: ProductionStatus,
        paid: Money,
        money_version: i64,
    ) -> Standing {
        Standing { status, production, paid, money_version, overdue: false }
    }

    /// With the flag that was stored.
    #[must_use]
    pub(crate) const fn with_overdue(self, overdue: bool) -> Standing {
        Standing { overdue, ..self }
    }

    /// `status_order`.
    pub(crate) const fn status(&self) -> OrderStatus {
        self.status
    }

    /// `production_status`.
    pub(crate) const fn production(&self) -> ProductionStatus {
        self.production
    }

    /// What was captured, less refunds, as far as this service heard.
    pub(crate) const fn paid(&self) -> Money {
        self.paid
    }

    /// How new [`Standing::paid`] is.
    pub(crate) const fn money_version(&self) -> i64 {
        self.money_version
    }

    /// Whether an invoice was due and is not paid.
    pub(crate) const fn is_overdue(&self) -> bool {
        self.overdue
    }

    /// Whether everything is paid of `total`: a function of money, not of the status.
    pub(crate) fn is_fully_paid(&self, total: Money) -> bool {
        self.paid >= total
    }

    /// A payment link exists.
    pub(crate) fn link_created(&mut self) -> Change {
        self.occur(Occasion::LinkCreated)
    }

    /// The message asking for the rest was sent.
    pub(crate) fn final_message_sent(&mut self) -> Change {
        self.occur(Occasion::FinalMessageSent)
    }

    /// An invoice was due and is not paid. Says whether that is news; an order that is paid or
    /// given up is not overdue.
    pub(crate) fn fell_overdue(&mut self, total: Money) -> Change {
        let done = self.is_fully_paid(total) || self.status == OrderStatus::Cancelled;
        let news = !done && !self.overdue;
        self.overdue |= news;
        Change { details: news, ..Change::default() }
    }

    /// Money went back. The status never steps back (`settled.md` 19): what is paid does.
    pub(crate) fn money_refunded(&mut self, order_paid: Money, money_version: i64) -> Change {
        let newer = money_version > self.money_version;
        if newer {
            self.paid = order_paid;
            self.money_version = money_version;
        }
        Change { details: newer, ..Change::default() }
    }

    /// Money arrived for this order of `total`.
    pub(crate) fn money_received(&mut self, total: Money, fact: &MoneyReceived) -> Change {
        let newer = fact.money_version > self.money_version;
        if newer {
            self.paid = fact.order_paid;
            self.money_version = fact.money_version;
        }
        // Whatever was due, this settled it; what else is due falls overdue by itself.
        if fact.invoice_settled || self.is_fully_paid(total) {
            self.overdue = false;
        }
        let moved =
            fact.occasion(total).map_or_else(Change::default, |occasion| self.occur(occasion));
        Change { details: newer, ..moved }
    }

    /// Staff move the order. Asking for the state it has changes nothing. Cancelling also ends
    /// work that is not finished.
    ///
    /// # Errors
    /// As [`OrderStatus::staff_move`].
    pub(crate) fn staff_status(&mut self, to: OrderStatus) -> Result<Change, Refusal> {
        if self.status == to {
            return Ok(Change::default());
        }
        self.status.staff_move(to)?;
        let mut change = self.set_status(to);
        let unfinished =
            matches!(self.production, ProductionStatus::Waiting | ProductionStatus::InProgress);
        if to == OrderStatus::Cancelled && unfinished {
            change.production = Some(self.set_production(ProductionStatus::Cancelled));
        }
        Ok(change)
    }

    /// Staff move production. Asking for the state it has changes nothing.
    ///
    /// # Errors
    /// [`Refusal::OrderCancelled`]; else as [`ProductionStatus::staff_move`].
    pub(crate) fn staff_production(&mut self, to: ProductionStatus) -> Result<Change, Refusal> {
        if self.production == to {
            return Ok(Change::default());
        }
        if self.status == OrderStatus::Cancelled && to != ProductionStatus::Cancelled {
            return Err(Refusal::OrderCancelled);
        }
        self.production.staff_move(to)?;
        Ok(Change { production: Some(self.set_production(to)), ..Change::default() })
    }

    /// The floor reported pieces, whose counts said `before` and say `after` now. Production
    /// follows them on, and back only when they themselves went back: what staff set by hand
    /// ahead of the counts stands.
    ///
    /// # Errors
    /// [`Refusal::OrderCancelled`]; [`Refusal::Production`] once the goods left or will not be
    /// made.
    pub(crate) fn pieces_reported(
        &mut self,
        before: ProductionStatus,
        after: ProductionStatus,
    ) -> Result<Change, Refusal> {
        if self.status == OrderStatus::Cancelled {
            return Err(Refusal::OrderCancelled);
        }
        if !self.production.is_open() {
            return Err(Refusal::Production { from: self.production, to: after });
        }
        let on = after.is_further_than(self.production);
        let back = before.is_further_than(after) && self.production.is_further_than(after);
        if on || back {
            return Ok(Change {
                production: Some(self.set_production(after)),
                ..Change::default()
            });
        }
        Ok(Change::default())
    }

    /// Staff ask for the final payment (`contract.md` row 32). Asked again while it is still to be
    /// paid, nothing changes: the invoice may be missing.
    ///
    /// # Errors
    /// [`Refusal::FinalPayment`], [`Refusal::NothingLeftToPay`].
    pub(crate) fn ask_final_payment(&mut self, total: Money) -> Result<Change, Refusal> {
        if !matches!(self.status, OrderStatus::DepositPaid | OrderStatus::WorkDone) {
            return Err(Refusal::FinalPayment { from: self.status });
        }
        if self.is_fully_paid(total) {
            return Err(Refusal::NothingLeftToPay);
        }
        if self.status == OrderStatus::WorkDone {
            return Ok(Change::default());
        }
        Ok(self.set_status(OrderStatus::WorkDone))
    }

    fn occur(&mut self, occasion: Occasion) -> Change {
        let to = self.status.after(occasion);
        if to == self.status { Change::default() } else { self.set_status(to) }
    }

    fn set_status(&mut self, to: OrderStatus) -> Change {
        let step = Step { from: self.status, to };
        self.status = to;
        Change { status: Some(step), ..Change::default() }
    }

    fn set_production(&mut self, to: ProductionStatus) -> Step<ProductionStatus> {
        let step = Step { from: self.production, to };
        self.production = to;
        step
    }
}

#[cfg(test)]
#[path = "standing_tests.rs"]
mod tests;
