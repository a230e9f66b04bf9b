//! One order: its details, its standing, and which edits it still takes.

use chrono::{DateTime, NaiveDate, Utc};
use konveksi_kernel::{CustomerId, FileId, OrderId};
use thiserror::Error;

use super::field::Complaints;
use super::input::{OrderDetails, OrderDraft};
use super::making::Making;
use super::production::ProductionStatus;
use super::standing::Standing;
use super::status::{OrderStatus, Refusal};

/// Who placed an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Origin {
    /// Someone without an account.
    Public,
    /// Staff, or a shop with a key.
    Admin,
    /// The story that `konveksi seed` tells; these customers are nobody.
    Seed,
}

impl Origin {
    /// Every value.
    pub(crate) const ALL: [Origin; 3] = [Origin::Public, Origin::Admin, Origin::Seed];

    /// The word in the table.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            Origin::Public => "public",
            Origin::Admin => "admin",
            Origin::Seed => "seed",
        }
    }

    /// Whether no event may cause a message about such an order, whatever happens to it.
    pub(crate) const fn is_quiet(self) -> bool {
        match self {
            Origin::Public | Origin::Admin => false,
            Origin::Seed => true,
        }
    }

    /// Reads the word.
    pub(crate) fn from_wire(text: &str) -> Option<Origin> {
        Origin::ALL.into_iter().find(|value| value.as_wire() == text)
    }
}

/// Messages that public orders of one contact may cause in one Jakarta day (`settled.md` 21).
pub(crate) const PUBLIC_MESSAGES_PER_DAY: i64 = 3;

/// Whether the customer may be written to about a new order, after `sent_today` public orders of
/// this contact that were written about today.
pub(crate) const fn may_notify(origin: Origin, sent_today: i64) -> bool {
    match origin {
        Origin::Admin => true,
        Origin::Public => sent_today < PUBLIC_MESSAGES_PER_DAY,
        Origin::Seed => false,
    }
}

/// The first stage of an order that is not finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CurrentStage {
    /// Its code.
    pub(crate) code: String,
    /// By when it is to be finished; absent when nothing is planned.
    pub(crate) due_on: Option<NaiveDate>,
}

impl CurrentStage {
    /// The one of these stages and counts; absent before there are stages and after the last one.
    pub(crate) fn of(making: &Making) -> Option<CurrentStage> {
        let stage = making.current().and_then(|stage| making.stages().get(stage))?;
        Some(CurrentStage { code: stage.code.clone(), due_on: stage.due_on })
    }
}

/// One order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    /// Its id.
    pub(crate) id: OrderId,
    /// Rises with every event told about it.
    pub(crate) version: i64,
    /// The code customers hold.
    pub(crate) code: String,
    /// The unguessable part of its tracking link.
    pub(crate) tracking_token: String,
    /// Whose it is.
    pub(crate) customer_id: CustomerId,
    /// What was ordered.
    pub(crate) details: OrderDetails,
    /// The draft file it was placed with.
    pub(crate) design_file_id: Option<FileId>,
    /// Where its newest clean design can be fetched; absent until there is one.
    pub(crate) design_url: Option<String>,
    /// Status, production and money.
    pub(crate) standing: Standing,
    /// Who placed it.
    pub(crate) origin: Origin,
    /// Whether the customer was to be written to about it.
    pub(crate) notify: bool,
    /// The first of its stages that is not finished; absent before it has stages and after the
    /// last one.
    pub(crate) stage: Option<CurrentStage>,
    /// When it was placed.
    pub(crate) created_at: DateTime<Utc>,
    /// When something about it last changed.
    pub(crate) updated_at: DateTime<Utc>,
    /// When it was deleted; absent while it is there.
    pub(crate) deleted_at: Option<DateTime<Utc>>,
}

/// An edit that is not made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum EditError {
    /// Fields that are wrong in themselves.
    #[error("some fields are wrong")]
    Fields(Complaints),
    /// The order does not take this edit now.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl Order {
    /// Whether something about it is late on `today`, a day in Jakarta: the promised day passed,
    /// or its stage's. Work that ended is not late any more.
    pub(crate) fn is_late(&self, today: NaiveDate) -> bool {
        let open = match self.standing.production() {
            ProductionStatus::Waiting | ProductionStatus::InProgress => true,
            ProductionStatus::Finished
            | ProductionStatus::Shipped
            | ProductionStatus::Cancelled => false,
        };
        let stage = self.stage.as_ref().and_then(|stage| stage.due_on);
        let passed = |day: Option<NaiveDate>| day.is_some_and(|day| day < today);
        open && (passed(self.details.promised_on) || passed(stage))
    }

    /// Whether everything is paid.
    pub(crate) fn is_fully_paid(&self) -> bool {
        self.standing.is_fully_paid(self.details.total)
    }

    /// Changes details. What the customer pays for is fixed once money came in or the order was
    /// cancelled. Answers the names of the fields that changed.
    ///
    /// # Errors
    /// [`EditError`]; the order is then unchanged.
    pub(crate) fn edit(&mut self, draft: OrderDraft) -> Result<Vec<&'static str>, EditError> {
        let changed = self.details.changed_by(draft).map_err(EditError::Fields)?;
        if changed.asks_other_money_than(&self.details) {
            if !self.standing.paid().is_zero() || self.standing.money_version() > 0 {
                return Err(EditError::Refused(Refusal::AlreadyPaid));
            }
            if self.standing.status() == OrderStatus::Cancelled {
                return Err(EditError::Refused(Refusal::OrderCancelled));
            }
        }
        let fields = changed.fields_changed_since(&self.details);
        self.details = changed;
        Ok(fields)
    }
}

#[cfg(test)]
#[path = "order_tests.rs"]
pub(crate) mod tests;
