//! Rejects are sent back to be made again.

use konveksi_db::Connection;
use konveksi_kernel::OrderId;
use konveksi_kernel::ids::uuid_v7_at;

use super::making::Made;
use super::record::Because;
use super::{Acting, App, AppError};
use crate::domain::history::{ChangeType, HistoryEntry};
use crate::domain::making::Rework;
use crate::domain::report::{Report, ReportKind};
use crate::store;

/// What is sent back.
#[derive(Debug, Clone)]
pub(crate) struct SentBack {
    /// The stage where the rejects lie.
    pub(crate) stage: String,
    /// The stage that makes them again; the same when absent.
    pub(crate) made_at: Option<String>,
    /// The garment, from 1; may be absent when the size says which.
    pub(crate) item: Option<i16>,
    /// The size; may be absent when there is only one.
    pub(crate) size: Option<String>,
    /// How many, from 1.
    pub(crate) pieces: i32,
    /// Why.
    pub(crate) notes: Option<String>,
}

/// Sends rejects back: the stages from there on lose them, and make them again.
///
/// # Errors
/// As [`super::report_pieces::report_pieces`].
pub(crate) async fn send_back(
    app: &App,
    tx: &mut Connection,
    id: OrderId,
    back: &SentBack,
    acting: &Acting,
) -> Result<Made, AppError> {
    let (mut made, now) = Made::load_for_update(app, tx, id).await?;
    let before = made.making.progress();
    let stage = made.stage(&back.stage, "stage")?;
    let code = back.made_at.as_ref().unwrap_or(&back.stage);
    let back_to = made.stage(code, "back_to")?;
    let lot = made.lot(back.item, back.size.as_deref(), ("size", String::new()))?;
    made.making.rework(Rework { stage, lot, back_to, pieces: back.pieces }, now)?;
    let because = Because::done_by(acting, now);
    let (item, size) = made
        .making
        .lots()
        .get(lot)
        .map_or_else(|| (1, String::new()), |lot| (lot.item, lot.size.clone()));
    let said = format!(
        "{} rusak ukuran {size} dari {} kembali ke {}.",
        back.pieces,
        made.stage_name(stage),
        made.stage_name(back_to)
    );
    let report = Report {
        id: uuid_v7_at(now),
        order_id: id,
        kind: ReportKind::Rework,
        stage: back.stage.clone(),
        back_to: Some(code.clone()),
        item,
        size,
        good: 0,
        reject: back.pieces.saturating_neg(),
        notes: back.notes.clone(),
        actor: acting.name.clone(),
        created_at: now,
    };
    store::reports::insert(tx, &[report]).await?;
    let notes = back.notes.as_ref().map_or_else(|| said.clone(), |notes| format!("{said} {notes}"));
    let row = HistoryEntry {
        notes: Some(notes),
        ..because.entry(&made.order, ChangeType::ProductionReport)
    };
    made.keep(tx, before, &because, row.moved(Some(&back.stage), code)).await?;
    Ok(made)
}
