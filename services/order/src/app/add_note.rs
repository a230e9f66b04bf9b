//! Staff write a note about an order: for themselves, or for the customer to read.

use konveksi_db::Connection;
use konveksi_kernel::OrderId;

use super::queries::get_for_update;
use super::record::Because;
use super::{Acting, App, AppError};
use crate::domain::history::{ChangeType, HistoryEntry};
use crate::domain::order::Order;
use crate::store;

/// Adds the note; notes are never changed.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Db`].
pub(crate) async fn add_note(
    app: &App,
    tx: &mut Connection,
    id: OrderId,
    (text, visible): (&str, bool),
    acting: &Acting,
) -> Result<(Order, HistoryEntry), AppError> {
    let order = get_for_update(tx, id).await?;
    let because = Because::done_by(acting, app.clock.now());
    let note = HistoryEntry {
        notes: Some(text.to_owned()),
        visible,
        ..because.entry(&order, ChangeType::Note)
    };
    store::history::insert(tx, std::slice::from_ref(&note)).await?;
    Ok((order, note))
}
