//! The floor reports pieces of one stage (issue 3, production).

use konveksi_db::Connection;
use konveksi_kernel::OrderId;
use konveksi_kernel::ids::uuid_v7_at;

use super::making::Made;
use super::record::Because;
use super::{Acting, App, AppError};
use crate::domain::history::{ChangeType, HistoryEntry};
use crate::domain::making::Done;
use crate::domain::report::{Report, ReportKind};
use crate::store;

/// One line of a report.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// The garment, from 1; may be absent when the size says which.
    pub(crate) item: Option<i16>,
    /// The size; may be absent when there is only one.
    pub(crate) size: Option<String>,
    /// More good pieces; less than nothing corrects.
    pub(crate) good: i32,
    /// More rejects; less than nothing corrects.
    pub(crate) reject: i32,
}

/// What a stage did.
#[derive(Debug, Clone)]
pub(crate) struct PiecesReport {
    /// The stage's code.
    pub(crate) stage: String,
    /// At least one line.
    pub(crate) lines: Vec<Line>,
    /// What there is to say about it.
    pub(crate) notes: Option<String>,
}

/// Takes a report, all of it or nothing. Production follows the counts.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Fields`] for a stage or size there is not;
/// [`AppError::Making`] when more pieces are reported than reached the stage;
/// [`AppError::Refused`] when the order is not made any more; [`AppError::Db`].
pub(crate) async fn report_pieces(
    app: &App,
    tx: &mut Connection,
    id: OrderId,
    report: &PiecesReport,
    acting: &Acting,
) -> Result<Made, AppError> {
    let (mut made, now) = Made::load_for_update(app, tx, id).await?;
    let before = made.making.progress();
    let stage = made.stage(&report.stage, "stage")?;
    let mut done = Vec::with_capacity(report.lines.len());
    for (index, line) in report.lines.iter().enumerate() {
        let place = ("counts", format!("[{index}].size"));
        let lot = made.lot(line.item, line.size.as_deref(), place)?;
        done.push(Done { stage, lot, good: line.good, reject: line.reject });
    }
    made.making.report(&done, now)?;
    let because = Because::done_by(acting, now);
    let kept: Vec<Report> = done
        .iter()
        .filter_map(|done| made.making.lots().get(done.lot).map(|lot| (done, lot)))
        .map(|(done, lot)| Report {
            id: uuid_v7_at(now),
            order_id: id,
            kind: ReportKind::Pieces,
            stage: report.stage.clone(),
            back_to: None,
            item: lot.item,
            size: lot.size.clone(),
            good: done.good,
            reject: done.reject,
            notes: report.notes.clone(),
            actor: acting.name.clone(),
            created_at: now,
        })
        .collect();
    store::reports::insert(tx, &kept).await?;
    let said = told(made.stage_name(stage), &kept, report.notes.as_deref());
    let row = HistoryEntry {
        notes: Some(said),
        ..because.entry(&made.order, ChangeType::ProductionReport)
    };
    made.keep(tx, before, &because, row.moved(None, &report.stage)).await?;
    Ok(made)
}

/// The report as the history tells it.
fn told(stage: &str, lines: &[Report], notes: Option<&str>) -> String {
    let lines: Vec<_> = lines
        .iter()
        .map(|line| {
            let size = if line.size == "-" { String::new() } else { format!(" {}", line.size) };
            format!("{:+} baik, {:+} rusak{size}", line.good, line.reject)
        })
        .collect();
    let said = format!("{stage}: {}.", lines.join("; "));
    notes.map_or_else(|| said.clone(), |notes| format!("{said} {notes}"))
}
