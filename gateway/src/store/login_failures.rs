//! Failed logins by subject.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods as _, QueryDsl as _};
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError};

use super::schema::login_failures as failures;
use crate::identity::Failures;

type Row = (i32, DateTime<Utc>, DateTime<Utc>, Option<DateTime<Utc>>);

/// What is known of `subject`, locked until the transaction ends; an unknown one is begun.
pub(crate) async fn begin_for_update(
    tx: &mut Connection,
    subject: &str,
    now: DateTime<Utc>,
) -> Result<Failures, DbError> {
    diesel::insert_into(failures::table)
        .values((
            failures::subject.eq(subject),
            failures::failures.eq(0),
            failures::first_failed_at.eq(now),
            failures::last_failed_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx)
        .await?;
    let (count, first_at, last_at, blocked_until): Row = failures::table
        .find(subject)
        .select((
            failures::failures,
            failures::first_failed_at,
            failures::last_failed_at,
            failures::blocked_until,
        ))
        .for_update()
        .first(tx)
        .await?;
    let count = u32::try_from(count)
        .map_err(|_negative| DbError::Corrupt(format!("{count} failed logins")))?;
    Ok(Failures { count, first_at, last_at, blocked_until })
}

pub(crate) async fn update(
    tx: &mut Connection,
    subject: &str,
    state: &Failures,
) -> Result<(), DbError> {
    diesel::update(failures::table.find(subject))
        .set((
            failures::failures.eq(i32::try_from(state.count).unwrap_or(i32::MAX)),
            failures::first_failed_at.eq(state.first_at),
            failures::last_failed_at.eq(state.last_at),
            failures::blocked_until.eq(state.blocked_until),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

pub(crate) async fn forget(conn: &mut Connection, subjects: &[String]) -> Result<(), DbError> {
    diesel::delete(failures::table)
        .filter(failures::subject.eq_any(subjects))
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn sweep(conn: &mut Connection, before: DateTime<Utc>) -> Result<usize, DbError> {
    let gone = diesel::delete(failures::table)
        .filter(failures::last_failed_at.lt(before))
        .execute(conn)
        .await?;
    Ok(gone)
}
