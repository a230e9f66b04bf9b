//! One part of a plan, as it is stored, and what follows for the whole plan from all of them. What
//! was paid of a part is its invoice's to say; a paid part is never edited.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use konveksi_kernel::{InstallmentId, InvoiceId, Money, MoneyError, OrderId, PlanId, jakarta};

use super::plan::PlanState;
use super::{Invoice, InvoiceStatus};

/// A part of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Installment {
    /// Its id.
    pub(crate) id: InstallmentId,
    /// The plan it belongs to.
    pub(crate) plan_id: PlanId,
    /// The order of that plan.
    pub(crate) order_id: OrderId,
    /// Counts the parts of a plan from 1.
    pub(crate) sequence: i32,
    /// What it asks for, in rupiah.
    pub(crate) amount: Money,
    /// When it is due.
    pub(crate) due_at: DateTime<Utc>,
    /// What it is.
    pub(crate) description: String,
    /// The invoice that asks for it.
    pub(crate) invoice_id: InvoiceId,
    /// That it is no longer asked for; absent while it is.
    pub(crate) waived: Option<Waiver>,
    /// On which day it is told next that it is due; absent when nothing is to be told any more.
    pub(crate) remind_on: Option<NaiveDate>,
}

/// Why a part is no longer asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiver {
    /// When.
    pub(crate) at: DateTime<Utc>,
    /// By whom, such as `staff:7`.
    pub(crate) by: String,
    /// Why.
    pub(crate) reason: String,
}

/// Where a part stands, as people read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum InstallmentStatus {
    /// Nothing came yet, and its day has not passed.
    Pending,
    /// Some of it came.
    PartiallyPaid,
    /// All of it came.
    Paid,
    /// Its day passed before all of it came.
    Overdue,
    /// No longer asked for, by a person's word.
    Waived,
    /// No longer asked for, because its plan is not.
    Cancelled,
}

impl InstallmentStatus {
    /// The wire's literal.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            InstallmentStatus::Pending => "pending",
            InstallmentStatus::PartiallyPaid => "partially_paid",
            InstallmentStatus::Paid => "paid",
            InstallmentStatus::Overdue => "overdue",
            InstallmentStatus::Waived => "waived",
            InstallmentStatus::Cancelled => "cancelled",
        }
    }
}

impl Installment {
    /// The day on which it is due.
    pub(crate) fn due_on(&self) -> NaiveDate {
        jakarta::day_of(self.due_at)
    }

    /// Where it stands at `now`, by its invoice.
    pub(crate) fn status(&self, invoice: &Invoice, now: DateTime<Utc>) -> InstallmentStatus {
        match (self.waived.is_some(), invoice.status) {
            (true, _) => InstallmentStatus::Waived,
            (false, InvoiceStatus::Paid) => InstallmentStatus::Paid,
            (false, InvoiceStatus::Cancelled) => InstallmentStatus::Cancelled,
            (false, InvoiceStatus::Unpaid | InvoiceStatus::Expired) => {
                if jakarta::day_of(now) > self.due_on() {
                    InstallmentStatus::Overdue
                } else if invoice.amount_paid.is_zero() {
                    InstallmentStatus::Pending
                } else {
                    InstallmentStatus::PartiallyPaid
                }
            }
        }
    }

    /// Until when its invoice can be paid: the end of its day, and never less than an invoice's
    /// ordinary life from now.
    pub(crate) fn payable_until(
        &self,
        now: DateTime<Utc>,
        life: chrono::Duration,
    ) -> DateTime<Utc> {
        let after = self.due_on().succ_opt().unwrap_or_else(|| self.due_on());
        jakarta::day_start(after).max(now + life)
    }
}

/// On which day after `today` (or today itself) a part due on `due_on` is told next, with the step
/// in days before the due day; absent when every step has passed. `steps` are days before it.
pub(crate) fn next_reminder(
    due_on: NaiveDate,
    steps: &[u32],
    today: NaiveDate,
) -> Option<(NaiveDate, u32)> {
    let day_of = |step: u32| {
        let day = due_on.num_days_from_ce().checked_sub(i32::try_from(step).ok()?)?;
        NaiveDate::from_num_days_from_ce_opt(day)
    };
    steps
        .iter()
        .filter_map(|&step| day_of(step).map(|day| (day, step)))
        .filter(|(day, _)| *day >= today)
        .min()
}

/// The step that is due on `today` for a part due on `due_on`: the latest whose day has come. Older
/// ones are dropped, so that a service that slept tells once.
pub(crate) fn reached_step(due_on: NaiveDate, steps: &[u32], today: NaiveDate) -> Option<u32> {
    let left = (due_on - today).num_days();
    steps.iter().copied().filter(|&step| i64::from(step) >= left && left >= 0).min()
}

/// What a plan's state follows from: its parts with their invoices, and what the order still owes.
///
/// A waived part may stand for a discount that is not in the order's price yet, so a plan is in
/// step with and without what was waived.
///
/// # Errors
/// [`MoneyError`] when sums leave the range of money.
pub(crate) fn plan_state(
    parts: &[(Installment, Invoice)],
    left: Money,
) -> Result<PlanState, MoneyError> {
    let (mut due, mut waived) = (Money::ZERO, Money::ZERO);
    for (part, invoice) in parts {
        if part.waived.is_some() {
            waived = waived.plus(invoice.amount_due())?;
        } else if invoice.status.is_open() {
            due = due.plus(invoice.amount_due())?;
        }
    }
    Ok(if due.is_zero() {
        PlanState::Completed
    } else if due == left || due.plus(waived)? == left {
        PlanState::Active
    } else {
        PlanState::OutOfStep
    })
}

#[cfg(test)]
#[path = "installment_tests.rs"]
mod tests;
