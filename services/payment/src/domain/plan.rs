//! A payment plan: what an order still owes, cut into parts with a day each. The arithmetic of
//! making one is here, the state of one follows from its parts; see [`super::installment`].

use chrono::{DateTime, NaiveDate, Utc};
use konveksi_kernel::{Money, MoneyError, OrderId, PlanId, jakarta};
use rust_decimal::Decimal;
use thiserror::Error;

/// The most parts of a plan (`reliability.md` I7).
pub(crate) const MOST_PARTS: usize = 12;
/// The longest description of a part, in characters.
pub(crate) const DESCRIPTION_CHARS: usize = 200;
/// The furthest day a part may be due, in days from now: providers make no longer links.
pub(crate) const FURTHEST_DAYS: i64 = 360;

/// How a plan's parts came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum PlanForm {
    /// Each part was named.
    Custom,
    /// A deposit and the rest.
    TwoStep,
    /// Equal parts.
    Equal,
}

impl PlanForm {
    /// Every form.
    pub(crate) const ALL: [PlanForm; 3] = [PlanForm::Custom, PlanForm::TwoStep, PlanForm::Equal];

    /// The wire's literal.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            PlanForm::Custom => "custom",
            PlanForm::TwoStep => "two_step",
            PlanForm::Equal => "equal",
        }
    }

    /// Reads what [`PlanForm::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<PlanForm> {
        PlanForm::ALL.into_iter().find(|form| form.as_wire() == text)
    }
}

/// Where a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum PlanState {
    /// Its open parts ask for exactly what the order still owes.
    Active,
    /// They no longer do (the price changed, money came another way): staff make a new plan.
    OutOfStep,
    /// Nothing of it is open any more.
    Completed,
    /// Another plan took its place.
    Replaced,
    /// Given up.
    Cancelled,
}

impl PlanState {
    /// Every state.
    pub(crate) const ALL: [PlanState; 5] = [
        PlanState::Active,
        PlanState::OutOfStep,
        PlanState::Completed,
        PlanState::Replaced,
        PlanState::Cancelled,
    ];

    /// The wire's literal.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            PlanState::Active => "active",
            PlanState::OutOfStep => "out_of_step",
            PlanState::Completed => "completed",
            PlanState::Replaced => "replaced",
            PlanState::Cancelled => "cancelled",
        }
    }

    /// Reads what [`PlanState::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<PlanState> {
        PlanState::ALL.into_iter().find(|state| state.as_wire() == text)
    }

    /// Whether its parts are still asked for.
    pub(crate) const fn is_live(self) -> bool {
        match self {
            PlanState::Active | PlanState::OutOfStep => true,
            PlanState::Completed | PlanState::Replaced | PlanState::Cancelled => false,
        }
    }
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Its id.
    pub(crate) id: PlanId,
    /// The order it is for.
    pub(crate) order_id: OrderId,
    /// How its parts came about.
    pub(crate) form: PlanForm,
    /// The sum of its parts, in rupiah.
    pub(crate) total: Money,
    /// Where it stands.
    pub(crate) state: PlanState,
    /// The plan it took the place of; absent for an order's first.
    pub(crate) replaces: Option<PlanId>,
    /// Who made it, such as `staff:7`.
    pub(crate) created_by: String,
    /// When it was made.
    pub(crate) created_at: DateTime<Utc>,
    /// Rises with every change.
    pub(crate) version: i64,
}

impl Plan {
    /// Goes to `state`; whether that changed something.
    pub(crate) fn move_to(&mut self, state: PlanState) -> bool {
        let moved = self.state != state;
        if moved {
            self.state = state;
            self.version += 1;
        }
        moved
    }
}

/// One part, before it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// What it asks for, in rupiah.
    pub(crate) amount: Money,
    /// When it is due; the day in Jakarta counts.
    pub(crate) due_at: DateTime<Utc>,
    /// What it is, as customers read it.
    pub(crate) description: String,
}

impl Part {
    /// The day on which it is due.
    pub(crate) fn due_on(&self) -> NaiveDate {
        jakarta::day_of(self.due_at)
    }
}

