//! Someone orders.

use chrono::{DateTime, Utc};
use konveksi_db::{Connection, transaction};
use konveksi_kernel::{FileId, OrderId, jakarta};

use super::{Acting, App, AppError, customer};
use crate::domain::customer::Customer;
use crate::domain::history::{ChangeType, HistoryEntry};
use crate::domain::input::{OrderDetails, OrderDraft};
use crate::domain::order::{Order, Origin, may_notify};
use crate::domain::order_code;
use crate::domain::standing::Standing;
use crate::{events, store};

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    /// The order.
    pub(crate) draft: OrderDraft,
    /// A draft file in media that belongs to it.
    pub(crate) design_file_id: Option<FileId>,
    /// Whether the customer may be written to; as the rules say when absent.
    pub(crate) notify: Option<bool>,
    /// What is fixed beforehand; absent for every order of a real customer.
    pub(crate) seed: Option<Seed>,
}

/// What a seed says about an order beside what was ordered.
#[derive(Debug, Clone)]
pub(crate) struct Seed {
    /// Its id; an order that has it already is answered as it is.
    pub(crate) id: OrderId,
    /// Its code, in canonical form.
    pub(crate) code: String,
    /// When it was placed.
    pub(crate) placed_at: DateTime<Utc>,
}

/// Places an order as `menunggu_link`, with its customer found or made.
///
/// # Errors
/// [`AppError::Fields`]; [`AppError::NoFreeCode`], also for a seed's own code that is taken;
/// [`AppError::Db`].
pub(crate) async fn create_order(
    app: &App,
    wanted: Wanted,
    acting: &Acting,
) -> Result<Order, AppError> {
    let details = OrderDetails::read(&wanted.draft).map_err(AppError::Fields)?;
    let now = app.clock.now();
    let origin = if wanted.seed.is_some() { Origin::Seed } else { acting.origin() };
    let mut conn = app.pool.get().await?;
    let order = transaction(&mut conn, async |tx| {
        let clock = &*app.clock;
        if let Some(seed) = &wanted.seed
            && let Some(known) = store::orders::find_for_update(tx, seed.id).await?
        {
            return Ok(known);
        }
        let customer = customer::find_or_make(tx, clock, now, &details, origin).await?;
        let rules = notify(tx, &customer, origin, now).await?;
        let placed_at = wanted.seed.as_ref().map_or(now, |seed| seed.placed_at.min(now));
        let mut order = Order {
            id: wanted.seed.as_ref().map_or_else(|| OrderId::generate(clock), |seed| seed.id),
            version: 1,
            code: wanted.seed.as_ref().map_or_else(String::new, |seed| seed.code.clone()),
            tracking_token: order_code::tracking_token(&mut rand::rng()),
            customer_id: customer.id,
            details,
            design_file_id: wanted.design_file_id,
            design_url: None,
            standing: Standing::NEW,
            origin,
            notify: wanted.notify.unwrap_or(rules),
            created_at: placed_at,
            updated_at: now,
            deleted_at: None,
        };
        insert_with_free_code(tx, &mut order).await?;
        let status = order.standing.status().as_wire();
        let placed = HistoryEntry {
            actor: acting.name.clone(),
            ..HistoryEntry::new(order.id, ChangeType::OrderStatus, acting.trigger, placed_at)
        };
        store::history::insert(tx, &[placed.moved(None, status)]).await?;
        events::order_created(tx, now, &order).await?;
        Ok::<_, AppError>(order)
    })
    .await?;
    app.wake.relay();
    Ok(order)
}

/// Whether the rules let us write to the customer. The customer's row is held, so that two orders
/// at once cannot both be the last one written about.
async fn notify(
    tx: &mut Connection,
    customer: &Customer,
    origin: Origin,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let sent_today = match origin {
        Origin::Admin | Origin::Seed => 0,
        Origin::Public => {
            let today = jakarta::day_start(jakarta::day_of(now));
            store::orders::count_notified_public(tx, customer.id, today).await?
        }
    };
    Ok(may_notify(origin, sent_today))
}

/// A code that was given beforehand is taken as it is.
async fn insert_with_free_code(tx: &mut Connection, order: &mut Order) -> Result<(), AppError> {
    if !order.code.is_empty() {
        let inserted = store::orders::insert_if_code_free(tx, order).await?;
        return if inserted { Ok(()) } else { Err(AppError::NoFreeCode) };
    }
    let day = jakarta::day_of(order.created_at);
    for attempt in 0..order_code::MAX_ATTEMPTS {
        order.code = order_code::draw(day, attempt, &mut rand::rng());
        if store::orders::insert_if_code_free(tx, order).await? {
            return Ok(());
        }
    }
    Err(AppError::NoFreeCode)
}
