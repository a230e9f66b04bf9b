//! Staff look after customers: list, read, edit, and make one of two records.

use konveksi_db::{DbError, transaction};
use konveksi_kernel::CustomerId;

use super::record::touch;
use super::{App, AppError};
use crate::domain::customer::{CustomerDraft, CustomerRecord};
use crate::domain::customer_filter::CustomerListRequest;
use crate::domain::field::Complaints;
use crate::domain::history::{ChangeType, HistoryEntry, TriggerSource};
use crate::{events, store};

/// Orders that are moved to their new customer in one transaction.
const MOVED_AT_ONCE: i64 = 200;

/// One page of customers, and how many there are.
///
/// # Errors
/// [`AppError::PageOutOfRange`]; [`AppError::Db`].
pub(crate) async fn list_customers(
    app: &App,
    request: &CustomerListRequest,
) -> Result<(Vec<CustomerRecord>, i64), AppError> {
    let mut conn = app.pool.get().await?;
    let count = store::customers_list::count(&mut conn, request).await?;
    if !request.page.exists_in(count) {
        return Err(AppError::PageOutOfRange(request.page.number()));
    }
    let records = store::customers_list::page(&mut conn, request).await?;
    Ok((records, count))
}

/// One customer, also one that was merged.
///
/// # Errors
/// [`AppError::CustomerNotFound`]; [`AppError::Db`].
pub(crate) async fn get_customer(app: &App, id: CustomerId) -> Result<CustomerRecord, AppError> {
    let mut conn = app.pool.get().await?;
    store::customers_list::find(&mut conn, id).await?.ok_or(AppError::CustomerNotFound(id))
}

/// Changes a customer and tells it.
///
/// # Errors
/// [`AppError::CustomerNotFound`]; [`AppError::CustomerMerged`]; [`AppError::Fields`], also for a
/// contact that another record has; [`AppError::Db`].
pub(crate) async fn edit_customer(
    app: &App,
    id: CustomerId,
    draft: &CustomerDraft,
) -> Result<CustomerRecord, AppError> {
    let now = app.clock.now();
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| {
        let mut customer = store::customers::find_for_update(tx, id)
            .await?
            .ok_or(AppError::CustomerNotFound(id))?;
        if let Some(into) = customer.merged_into {
            return Err(AppError::CustomerMerged { id, into });
        }
        if customer.edit(draft).map_err(AppError::Fields)? {
            store::customers::update(tx, &customer, now).await.map_err(taken)?;
            events::customer_changed(tx, now, &customer).await?;
        }
        Ok(())
    })
    .await?;
    app.wake.relay();
    drop(conn);
    get_customer(app, id).await
}

/// A contact of another record is a complaint about the field.
fn taken(error: DbError) -> AppError {
    let field = if error.violates_unique("customers_phone_key") {
        "phone"
    } else if error.violates_unique("customers_email_key") {
        "email"
    } else {
        return error.into();
    };
    let mut wrong = Complaints::default();
    wrong.add(field, "Sudah dipakai pelanggan lain. Gabungkan kedua data bila orangnya sama.");
    AppError::Fields(wrong)
}

/// Makes `other` part of `stays`: later orders by either contact are those of `stays`, and so are
/// the orders there are, which are moved after the merge itself. Doing it again changes nothing.
///
/// # Errors
/// [`AppError::CustomerNotFound`]; [`AppError::CustomerMerged`] when one of them was merged into a
/// third; [`AppError::Fields`] when both are one; [`AppError::Db`].
pub(crate) async fn merge_customers(
    app: &App,
    other: CustomerId,
    stays: CustomerId,
) -> Result<CustomerRecord, AppError> {
    let now = app.clock.now();
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| {
        let (found, into) = store::customers::find_two_for_merge(tx, other, stays).await?;
        let mut taken = found.ok_or(AppError::CustomerNotFound(other))?;
        let mut keeps = into.ok_or(AppError::CustomerNotFound(stays))?;
        if taken.merged_into == Some(stays) {
            return Ok(());
        }
        keeps.take_over(&mut taken).map_err(|refusal| AppError::merge(refusal, &taken, stays))?;
        // First, so that a contact is free before the other record takes it.
        store::customers::update(tx, &taken, now).await?;
        store::customers::update(tx, &keeps, now).await?;
        store::customers::point_on(tx, other, stays).await?;
        events::customer_changed(tx, now, &keeps).await?;
        events::customer_merged(tx, now, &taken, &keeps).await?;
        Ok::<_, AppError>(())
    })
    .await?;
    app.wake.relay();
    drop(conn);
    // Most customers have fewer; what is left is moved by whoever comes first.
    move_merged_orders(app).await?;
    get_customer(app, stays).await
}

/// Moves some orders of merged customers to whom they belong now, and tells each: other services
/// keep the customer beside the order. Answers how many were moved.
///
/// # Errors
/// [`AppError::Db`]; what was not moved is moved by the next call.
pub(crate) async fn move_merged_orders(app: &App) -> Result<i64, AppError> {
    let now = app.clock.now();
    let mut conn = app.pool.get().await?;
    let moved = transaction(&mut conn, async |tx| {
        let claimed = store::customers::claim_orders_to_move(tx, MOVED_AT_ONCE).await?;
        let ids: Vec<_> = claimed.iter().map(|(order, _)| order.as_uuid()).collect();
        let mut orders = store::orders::list_by_ids(tx, &ids).await?;
        let mut history = Vec::with_capacity(orders.len());
        // Both lists are in the same order.
        for (order, (_, owner)) in orders.iter_mut().zip(&claimed) {
            order.customer_id = *owner;
            touch(order, now);
            store::orders::update(tx, order).await?;
            if order.deleted_at.is_none() {
                events::order_updated(tx, now, order).await?;
            } else {
                events::order_deleted(tx, now, order).await?;
            }
            history.push(HistoryEntry {
                notes: Some("Diubah: pelanggan digabung".to_owned()),
                ..HistoryEntry::new(order.id, ChangeType::OrderDetails, TriggerSource::System, now)
            });
        }
        store::history::insert(tx, &history).await?;
        Ok::<_, AppError>(history.len())
    })
    .await?;
    if moved > 0 {
        app.wake.relay();
    }
    Ok(i64::try_from(moved).unwrap_or(i64::MAX))
}
