//! Payments that were taken back, and what staff wrote about payments since. The payments
//! themselves are never changed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::PaymentId;
use uuid::Uuid;

use super::schema::{payment_remarks, payment_reversals};

/// Whether a payment was taken back.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn is_reversed(conn: &mut Connection, id: PaymentId) -> Result<bool, DbError> {
    let found = payment_reversals::table.find(id.as_uuid());
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn).await?)
}

/// Which of these payments were taken back.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn reversed_of(
    conn: &mut Connection,
    payments: &[PaymentId],
) -> Result<Vec<PaymentId>, DbError> {
    let ids: Vec<Uuid> = payments.iter().map(PaymentId::as_uuid).collect();
    let found: Vec<Uuid> = payment_reversals::table
        .filter(payment_reversals::payment_id.eq_any(ids))
        .select(payment_reversals::payment_id)
        .load(conn)
        .await?;
    Ok(found.into_iter().map(PaymentId::from_uuid).collect())
}

/// Notes that a payment is taken back. `false` when it was before.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn insert(
    tx: &mut Connection,
    id: PaymentId,
    by: &str,
    at: DateTime<Utc>,
) -> Result<bool, DbError> {
    let written = diesel::insert_into(payment_reversals::table)
        .values((
            payment_reversals::payment_id.eq(id.as_uuid()),
            payment_reversals::reversed_by.eq(by),
            payment_reversals::created_at.eq(at),
        ))
        .on_conflict_do_nothing()
        .execute(tx)
        .await?;
    Ok(written > 0)
}

/// What staff wrote about a payment since it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remark {
    /// The payment.
    pub(crate) payment_id: PaymentId,
    /// Whom to ask about it.
    pub(crate) contact_info: String,
    /// A note.
    pub(crate) notes: Option<String>,
}

/// Keeps what staff wrote, in the place of what they wrote before.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn remark(
    tx: &mut Connection,
    remark: &Remark,
    by: &str,
    at: DateTime<Utc>,
) -> Result<(), DbError> {
    let said = (
        payment_remarks::contact_info.eq(&remark.contact_info),
        payment_remarks::notes.eq(&remark.notes),
        payment_remarks::updated_by.eq(by),
        payment_remarks::updated_at.eq(at),
    );
    diesel::insert_into(payment_remarks::table)
        .values((payment_remarks::payment_id.eq(remark.payment_id.as_uuid()), said))
        .on_conflict(payment_remarks::payment_id)
        .do_update()
        .set(said)
        .execute(tx)
        .await?;
    Ok(())
}

/// What staff wrote about these payments.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn remarks_of(
    conn: &mut Connection,
    payments: &[PaymentId],
) -> Result<Vec<Remark>, DbError> {
    let ids: Vec<Uuid> = payments.iter().map(PaymentId::as_uuid).collect();
    let rows: Vec<(Uuid, String, Option<String>)> = payment_remarks::table
        .filter(payment_remarks::payment_id.eq_any(ids))
        .select((
            payment_remarks::payment_id,
            payment_remarks::contact_info,
            payment_remarks::notes,
        ))
        .load(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, contact_info, notes)| Remark {
            payment_id: PaymentId::from_uuid(id),
            contact_info,
            notes,
        })
        .collect())
}
