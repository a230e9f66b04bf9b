//! Staff ask for the final payment (`contract.md` row 32): the order's part of it.

use konveksi_db::transaction;
use konveksi_eventing::Envelope;
use konveksi_kernel::OrderId;

use super::record::{Because, record};
use super::{Acting, App, AppError};
use crate::domain::order::Order;
use crate::store;

/// Moves the order to `pengerjaan_selesai`; payment makes the final invoice. Answers the events
/// told, for express delivery.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Refused`] unless the order is `dp_dibayar` and
/// something is left to pay; [`AppError::Db`].
pub(crate) async fn request_final_payment(
    app: &App,
    id: OrderId,
    acting: &Acting,
) -> Result<(Order, Vec<Envelope>), AppError> {
    let now = app.clock.now();
    let mut conn = app.pool.get().await?;
    let done = transaction(&mut conn, async |tx| {
        let mut order = store::orders::find_for_update(tx, id)
            .await?
            .filter(|order| order.deleted_at.is_none())
            .ok_or(AppError::OrderNotFound(id))?;
        let asked = order.standing.ask_final_payment(order.details.total);
        let change = asked.map_err(|refusal| AppError::refused(refusal, &order))?;
        let because = Because {
            now,
            at: now,
            trigger: acting.trigger,
            actor: acting.name.clone(),
            event_id: None,
            notes: None,
        };
        let told = record(tx, &mut order, change, &because, Vec::new()).await?;
        Ok::<_, AppError>((order, told))
    })
    .await?;
    app.wake.relay();
    Ok(done)
}
