//! Staff change an order: details, status, production, a note; all of it or nothing.

use chrono::{DateTime, Utc};
use konveksi_db::transaction;
use konveksi_kernel::OrderId;

use super::making::is_begun;
use super::queries::get_for_update;
use super::record::{Because, record};
use super::{Acting, App, AppError, Expected, Whole, customer};
use crate::domain::field::Complaints;
use crate::domain::garment::Garments;
use crate::domain::garment_input::GarmentsDraft;
use crate::domain::history::{ChangeType, HistoryEntry};
use crate::domain::input::OrderDraft;
use crate::domain::order::Order;
use crate::domain::production::ProductionStatus;
use crate::domain::standing::Change;
use crate::domain::status::{OrderStatus, Refusal};
use crate::store;

/// What is to change.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wish {
    /// Details; what was not sent stays.
    pub(crate) draft: OrderDraft,
    /// What it is made of; what was not sent stays.
    pub(crate) garments: GarmentsDraft,
    /// The state to move to.
    pub(crate) status: Option<OrderStatus>,
    /// The production state to move to.
    pub(crate) production: Option<ProductionStatus>,
    /// A note for the history.
    pub(crate) notes: Option<String>,
    /// When it happened, for a seed; now when absent.
    pub(crate) happened_at: Option<DateTime<Utc>>,
    /// The version the caller saw.
    pub(crate) expected: Expected,
}

/// Changes the order and answers it as it is then.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Stale`]; [`AppError::Fields`]; [`AppError::Refused`];
/// [`AppError::Db`].
pub(crate) async fn update_order(
    app: &App,
    id: OrderId,
    wish: Wish,
    acting: &Acting,
) -> Result<Whole, AppError> {
    let mut conn = app.pool.get().await?;
    let whole = transaction(&mut conn, async |tx| {
        let mut order = get_for_update(tx, id).await?;
        // Read while the order is held: of two changes the later one has the later time.
        let now = app.clock.now();
        wish.expected.check(&order)?;
        let before = store::garments::of_order(tx, id).await?;
        let (garments, fields) = edited(&mut order, &before, wish.draft, &wish.garments)?;
        let other_pieces =
            fields.contains(&"quantity") || garments.makes_other_pieces_than(&before);
        if other_pieces && is_begun(tx, id).await? {
            return Err(AppError::refused(Refusal::PiecesCounted, &order));
        }
        let moved = moves(&mut order, wish.status, wish.production)?;
        if fields.iter().any(|field| matches!(*field, "customer_name" | "contact_information")) {
            let clock = &*app.clock;
            let customer =
                customer::find_or_make(tx, clock, now, &order.details, acting.origin()).await?;
            order.customer_id = customer.id;
        }
        if garments != before {
            store::garments::replace(tx, id, &garments).await?;
        }
        let because = Because {
            at: wish.happened_at.unwrap_or(now),
            notes: wish.notes,
            ..Because::done_by(acting, now)
        };
        let change = Change { details: !fields.is_empty(), ..moved };
        let edited = (!fields.is_empty()).then(|| HistoryEntry {
            notes: Some(format!("Diubah: {}", fields.join(", "))),
            ..because.entry(&order, ChangeType::OrderDetails)
        });
        record(tx, &mut order, change, &because, edited.into_iter().collect()).await?;
        Ok::<_, AppError>(Whole { order, garments })
    })
    .await?;
    app.wake.relay();
    Ok(whole)
}

/// The order with its edits, what it is then made of, and the names of the fields that changed.
/// Garments that are sent without quantity or total bring their own.
fn edited(
    order: &mut Order,
    before: &Garments,
    draft: OrderDraft,
    sent: &GarmentsDraft,
) -> Result<(Garments, Vec<&'static str>), AppError> {
    let garments = before.changed_by(sent).map_err(AppError::Fields)?;
    let draft = if sent.is_nothing() { draft } else { draft.summed_by(&garments) };
    let mut fields = order.edit(draft).map_err(|error| AppError::edit(error, order))?;
    let mut wrong = Complaints::default();
    garments.agree_with(order.details.quantity, order.details.total, &mut wrong);
    if !wrong.is_empty() {
        return Err(AppError::Fields(wrong));
    }
    if garments.items != before.items {
        fields.push("items");
    }
    if garments.adjustments != before.adjustments {
        fields.push("adjustments");
    }
    Ok((garments, fields))
}

/// Both moves as one change; a refused one undoes nothing, since nothing is written yet.
pub(super) fn moves(
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