/// Why parts make no plan. Positions count from 0.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum PlanError {
    /// None, or too many.
    #[error("a plan has 1 to {MOST_PARTS} parts, not {0}")]
    Count(usize),
    /// A part that asks for nothing, or for sen.
    #[error("part {0} must ask for more than nothing, in whole rupiah")]
    Amount(usize),
    /// A part that is not due after the one before it.
    #[error("part {0} must be due on a later day than the part before it")]
    Order(usize),
    /// A part that is due too far away.
    #[error("part {0} is due more than {FURTHEST_DAYS} days from now")]
    TooFar(usize),
    /// The parts ask for another sum than what is left.
    #[error("the parts add up to {sum}, but {left} is left to pay")]
    Sum {
        /// What they add up to.
        sum: Money,
        /// What the order still owes.
        left: Money,
    },
    /// The sum leaves the range of money.
    #[error("the sum is out of range")]
    Range(#[from] MoneyError),
}

/// Whether `parts` are a plan for `left`. Days that have passed are fine: those parts are overdue
/// (`settled.md` 31).
///
/// # Errors
/// [`PlanError`], the first thing that is wrong.
pub(crate) fn check(parts: &[Part], left: Money, now: DateTime<Utc>) -> Result<(), PlanError> {
    if !(1..=MOST_PARTS).contains(&parts.len()) {
        return Err(PlanError::Count(parts.len()));
    }
    for (at, part) in parts.iter().enumerate() {
        if part.amount.is_zero() || part.amount.whole_rupiah().is_err() {
            return Err(PlanError::Amount(at));
        }
    }
    check_days(&parts.iter().map(|part| part.due_at).collect::<Vec<_>>(), now)?;
    let sum = parts.iter().try_fold(Money::ZERO, |sum, part| sum.plus(part.amount))?;
    if sum == left { Ok(()) } else { Err(PlanError::Sum { sum, left }) }
}

/// Whether due days rise and none is too far away.
///
/// # Errors
/// [`PlanError::Order`], [`PlanError::TooFar`].
pub(crate) fn check_days(due: &[DateTime<Utc>], now: DateTime<Utc>) -> Result<(), PlanError> {
    for (at, pair) in due.windows(2).enumerate() {
        if let [before, after] = pair
            && jakarta::day_of(*before) >= jakarta::day_of(*after)
        {
            return Err(PlanError::Order(at + 1));
        }
    }
    let furthest = now + chrono::Duration::days(FURTHEST_DAYS);
    match due.iter().position(|due| *due > furthest) {
        Some(at) => Err(PlanError::TooFar(at)),
        None => Ok(()),
    }
}

/// A deposit of `percent` of `left`, and the rest; the deposit is floored to a whole rupiah.
///
/// # Errors
/// [`MoneyError`] for percents outside sense.
pub(crate) fn two_step(
    left: Money,
    percent: Decimal,
    due: [DateTime<Utc>; 2],
) -> Result<Vec<Part>, MoneyError> {
    let deposit = left.percent_whole_rupiah(percent)?;
    let rest = left.minus(deposit)?;
    let [first, second] = due;
    let part = |amount, due_at, description: &str| Part {
        amount,
        due_at,
        description: description.to_owned(),
    };
    Ok(vec![part(deposit, first, "Uang muka (DP)"), part(rest, second, "Pelunasan")])
}

/// As many equal parts as there are days, the remainder in the last.
///
/// # Errors
/// [`MoneyError`], in practice never.
pub(crate) fn equal(left: Money, due: &[DateTime<Utc>]) -> Result<Vec<Part>, MoneyError> {
    let count = u32::try_from(due.len()).unwrap_or(u32::MAX).min(1_000);
    let amounts = left.split_whole_rupiah(count)?;
    Ok(amounts
        .into_iter()
        .zip(due)
        .enumerate()
        .map(|(at, (amount, &due_at))| Part {
            amount,
            due_at,
            description: format!("Cicilan {} dari {count}", at + 1),
        })
        .collect())
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
