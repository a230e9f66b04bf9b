//! How far an order is made: what reports, rework and plans share.

use chrono::{DateTime, Utc};
use konveksi_db::{Connection, DbError};
use konveksi_kernel::{OrderId, jakarta};

use super::queries::get_for_update;
use super::record::{Because, record};
use super::{App, AppError, Whole};
use crate::domain::field::Complaints;
use crate::domain::garment::Garments;
use crate::domain::history::HistoryEntry;
use crate::domain::making::{Making, StageWork, lots_of};
use crate::domain::order::{CurrentStage, Order};
use crate::domain::production::ProductionStatus;
use crate::domain::stage::{ShopStage, due_days};
use crate::domain::standing::Change;
use crate::store;

/// An order, what it is made of and how far it is made.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    /// The order.
    pub(crate) order: Order,
    /// Its garments; none for a plain order.
    pub(crate) garments: Garments,
    /// Its stages and what came out of them.
    pub(crate) making: Making,
}

impl Made {
    /// Reads how far an order is made.
    ///
    /// # Errors
    /// [`AppError::Db`].
    pub(super) async fn load(conn: &mut Connection, whole: Whole) -> Result<Made, AppError> {
        let Whole { order, garments } = whole;
        let lots = lots_of(&garments, order.details.quantity);
        let making = store::making::of_order(conn, order.id, lots).await?;
        Ok(Made { order, garments, making })
    }

    /// The same for an order that is to change: it is held, and gets the shop's stages if it has
    /// none yet. Two reports of one order so come one after the other; the instant that is answered
    /// is one at which the order was held, so that their times follow each other too.
    ///
    /// # Errors
    /// [`AppError::OrderNotFound`]; [`AppError::Db`].
    pub(super) async fn load_for_update(
        app: &App,
        tx: &mut Connection,
        id: OrderId,
    ) -> Result<(Made, DateTime<Utc>), AppError> {
        let order = get_for_update(tx, id).await?;
        let now = app.clock.now();
        let garments = store::garments::of_order(tx, id).await?;
        let mut made = Made::load(tx, Whole { order, garments }).await?;
        if !made.making.is_opened() {
            let shop = store::stages::list(tx).await?;
            made.making = Making::new(made.making.lots().to_vec(), opened(&shop, now));
        }
        Ok((made, now))
    }

    /// The stage a caller named.
    ///
    /// # Errors
    /// [`AppError::Fields`] naming `field` and the stages there are.
    pub(super) fn stage(&self, code: &str, field: &'static str) -> Result<usize, AppError> {
        self.making.stage_of(code).ok_or_else(|| {
            let codes: Vec<_> =
                self.making.stages().iter().map(|stage| stage.code.as_str()).collect();
            let told = format!("Tahap tidak dikenal. Pilihan: {}.", codes.join(", "));
            complaint(field, String::new(), told)
        })
    }

    /// The lot a caller named; where it cannot be told, the complaint is about `field` and the
    /// way from there.
    ///
    /// # Errors
    /// [`AppError::Fields`] naming the sizes there are.
    pub(super) fn lot(
        &self,
        item: Option<i16>,
        size: Option<&str>,
        (field, path): (&'static str, String),
    ) -> Result<usize, AppError> {
        self.making.lot_of(item, size).ok_or_else(|| {
            let lots: Vec<_> = self
                .making
                .lots()
                .iter()
                .map(|lot| format!("item {} ukuran {}", lot.item, lot.size))
                .collect();
            let told = format!("Ukuran tidak dikenal atau kurang jelas. Ada: {}.", lots.join(", "));
            complaint(field, path, told)
        })
    }

    /// Writes what changed: counts, the stage the order stands at, production where the counts
    /// lead it, and `row` in the history.
    ///
    /// # Errors
    /// [`AppError::Refused`]; [`AppError::Db`].
    pub(super) async fn keep(
        &mut self,
        tx: &mut Connection,
        before: ProductionStatus,
        because: &Because,
        row: HistoryEntry,
    ) -> Result<(), AppError> {
        let order = &mut self.order;
        let moved = order.standing.pieces_reported(before, self.making.progress());
        let moved = moved.map_err(|refusal| AppError::refused(refusal, order))?;
        let stage = CurrentStage::of(&self.making);
        let change = Change { details: moved.is_nothing() && stage != order.stage, ..moved };
        order.stage = stage;
        store::making::update(tx, order.id, &self.making).await?;
        record(tx, order, change, because, vec![row]).await?;
        Ok(())
    }

    /// The name of a stage, for the history.
    pub(super) fn stage_name(&self, stage: usize) -> &str {
        self.making.stages().get(stage).map_or("", |stage| stage.name.as_str())
    }
}

/// The shop's stages as an order takes them on the day its work begins.
fn opened(shop: &[ShopStage], now: DateTime<Utc>) -> Vec<StageWork> {
    let due = due_days(shop, jakarta::day_of(now));
    let stages = shop.iter().zip(due).map(|(stage, due_on)| StageWork {
        code: stage.code.clone(),
        name: stage.name.clone(),
        due_on,
        started_at: None,
        finished_at: None,
        counts: Vec::new(),
    });
    stages.collect()
}

fn complaint(field: &'static str, path: String, message: String) -> AppError {
    let mut wrong = Complaints::default();
    wrong.add_at(field, path, message);
    AppError::Fields(wrong)
}

/// Whether the floor has counted pieces of an order that is to be made of other ones.
///
/// # Errors
/// [`DbError`].
pub(super) async fn is_begun(tx: &mut Connection, id: OrderId) -> Result<bool, DbError> {
    store::making::is_begun(tx, id).await
}
