//! Numbers of papers, from a counter that is locked while one is given.

use chrono::{DateTime, Datelike as _, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError, kept};
use konveksi_kernel::jakarta;
use uuid::Uuid;

use super::schema::papers;
use crate::domain::{PaperKind, PaperNumber};

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Integer)]
    last: i32,
}

/// The number a paper has.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find(
    conn: &mut Connection,
    kind: PaperKind,
    subject: Uuid,
) -> Result<Option<PaperNumber>, DbError> {
    let row: Option<(i32, i32, DateTime<Utc>)> = papers::table
        .find((kind.as_wire(), subject))
        .select((papers::year, papers::number, papers::issued_at))
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(|(year, number, issued_at)| PaperNumber { kind, year, number, issued_at }))
}

/// The number a paper has, or the next one of its year. Two that print the same new paper at once
/// take turns on the counter, and the second finds the first one's number.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn number(
    tx: &mut Connection,
    kind: PaperKind,
    subject: Uuid,
    now: DateTime<Utc>,
) -> Result<PaperNumber, DbError> {
    if let Some(found) = find(tx, kind, subject).await? {
        return Ok(found);
    }
    let year = jakarta::day_of(now).year();
    let counted: Counted = kept(
        "INSERT INTO paper_counters (kind, year, last) VALUES ($1, $2, 1)
         ON CONFLICT (kind, year) DO UPDATE SET last = paper_counters.last + 1
         RETURNING last",
    )
    .bind::<Text, _>(kind.as_wire())
    .bind::<Integer, _>(year)
    .get_result(tx)
    .await?;
    if let Some(found) = find(tx, kind, subject).await? {
        // Somebody was first while we waited for the counter: its number goes back.
        kept("UPDATE paper_counters SET last = last - 1 WHERE kind = $1 AND year = $2")
            .bind::<Text, _>(kind.as_wire())
            .bind::<Integer, _>(year)
            .execute(tx)
            .await?;
        return Ok(found);
    }
    let paper = PaperNumber { kind, year, number: counted.last, issued_at: now };
    diesel::insert_into(papers::table)
        .values((
            papers::kind.eq(kind.as_wire()),
            papers::subject_id.eq(subject),
            papers::year.eq(paper.year),
            papers::number.eq(paper.number),
            papers::issued_at.eq(paper.issued_at),
        ))
        .execute(tx)
        .await?;
    Ok(paper)
}
