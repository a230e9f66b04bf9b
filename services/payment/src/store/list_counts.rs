//! How many invoices and payments there are, counted ahead by day and status (`docs/decisions/0012`).

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Nullable, Text};
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError, kept};
use konveksi_kernel::{Page, jakarta, within_days};

use super::rows::Span;

/// Counts and the changes that are not folded into them yet, in one statement: each change is seen
/// exactly once.
const COUNT: &str = "
    SELECT day, sum(rows)::bigint AS rows
    FROM (SELECT list, day, status, rows FROM list_counts
          UNION ALL
          SELECT list, day, status, rows FROM list_changes) AS counted
    WHERE list = $1
      AND ($2::text IS NULL OR status = $2)
      AND ($3::date IS NULL OR day >= $3)
      AND ($4::date IS NULL OR day < $4)
    GROUP BY day HAVING sum(rows) <> 0 ORDER BY day DESC";
/// One lock for all replicas: two that fold at once would only wait for each other's rows.
const TRY_LOCK: &str = "SELECT pg_try_advisory_xact_lock(3908417265511203319) AS taken";
const FOLD: &str = "SELECT fold_list_changes($1) AS number";

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    /// Invoices, by the day they were made.
    Invoices,
    /// Payments, by the day they were paid.
    Payments,
    /// Payments, by the day they were recorded.
    PaymentsRecorded,
}

impl List {
    const fn name(self) -> &'static str {
        match self {
            List::Invoices => "invoices",
            List::Payments => "payments",
            List::PaymentsRecorded => "payments_recorded",
        }
    }
}

/// How many there are, and where one page of them lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// On all pages.
    pub(super) count: i64,
    /// The days that the page lies in.
    pub(super) within: Span,
    /// Rows to pass over within them.
    pub(super) offset: i64,
}

#[derive(QueryableByName)]
struct OfDay {
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = Bool)]
    taken: bool,
}

/// How many of `list` have this status within a span of whole days, and where a page of them lies,
/// the latest day first: page 40,000 costs what the first one does.
pub(super) async fn find(
    conn: &mut Connection,
    list: List,
    status: Option<&str>,
    span: Span,
    page: Page,
) -> Result<Place, DbError> {
    let day = |instant: Option<_>| -> Option<NaiveDate> { instant.map(jakarta::day_of) };
    let rows: Vec<OfDay> = kept(COUNT)
        .bind::<Text, _>(list.name())
        .bind::<Nullable<Text>, _>(status)
        .bind::<Nullable<Date>, _>(day(span.from))
        .bind::<Nullable<Date>, _>(day(span.before))
        .load(conn)
        .await?;
    let days: Vec<(NaiveDate, i64)> = rows.iter().map(|row| (row.day, row.rows)).collect();
    let count = days.iter().map(|(_, rows)| rows).sum();
    let Some(((begin, end), offset)) = within_days(&days, page.offset(), page.limit()) else {
        return Ok(Place { count, within: span, offset: page.offset() });
    };
    let after = end.succ_opt().map(jakarta::day_start);
    let within = Span { from: Some(jakarta::day_start(begin)), before: after.or(span.before) };
    Ok(Place { count, within, offset })
}

/// Folds at most `most` changes into the counts, unless another replica is folding; answers how many
/// were folded.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn fold(tx: &mut Connection, most: i64) -> Result<i64, DbError> {
    let lock: Taken = kept(TRY_LOCK).get_result(tx).await?;
    if !lock.taken {
        return Ok(0);
    }
    let row: Number = kept(FOLD).bind::<BigInt, _>(most).get_result(tx).await?;
    Ok(row.number)
}
