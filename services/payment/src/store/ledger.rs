//! The ledger: booking through `post_transfer`, the only way in, and balances.

use diesel::OptionalExtension as _;
use diesel::sql_types::{Array, Bool, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError, kept};
use konveksi_kernel::Money;
use rust_decimal::Decimal;

use super::rows::money;
use crate::domain::{Account, Transfer, TransferKind};

#[derive(diesel::QueryableByName)]
struct Booked {
    #[diesel(sql_type = Bool)]
    booked: bool,
}

#[derive(diesel::QueryableByName)]
struct Balance {
    #[diesel(sql_type = Numeric)]
    balance: Decimal,
}

/// Books a transfer. `false` when the very same was booked before.
///
/// # Errors
/// [`DbError::CheckViolation`] when it does not add up (at commit) or an account would fall below
/// zero; [`DbError::UniqueViolation`] when its source was booked with other content.
pub(crate) async fn post(tx: &mut Connection, transfer: &Transfer) -> Result<bool, DbError> {
    post_as(tx, transfer, None).await
}

/// Books a transfer that takes back the one booked for `source`.
///
/// # Errors
/// As [`post`]; [`DbError::UniqueViolation`] when it was taken back before.
pub(crate) async fn post_reversal(
    tx: &mut Connection,
    transfer: &Transfer,
    source: &str,
) -> Result<bool, DbError> {
    post_as(tx, transfer, Some(source)).await
}

async fn post_as(
    tx: &mut Connection,
    transfer: &Transfer,
    reversed_source: Option<&str>,
) -> Result<bool, DbError> {
    let codes: Vec<String> =
        transfer.entries.iter().map(|entry| entry.account.to_string()).collect();
    let amounts: Vec<Decimal> =
        transfer.entries.iter().map(|entry| entry.amount.as_decimal()).collect();
    let answer: Booked =
        kept(
            "SELECT post_transfer(
                 $1, $2, $3, $4, (SELECT id FROM transfer WHERE source = $8), $5, $6, $7) AS booked",
        )
            .bind::<SqlUuid, _>(transfer.id.as_uuid())
            .bind::<Text, _>(transfer.kind.as_wire())
            .bind::<Nullable<SqlUuid>, _>(transfer.order_id.map(|id| id.as_uuid()))
            .bind::<Text, _>(&transfer.source)
            .bind::<Timestamptz, _>(transfer.at)
            .bind::<Array<Text>, _>(codes)
            .bind::<Array<Numeric>, _>(amounts)
            .bind::<Nullable<Text>, _>(reversed_source)
            .get_result(tx)
            .await?;
    Ok(answer.booked)
}

/// Whether the transfer of `source` was booked as `kind`.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn is_booked_as(
    conn: &mut Connection,
    source: &str,
    kind: TransferKind,
) -> Result<bool, DbError> {
    let answer: Booked =
        kept("SELECT EXISTS (SELECT FROM transfer WHERE source = $1 AND kind = $2) AS booked")
            .bind::<Text, _>(source)
            .bind::<Text, _>(kind.as_wire())
            .get_result(conn)
            .await?;
    Ok(answer.booked)
}

/// What an account holds, seen from its own side (deposits we hold, money owed to us): the sum of
/// its entries, nothing kept beside them.
///
/// # Errors
/// [`DbError::Corrupt`] when an account that cannot be negative is.
pub(crate) async fn balance(conn: &mut Connection, account: Account) -> Result<Money, DbError> {
    money("entry.amount", signed_balance(conn, account).await?)
}

/// The same for an account that may be overdrawn: below nothing then.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn signed_balance(
    conn: &mut Connection,
    account: Account,
) -> Result<Decimal, DbError> {
    let row: Option<Balance> = kept(
        "SELECT a.side * coalesce(sum(e.amount), 0) AS balance
         FROM account a LEFT JOIN entry e ON e.account_id = a.id
         WHERE a.code = $1 GROUP BY a.id",
    )
    .bind::<Text, _>(account.to_string())
    .get_result(conn)
    .await
    .optional()?;
    Ok(row.map_or(Decimal::ZERO, |row| row.balance))
}
