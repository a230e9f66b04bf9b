//! Staff ask for the final payment (`contract.md` row 32): the order's part of it.

use konveksi_db::transaction;
use konveksi_eventing::Envelope;
use konveksi_kernel::OrderId;

use super::queries::get_for_update;
use super::record::{Because, record};
use super::{Acting, App, AppError, Whole};
use crate::store;

/// What came of asking.
pub(crate) struct Asked {
    /// The order, `pengerjaan_selesai`, with what it is made of.
    pub(crate) whole: Whole,
    /// Whether it was so before: the invoice may be missing, and payment decides about it.
    pub(crate) already: bool,
    /// The events told, for express delivery.
    pub(crate) told: Vec<Envelope>,
}

/// Moves the order to `pengerjaan_selesai`; payment makes the final invoice. Asked again while
/// something is left to pay, nothing changes and nothing is told.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Refused`] unless the order is `dp_dibayar` or
/// `pengerjaan_selesai` and something is left to pay; [`AppError::Db`].
pub(crate) async fn request_final_payment(
    app: &App,
    id: OrderId,
    acting: &Acting,
) -> Result<Asked, AppError> {
    let now = app.clock.now();
    let mut conn = app.pool.get().await?;
    let asked = transaction(&mut conn, async |tx| {
        let mut order = get_for_update(tx, id).await?;
        let asked = order.standing.ask_final_payment(order.details.total);
        let change = asked.map_err(|refusal| AppError::refused(refusal, &order))?;
        let because = Because::done_by(acting, now);
        let told = record(tx, &mut order, change, &because, Vec::new()).await?;
        let garments = store::garments::of_order(tx, id).await?;
        let whole = Whole { order, garments };
        Ok::<_, AppError>(Asked { whole, already: change.is_nothing(), told })
    })
    .await?;
    app.wake.relay();
    Ok(asked)
}
