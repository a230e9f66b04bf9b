//! What media tells of an order's design files.

use konveksi_db::Connection;
use konveksi_kernel::{FileId, OrderId};

use super::apply_invoice::{because, find};
use super::record::record;
use super::{App, AppError, Heard};
use crate::domain::history::{ChangeType, HistoryEntry, TriggerSource};
use crate::domain::standing::Change;
use crate::store;

/// A file as it was told.
#[derive(Debug, Clone)]
pub(crate) struct DesignFact {
    /// The order it belongs to.
    pub(crate) order_id: OrderId,
    /// Its id.
    pub(crate) file_id: FileId,
    /// What the scanner found.
    pub(crate) verdict: Verdict,
}

/// What the scanner found.
#[derive(Debug, Clone)]
pub(crate) enum Verdict {
    /// Clean, to be fetched at this URL.
    Clean(String),
    /// It could not say yet.
    Quarantined,
    /// Infected, or not what it says.
    Rejected,
}

/// A design was judged; the newest clean one is the order's.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Db`].
pub(crate) async fn design_judged(
    app: &App,
    tx: &mut Connection,
    heard: Heard,
    fact: &DesignFact,
) -> Result<(), AppError> {
    let mut order = find(tx, fact.order_id).await?;
    let word = match &fact.verdict {
        Verdict::Clean(url) => {
            store::designs::stored(tx, order.id, fact.file_id, url, heard.at).await?;
            "tersimpan"
        }
        Verdict::Quarantined => "dikarantina",
        Verdict::Rejected => {
            store::designs::rejected(tx, order.id, fact.file_id).await?;
            "ditolak"
        }
    };
    let url = store::designs::newest_url(tx, order.id).await?;
    let changed = order.design_url != url;
    order.design_url = url;
    let because = because(app, heard, TriggerSource::System);
    let row = HistoryEntry {
        subject_id: Some(fact.file_id.as_uuid()),
        ..because.entry(&order, ChangeType::Design)
    };
    let change = Change { details: changed, ..Change::default() };
    record(tx, &mut order, change, &because, vec![row.moved(None, word)]).await?;
    Ok(())
}
