//! Staff change an order: details, status, production, a note; all of it or nothing.

use chrono::{DateTime, Utc};
use konveksi_db::transaction;
use konveksi_kernel::OrderId;

use super::record::{Because, record};
use super::{Acting, App, AppError, customer};
use crate::domain::history::{ChangeType, HistoryEntry};
use crate::domain::input::OrderDraft;
use crate::domain::order::Order;
use crate::domain::production::ProductionStatus;
use crate::domain::standing::Change;
use crate::domain::status::OrderStatus;
use crate::store;

/// What is to change.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wish {
    /// Details; what was not sent stays.
    pub(crate) draft: OrderDraft,
    /// The state to move to.
    pub(crate) status: Option<OrderStatus>,
    /// The production state to move to.
    pub(crate) production: Option<ProductionStatus>,
    /// A note for the history.
    pub(crate) notes: Option<String>,
    /// When it happened, for a seed; now when absent.
    pub(crate) happened_at: Option<DateTime<Utc>>,
}

/// Changes the order and answers it as it is then.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Fields`]; [`AppError::Refused`]; [`AppError::Db`].
pub(crate) async fn update_order(
    app: &App,
    id: OrderId,
    wish: Wish,
    acting: &Acting,
) -> Result<Order, AppError> {
    let now = app.clock.now();
    let mut conn = app.pool.get().await?;
    let order = transaction(&mut conn, async |tx| {
        let mut order = store::orders::find_for_update(tx, id)
            .await?
            .filter(|order| order.deleted_at.is_none())
            .ok_or(AppError::OrderNotFound(id))?;
        let fields = order.edit(wish.draft).map_err(|error| AppError::edit(error, &order))?;
        let moved = moves(&mut order, wish.status, wish.production)?;
        if fields.iter().any(|field| matches!(*field, "customer_name" | "contact_information")) {
            let clock = &*app.clock;
            let customer =
                customer::find_or_make(tx, clock, now, &order.details, acting.origin()).await?;
            order.customer_id = customer.id;
        }
        let because = Because {
            now,
            at: wish.happened_at.unwrap_or(now),
            trigger: acting.trigger,
            actor: acting.name.clone(),
            event_id: None,
            notes: wish.notes,
        };
        let change = Change { details: !fields.is_empty(), ..moved };
        let edited = (!fields.is_empty()).then(|| HistoryEntry {
            notes: Some(format!("Diubah: {}", fields.join(", "))),
            ..because.entry(&order, ChangeType::OrderDetails)
        });
        record(tx, &mut order, change, &because, edited.into_iter().collect()).await?;
        Ok::<_, AppError>(order)
    })
    .await?;
    app.wake.relay();
    Ok(order)
}

/// Both moves as one change; a refused one undoes nothing, since nothing is written yet.
fn moves(
    order: &mut Order,
    status: Option<OrderStatus>,
    production: Option<ProductionStatus>,
) -> Result<Change, AppError> {
    let mut change = Change::default();
    if let Some(to) = status {
        let moved = order.standing.staff_status(to);
        change = moved.map_err(|refusal| AppError::refused(refusal, order))?;
    }
    if let Some(to) = production {
        let moved = order.standing.staff_production(to);
        let moved = moved.map_err(|refusal| AppError::refused(refusal, order))?;
        change.production = moved.production.or(change.production);
    }
    Ok(change)
}
