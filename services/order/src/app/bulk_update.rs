//! Staff move many orders at once (`contract.md` row 31): one transaction, each order for itself.
//!
//! Every rule is asked before an order's first row is written, so that one refusal undoes nothing
//! of the others. An order leaves its own history and its own events, as if it had been moved
//! alone; that is why rows are written one order at a time.

use std::collections::HashMap;

use konveksi_db::Connection;
use konveksi_kernel::OrderId;

use super::record::{Because, record};
use super::update_order::moves;
use super::{Acting, App, AppError};
use crate::domain::order::Order;
use crate::domain::production::ProductionStatus;
use crate::domain::status::OrderStatus;
use crate::store;

/// The most orders of one call (`settled.md` 33).
pub(crate) const MAX_ORDERS: usize = 500;

/// What is to change of every order.
#[derive(Debug, Clone, Default)]
pub(crate) struct BulkWish {
    /// The orders, each once.
    pub(crate) ids: Vec<OrderId>,
    /// The state to move to.
    pub(crate) status: Option<OrderStatus>,
    /// The production state to move to.
    pub(crate) production: Option<ProductionStatus>,
    /// A note for each history.
    pub(crate) notes: Option<String>,
}

/// An order as it is now, and whether that is new.
#[derive(Debug, Clone)]
pub(crate) struct Updated {
    /// The order.
    pub(crate) order: Order,
    /// Whether it moved.
    pub(crate) moved: bool,
}

/// Moves the orders and answers what became of each. The orders are held by rising id.
///
/// # Errors
/// [`AppError::Db`]; what single orders refuse is part of the answer.
pub(crate) async fn bulk_update(
    app: &App,
    tx: &mut Connection,
    wish: &BulkWish,
    acting: &Acting,
) -> Result<HashMap<OrderId, Result<Updated, AppError>>, AppError> {
    let held = store::orders::list_for_update(tx, &wish.ids).await?;
    let because =
        Because { notes: wish.notes.clone(), ..Because::done_by(acting, app.clock.now()) };
    let mut answers = HashMap::with_capacity(wish.ids.len());
    for mut order in held {
        let id = order.id;
        let answer = match moves(&mut order, wish.status, wish.production) {
            Ok(change) => {
                record(tx, &mut order, change, &because, Vec::new()).await?;
                Ok(Updated { order, moved: !change.is_nothing() })
            }
            Err(refused) => Err(refused),
        };
        answers.insert(id, answer);
    }
    for id in &wish.ids {
        answers.entry(*id).or_insert(Err(AppError::OrderNotFound(*id)));
    }
    Ok(answers)
}
