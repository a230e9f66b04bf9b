//! Someone orders.

use chrono::{DateTime, Utc};
use konveksi_db::Connection;
use konveksi_kernel::{FileId, OrderId, jakarta};

use super::{Acting, App, AppError, Whole, customer};
use crate::domain::customer::Customer;
use crate::domain::field::Complaints;
use crate::domain::garment::Garments;
use crate::domain::garment_input::GarmentsDraft;
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
    /// What it is made of; nothing for a plain order.
    pub(crate) garments: GarmentsDraft,
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
    tx: &mut Connection,
    wanted: Wanted,
    acting: &Acting,
) -> Result<Whole, AppError> {
    let (details, garments) = read(wanted.draft, &wanted.garments).map_err(AppError::Fields)?;
    let now = app.clock.now();
    let clock = &*app.clock;
    let origin = if wanted.seed.is_some() { Origin::Seed } else { acting.origin() };
    if let Some(seed) = &wanted.seed
        && let Some(known) = store::orders::find_for_update(tx, seed.id).await?
    {
        let garments = store::garments::of_order(tx, known.id).await?;
        return Ok(Whole { order: known, garments });
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
        stage: None,
        created_at: placed_at,
        updated_at: now,
        deleted_at: None,
    };
    insert_with_free_code(tx, &mut order).await?;
    store::garments::insert(tx, order.id, &garments).await?;
    let status = order.standing.status().as_wire();
    let placed = HistoryEntry {
        actor: acting.name.clone(),
        ..HistoryEntry::new(order.id, ChangeType::OrderStatus, acting.trigger, placed_at)
    };
    store::history::insert(tx, &[placed.moved(None, status)]).await?;
    events::order_created(tx, now, &order).await?;
    Ok(Whole { order, garments })
}

/// The order and what it is made of; both complain at once. Garments that come without quantity or
/// total bring their own.
fn read(draft: OrderDraft, sent: &GarmentsDraft) -> Result<(OrderDetails, Garments), Complaints> {
    match Garments::default().changed_by(sent) {
        Ok(garments) => {
            let details = OrderDetails::read(&draft.summed_by(&garments))?;
            let mut wrong = Complaints::default();
            garments.agree_with(details.quantity, details.total, &mut wrong);
            if wrong.is_empty() { Ok((details, garments)) } else { Err(wrong) }
        }
        Err(mut wrong) => {
            // Only what was sent of them can be judged while the garments are unread.
            let sums = ["quantity", "total_price"];
            let unsent = [draft.quantity.is_none(), draft.total_price.is_none()];
            if let Err(others) = OrderDetails::read(&draft) {
                for error in others.into_errors() {
                    let field = sums.iter().position(|sum| *sum == error.field);
                    if !field.is_some_and(|field| unsent.get(field).copied().unwrap_or(false)) {
                        wrong.add_at(error.field, error.path, error.message);
                    }
                }
            }
            Err(wrong)
        }
    }
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
