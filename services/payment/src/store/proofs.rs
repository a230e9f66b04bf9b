//! Proofs of transfers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::{CustomerId, FileId, InvoiceId, OrderId, Page, PaymentId, ProofId};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rows::{money, word};
use super::schema::proofs;
use crate::domain::proof::{Flag, Origin, Proof, ProofFile, ProofState, Statement};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = proofs, treat_none_as_null = true)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct ProofRow {
    id: Uuid,
    order_id: Uuid,
    invoice_id: Option<Uuid>,
    origin: String,
    state: String,
    amount: Option<Decimal>,
    transferred_at: Option<DateTime<Utc>>,
    bank_name: String,
    account_name: String,
    reference: String,
    notes: String,
    file_id: Option<Uuid>,
    file_sha256: Option<Vec<u8>>,
    flags: Vec<String>,
    requested_by: String,
    decided_by: Option<String>,
    decided_at: Option<DateTime<Utc>>,
    reason: Option<String>,
    payment_id: Option<Uuid>,
    created_at: DateTime<Utc>,
}

impl From<&Proof> for ProofRow {
    fn from(proof: &Proof) -> ProofRow {
        ProofRow {
            id: proof.id.as_uuid(),
            order_id: proof.order_id.as_uuid(),
            invoice_id: proof.invoice_id.map(|id| id.as_uuid()),
            origin: proof.origin.as_wire().to_owned(),
            state: proof.state.as_wire().to_owned(),
            amount: proof.says.amount.map(konveksi_kernel::Money::as_decimal),
            transferred_at: proof.says.transferred_at,
            bank_name: proof.says.bank_name.clone(),
            account_name: proof.says.account_name.clone(),
            reference: proof.says.reference.clone(),
            notes: proof.says.notes.clone(),
            file_id: proof.file.map(|file| file.id.as_uuid()),
            file_sha256: proof.file.map(|file| file.sha256.to_vec()),
            flags: proof.flags.iter().map(|flag| flag.as_wire().to_owned()).collect(),
            requested_by: proof.requested_by.clone(),
            decided_by: proof.decided.as_ref().map(|(by, _)| by.clone()),
            decided_at: proof.decided.as_ref().map(|(_, at)| *at),
            reason: proof.reason.clone(),
            payment_id: proof.payment_id.map(|id| id.as_uuid()),
            created_at: proof.created_at,
        }
    }
}

impl TryFrom<ProofRow> for Proof {
    type Error = DbError;

    fn try_from(row: ProofRow) -> Result<Proof, DbError> {
        let sha256 = row.file_sha256.map(<[u8; 32]>::try_from).transpose();
        let sha256 = sha256.map_err(|_other| DbError::Corrupt("proofs.file_sha256".to_owned()))?;
        let flags = row.flags.iter().map(|flag| word("proofs.flags", flag, Flag::from_wire(flag)));
        Ok(Proof {
            id: ProofId::from_uuid(row.id),
            order_id: OrderId::from_uuid(row.order_id),
            invoice_id: row.invoice_id.map(InvoiceId::from_uuid),
            origin: word("proofs.origin", &row.origin, Origin::from_wire(&row.origin))?,
            state: word("proofs.state", &row.state, ProofState::from_wire(&row.state))?,
            flags: flags.collect::<Result<_, _>>()?,
            says: Statement {
                amount: row.amount.map(|amount| money("proofs.amount", amount)).transpose()?,
                transferred_at: row.transferred_at,
                bank_name: row.bank_name,
                account_name: row.account_name,
                reference: row.reference,
                notes: row.notes,
            },
            file: row
                .file_id
                .zip(sha256)
                .map(|(id, sha256)| ProofFile { id: FileId::from_uuid(id), sha256 }),
            requested_by: row.requested_by,
            decided: row.decided_by.zip(row.decided_at),
            reason: row.reason,
            payment_id: row.payment_id.map(PaymentId::from_uuid),
            created_at: row.created_at,
        })
    }
}

/// Stores a new proof.
///
/// # Errors
/// [`DbError::UniqueViolation`] when its file proves something already, else any [`DbError`].
pub(crate) async fn insert(tx: &mut Connection, proof: &Proof) -> Result<(), DbError> {
    diesel::insert_into(proofs::table).values(ProofRow::from(proof)).execute(tx).await?;
    Ok(())
}

/// Stores a changed proof.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn update(tx: &mut Connection, proof: &Proof) -> Result<(), DbError> {
    diesel::update(proofs::table.find(proof.id.as_uuid()))
        .set(ProofRow::from(proof))
        .execute(tx)
        .await?;
    Ok(())
}

