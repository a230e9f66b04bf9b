//! Lines of the bank's own list, as mutation services sent them.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::MutationId;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rows::money;
use super::schema::{bank_mutations, mutation_inbox};
use crate::domain::mutation::{Mutation, MutationEnd};

/// How long a claimed line stays with who claimed it.
const LEASE: Duration = Duration::seconds(60);

/// Stores a body as it came; `false` when the same came before.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn insert_body(
    tx: &mut Connection,
    id: Uuid,
    (hash, body): (&[u8], &[u8]),
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let written = diesel::insert_into(mutation_inbox::table)
        .values((
            mutation_inbox::id.eq(id),
            mutation_inbox::body_hash.eq(hash),
            mutation_inbox::body.eq(body),
            mutation_inbox::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx)
        .await?;
    Ok(written > 0)
}

/// Stores the lines of a body; lines that are known already are left out. Answers how many are new.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn insert_lines(
    tx: &mut Connection,
    inbox: Uuid,
    lines: &[Mutation],
    now: DateTime<Utc>,
) -> Result<usize, DbError> {
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            (
                bank_mutations::id.eq(line.id.as_uuid()),
                bank_mutations::inbox_id.eq(inbox),
                bank_mutations::bank_account.eq(&line.bank_account),
                bank_mutations::reference.eq(&line.reference),
                bank_mutations::direction.eq(if line.is_credit { "credit" } else { "debit" }),
                bank_mutations::amount.eq(line.amount.as_decimal()),
                bank_mutations::description.eq(&line.description),
                bank_mutations::happened_at.eq(line.happened_at),
                bank_mutations::state.eq("received"),
                bank_mutations::due_at.eq(now),
                bank_mutations::created_at.eq(now),
            )
        })
        .collect();
    Ok(diesel::insert_into(bank_mutations::table)
        .values(rows)
        .on_conflict_do_nothing()
        .execute(tx)
        .await?)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = bank_mutations)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct MutationRow {
    id: Uuid,
    bank_account: String,
    reference: String,
    direction: String,
    amount: Decimal,
    description: String,
    happened_at: DateTime<Utc>,
}

impl TryFrom<MutationRow> for Mutation {
    type Error = DbError;

    fn try_from(row: MutationRow) -> Result<Mutation, DbError> {
        Ok(Mutation {
            id: MutationId::from_uuid(row.id),
            bank_account: row.bank_account,
            reference: row.reference,
            is_credit: row.direction == "credit",
            amount: money("bank_mutations.amount", row.amount)?,
            description: row.description,
            happened_at: row.happened_at,
        })
    }
}

/// Takes up to `limit` lines that are due; each comes back by itself when its claimant dies.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn claim(
    tx: &mut Connection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Mutation>, DbError> {
    let due: Vec<Uuid> = bank_mutations::table
        .filter(bank_mutations::state.eq("received"))
        .filter(bank_mutations::due_at.le(now))
        .order((bank_mutations::due_at, bank_mutations::id))
        .limit(limit)
        .select(bank_mutations::id)
        .for_update()
        .skip_locked()
        .load(tx)
        .await?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<MutationRow> =
        diesel::update(bank_mutations::table.filter(bank_mutations::id.eq_any(due)))
            .set((
                bank_mutations::due_at.eq(now + LEASE),
                bank_mutations::attempts.eq(bank_mutations::attempts + 1),
            ))
            .returning(MutationRow::as_returning())
            .get_results(tx)
            .await?;
    rows.into_iter().map(Mutation::try_from).collect()
}

/// Closes a line. `false` when it was closed before: somebody else's effect stands.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn finish(
    tx: &mut Connection,
    id: MutationId,
    end: MutationEnd,
) -> Result<bool, DbError> {
    let open =
        bank_mutations::table.find(id.as_uuid()).filter(bank_mutations::state.eq("received"));
    let written =
        diesel::update(open).set(bank_mutations::state.eq(end.as_wire())).execute(tx).await?;
    Ok(written > 0)
}
