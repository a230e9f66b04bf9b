//! What is asked of plans, read: the spec's body with every part named, or a form by which the
//! parts follow.

use chrono::{DateTime, Duration, Utc};
use konveksi_kernel::{Money, OrderId};
use konveksi_web::{FieldErrors, Problem};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::input;
use crate::app::change_plan::NewDay;
use crate::app::create_plan::Shape;
use crate::domain::plan::{DESCRIPTION_CHARS, MOST_PARTS, Part, PlanForm};

/// Days between two parts when nobody says.
const INTERVAL_DAYS: i64 = 30;

/// A plan to be made, and how its parts come about.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = PlanCreate)]
pub(super) struct PlanRequest {
    /// The order; not needed where a plan takes another's place.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub(super) order_id: Option<OrderId>,
    /// `custom` with `installments`; `two_step` (a deposit and the rest) or `equal`, whose parts
    /// follow from the days.
    #[schema(example = "custom")]
    plan: String,
    /// The parts of a custom plan, 1 to 12; they add up to what is left, their days rise.
    installments: Option<Vec<PartRequest>>,
    /// The deposit's share of what is left, for `two_step`; the order's own when absent.
    #[schema(value_type = Option<String>)]
    dp_percent: Option<Decimal>,
    /// When the parts are due, for `two_step` and `equal`.
    due_dates: Option<Vec<DateTime<Utc>>>,
    /// In place of `due_dates`: when the first part is due.
    first_due_date: Option<DateTime<Utc>>,
    /// Days between two parts; 30 when absent.
    interval_days: Option<i64>,
    /// How many parts, for `equal` without `due_dates`.
    parts: Option<usize>,
}

/// One part.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = PlanPart)]
pub(super) struct PartRequest {
    /// Whole rupiah, more than nothing; a string or a number.
    #[schema(value_type = String, example = "2500000.00")]
    amount: Money,
    /// When it is due; the day in Jakarta counts, and may have passed.
    due_date: DateTime<Utc>,
    /// At most 200 characters.
    #[serde(default)]
    description: String,
}

impl PlanRequest {
    pub(super) fn shape(self) -> Result<Shape, Problem> {
        let mut errors = FieldErrors::new();
        let Some(form) = PlanForm::from_wire(&self.plan) else {
            let message = "Pilihan tidak dikenal. Gunakan custom, two_step, atau equal.";
            return Err(Problem::field("plan", message));
        };
        let shape = match form {
            PlanForm::Custom => self.custom(&mut errors),
            PlanForm::TwoStep => self.two_step(&mut errors),
            PlanForm::Equal => self.equal(&mut errors),
        };
        errors.into_result()?;
        shape.ok_or_else(|| Problem::field("installments", "Wajib diisi."))
    }

    fn custom(self, errors: &mut FieldErrors) -> Option<Shape> {
        let parts = self.installments.unwrap_or_default();
        if !(1..=MOST_PARTS).contains(&parts.len()) {
            errors.push("installments", format!("Harus 1 sampai {MOST_PARTS} cicilan."));
            return None;
        }
        let read = |(at, part): (usize, PartRequest)| {
            let field = |name: &str| format!("installments[{at}].{name}");
            let description = field("description");
            let description =
                input::text(errors, &description, &part.description, DESCRIPTION_CHARS);
            let amount = input::rupiah(errors, &field("amount"), part.amount);
            Part { amount: amount.unwrap_or(Money::ZERO), due_at: part.due_date, description }
        };
        Some(Shape::Custom(parts.into_iter().enumerate().map(read).collect()))
    }

    fn two_step(&self, errors: &mut FieldErrors) -> Option<Shape> {
        let within = Decimal::ONE..Decimal::ONE_HUNDRED;
        let fits =
            |percent: &Decimal| within.contains(percent) && *percent == percent.trunc_with_scale(2);
        if self.dp_percent.is_some_and(|percent| !fits(&percent)) {
            errors.push("dp_percent", "Persentase DP harus antara 1 dan 99.");
        }
        let due = self.days(errors, 2)?;
        match <[DateTime<Utc>; 2]>::try_from(due) {
            Ok(due) => Some(Shape::TwoStep { percent: self.dp_percent, due }),
            Err(_other_count) => {
                errors.push("due_dates", "Harus dua tanggal.");
                None
            }
        }
    }

    fn equal(&self, errors: &mut FieldErrors) -> Option<Shape> {
        let count = self.parts.or(self.due_dates.as_ref().map(Vec::len)).unwrap_or(0);
        if !(1..=MOST_PARTS).contains(&count) {
            errors.push("parts", format!("Harus 1 sampai {MOST_PARTS} cicilan."));
            return None;
        }
        let due = self.days(errors, count)?;
        if due.len() != count {
            errors.push("due_dates", format!("Harus {count} tanggal."));
            return None;
        }
        Some(Shape::Equal(due))
    }

    /// The days as they are named, or `count` of them from the first one on.
    fn days(&self, errors: &mut FieldErrors, count: usize) -> Option<Vec<DateTime<Utc>>> {
        if let Some(due) = &self.due_dates {
            return Some(due.clone());
        }
        let Some(first) = self.first_due_date else {
            errors.push("due_dates", "Isi due_dates atau first_due_date.");
            return None;
        };
        let every = self.interval_days.unwrap_or(INTERVAL_DAYS);
        if !(1..=366).contains(&every) {
            errors.push("interval_days", "Harus antara 1 dan 366 hari.");
            return None;
        }
        let mut due = Vec::new();
        let mut next = Some(first);
        while let (Some(day), true) = (next, due.len() < count) {
            due.push(day);
            next = day.checked_add_signed(Duration::days(every));
        }
        Some(due)
    }
}

/// New days for parts.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = PlanReschedule)]
pub(super) struct RescheduleRequest {
    /// The parts that move.
    installments: Vec<NewDayRequest>,
}

/// One part's new day.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = PlanNewDay)]
pub(super) struct NewDayRequest {
    /// The part, counted from 1.
    sequence: i32,
    /// When it is due from now on.
    due_date: DateTime<Utc>,
}

impl RescheduleRequest {
    pub(super) fn read(&self) -> Result<Vec<NewDay>, Problem> {
        if !(1..=MOST_PARTS).contains(&self.installments.len()) {
            let message = format!("Harus 1 sampai {MOST_PARTS} cicilan.");
            return Err(Problem::field("installments", message));
        }
        let day = |one: &NewDayRequest| NewDay { sequence: one.sequence, due_at: one.due_date };
        Ok(self.installments.iter().map(day).collect())
    }
}