/// A proof by its id.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find(conn: &mut Connection, id: ProofId) -> Result<Option<Proof>, DbError> {
    proofs::table
        .find(id.as_uuid())
        .select(ProofRow::as_select())
        .first(conn)
        .await
        .optional()?
        .map(Proof::try_from)
        .transpose()
}

/// A proof by its id, locked.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find_for_update(
    tx: &mut Connection,
    id: ProofId,
) -> Result<Option<Proof>, DbError> {
    proofs::table
        .find(id.as_uuid())
        .select(ProofRow::as_select())
        .for_update()
        .first(tx)
        .await
        .optional()?
        .map(Proof::try_from)
        .transpose()
}

/// The proof of a file, locked.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find_by_file_for_update(
    tx: &mut Connection,
    file: FileId,
) -> Result<Option<Proof>, DbError> {
    proofs::table
        .filter(proofs::file_id.eq(file.as_uuid()))
        .select(ProofRow::as_select())
        .for_update()
        .first(tx)
        .await
        .optional()?
        .map(Proof::try_from)
        .transpose()
}

/// Whether a file of this content proves something already.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn is_shown(conn: &mut Connection, sha256: &[u8; 32]) -> Result<bool, DbError> {
    let shown = proofs::table
        .filter(proofs::file_sha256.eq(sha256.as_slice()))
        .filter(proofs::state.ne(ProofState::Rejected.as_wire()));
    Ok(diesel::select(diesel::dsl::exists(shown)).get_result(conn).await?)
}

/// Whether another proof that was not rejected names the same bank, amount, moment and reference.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn is_like_another(conn: &mut Connection, proof: &Proof) -> Result<bool, DbError> {
    let (Some(amount), Some(at)) = (proof.says.amount, proof.says.transferred_at) else {
        return Ok(false);
    };
    let alike = proofs::table
        .filter(proofs::id.ne(proof.id.as_uuid()))
        .filter(proofs::state.ne(ProofState::Rejected.as_wire()))
        .filter(proofs::amount.eq(amount.as_decimal()))
        .filter(proofs::transferred_at.eq(at))
        .filter(proofs::bank_name.eq(&proof.says.bank_name))
        .filter(proofs::reference.eq(&proof.says.reference));
    Ok(diesel::select(diesel::dsl::exists(alike)).get_result(conn).await?)
}

/// Whether the same person asked for the same amount of the same invoice since `since`.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn was_just_asked(
    conn: &mut Connection,
    proof: &Proof,
    since: DateTime<Utc>,
) -> Result<bool, DbError> {
    let same = proofs::table
        .filter(proofs::invoice_id.eq(proof.invoice_id.map(|id| id.as_uuid())))
        .filter(proofs::amount.eq(proof.says.amount.map(konveksi_kernel::Money::as_decimal)))
        .filter(proofs::requested_by.eq(&proof.requested_by))
        .filter(proofs::created_at.gt(since));
    Ok(diesel::select(diesel::dsl::exists(same)).get_result(conn).await?)
}

/// How many proofs of an order wait for a decision.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn count_waiting(conn: &mut Connection, order: OrderId) -> Result<i64, DbError> {
    let waiting = [ProofState::Quarantined.as_wire(), ProofState::InReview.as_wire()];
    Ok(proofs::table
        .filter(proofs::order_id.eq(order.as_uuid()))
        .filter(proofs::state.eq_any(waiting))
        .count()
        .get_result(conn)
        .await?)
}

/// One page of proofs, newest first, of one state or all; and how many there are.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn list(
    conn: &mut Connection,
    (state, order): (Option<ProofState>, Option<OrderId>),
    page: Page,
) -> Result<(Vec<Proof>, i64), DbError> {
    let wanted = || {
        let mut query = proofs::table.into_boxed();
        if let Some(state) = state {
            query = query.filter(proofs::state.eq(state.as_wire()));
        }
        if let Some(order) = order {
            query = query.filter(proofs::order_id.eq(order.as_uuid()));
        }
        query
    };
    let count = wanted().count().get_result(conn).await?;
    let rows: Vec<ProofRow> = wanted()
        .order((proofs::created_at.desc(), proofs::id.desc()))
        .limit(page.limit())
        .offset(page.offset())
        .select(ProofRow::as_select())
        .load(conn)
        .await?;
    Ok((rows.into_iter().map(Proof::try_from).collect::<Result<_, _>>()?, count))
}

/// Blanks what is personal in the proofs of a customer's orders.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn erase(tx: &mut Connection, customer: CustomerId) -> Result<(), DbError> {
    const BLANK: &str = "
        UPDATE proofs SET account_name = '', notes = '', reference = ''
        FROM order_projection
        WHERE order_projection.order_id = proofs.order_id AND order_projection.customer_id = $1";
    diesel::sql_query(BLANK).bind::<SqlUuid, _>(customer.as_uuid()).execute(tx).await?;
    Ok(())
}
