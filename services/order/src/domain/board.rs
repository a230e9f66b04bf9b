//! The production board: what stands at which stage, and what is late.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use konveksi_kernel::OrderId;

use super::production::ProductionStatus;
use super::stage::{BY_HAND, QUEUE, ShopStage};
use super::status::OrderStatus;

/// How much stands at a stage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// The stage's code, [`QUEUE`] or [`BY_HAND`].
    pub(crate) stage: String,
    /// Orders.
    pub(crate) orders: i64,
    /// Their pieces.
    pub(crate) pieces: i64,
    /// Orders whose promised day or whose stage's day has passed.
    pub(crate) late: i64,
}

/// An order on the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Card {
    /// Where it stands.
    pub(crate) stage: String,
    /// The order.
    pub(crate) id: OrderId,
    /// Its code.
    pub(crate) code: String,
    /// Who ordered.
    pub(crate) customer_name: String,
    /// What is made.
    pub(crate) product_name: String,
    /// Pieces.
    pub(crate) quantity: i32,
    /// Where the order stands.
    pub(crate) status: OrderStatus,
    /// Where its work stands.
    pub(crate) production: ProductionStatus,
    /// The day it was promised for.
    pub(crate) promised_on: Option<NaiveDate>,
    /// By when its stage is to be finished.
    pub(crate) stage_due_on: Option<NaiveDate>,
    /// When it was placed.
    pub(crate) created_at: DateTime<Utc>,
}

impl Card {
    /// Whether its promised day or its stage's has passed.
    pub(crate) fn is_late(&self, today: NaiveDate) -> bool {
        [self.promised_on, self.stage_due_on].into_iter().flatten().any(|day| day < today)
    }
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    /// Its name for people.
    pub(crate) name: String,
    /// What stands there.
    pub(crate) figures: Figures,
    /// One page of it.
    pub(crate) cards: Vec<Card>,
}

/// The columns of the board, first to last: the queue, the shop's stages, stages of older lists
/// that still hold work, and work without stages.
pub(crate) fn columns(stages: &[ShopStage], figures: Vec<Figures>) -> Vec<Column> {
    let mut found: HashMap<String, Figures> =
        figures.into_iter().map(|figures| (figures.stage.clone(), figures)).collect();
    let column = |code: &str, name: &str, found: &mut HashMap<String, Figures>| Column {
        name: name.to_owned(),
        figures: found
            .remove(code)
            .unwrap_or_else(|| Figures { stage: code.to_owned(), ..Figures::default() }),
        cards: Vec::new(),
    };
    let mut columns = vec![column(QUEUE, "Menunggu", &mut found)];
    columns.extend(stages.iter().map(|stage| column(&stage.code, &stage.name, &mut found)));
    let by_hand = found.remove(BY_HAND);
    let mut older: Vec<Figures> = found.into_values().collect();
    older.sort_by(|one, other| one.stage.cmp(&other.stage));
    columns.extend(older.into_iter().map(|figures| Column {
        name: figures.stage.clone(),
        figures,
        cards: Vec::new(),
    }));
    columns.extend(by_hand.map(|figures| Column {
        name: "Diproses".to_owned(),
        figures,
        cards: Vec::new(),
    }));
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_the_queue_the_stages_and_what_else_holds_work() {
        let stage = |code: &str| ShopStage { code: code.into(), name: code.into(), days: None };
        let figures =
            |stage: &str, orders| Figures { stage: stage.into(), orders, ..Figures::default() };
        let found = vec![figures("diproses", 2), figures("obras", 1), figures("jahit", 4)];
        let columns = columns(&[stage("potong"), stage("jahit")], found);
        let seen: Vec<_> = columns
            .iter()
            .map(|column| (column.figures.stage.as_str(), column.figures.orders))
            .collect();
        let expected =
            [("menunggu", 0), ("potong", 0), ("jahit", 4), ("obras", 1), ("diproses", 2)];
        assert_eq!(seen, expected);
    }
}
