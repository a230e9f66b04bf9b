//! Links at the provider: asked for under a lease, answered, replaced, and taken down.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Timestamptz};
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError, KeepPlan as _, kept};
use konveksi_kernel::InvoiceId;
use konveksi_telemetry::TraceContext;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::rows::{money, word};
use super::schema::invoice_links::{self, dsl};
use crate::domain::{Link, LinkState, PaymentSource};

/// How long one caller may be busy asking the provider before another takes over (`settled.md` 6).
pub(crate) const LEASE: Duration = Duration::seconds(30);

/// Takes the leases on links that are due, in one statement. `$1` is now, `$2` how many at most, `$3`
/// when a lease runs out.
macro_rules! claim {
    (due: $due:literal, set: $set:literal, tries: $tries:literal) => {
        concat!(
            "WITH due AS (SELECT id FROM invoice_links WHERE ",
            $due,
            " LIMIT $2 FOR UPDATE SKIP LOCKED) UPDATE invoice_links SET ",
            $set,
            " FROM due WHERE invoice_links.id = due.id RETURNING invoice_links.id, invoice_id, ",
            "provider, generation, external_id, provider_id, url, amount, state, attempts, trace, ",
            $tries,
            " AS tries"
        )
    };
}

const ASKED: &str = claim! {
    due: "state = 'asked' AND due_at <= $1 AND (lease_until IS NULL OR lease_until < $1)
          ORDER BY due_at",
    set: "lease_until = $3, attempts = attempts + 1",
    tries: "attempts"
};
const TAKE_DOWNS: &str = claim! {
    due: "kill_due_at <= $1 AND provider_id IS NOT NULL ORDER BY kill_due_at",
    set: "kill_due_at = $3, kill_attempts = kill_attempts + 1",
    tries: "kill_attempts"
};
const POLLS: &str = claim! {
    due: "poll_due_at <= $1 ORDER BY poll_due_at",
    set: "poll_due_at = $3, polls = polls + 1",
    tries: "polls"
};

#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = invoice_links)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct LinkRow {
    id: Uuid,
    invoice_id: Uuid,
    provider: String,
    generation: i32,
    external_id: String,
    provider_id: Option<String>,
    url: Option<String>,
    amount: Decimal,
    state: String,
    attempts: i32,
    trace: Value,
}

#[derive(QueryableByName)]
struct ClaimedRow {
    #[diesel(embed)]
    link: LinkRow,
    #[diesel(sql_type = Integer)]
    tries: i32,
}

async fn claim(
    conn: &mut Connection,
    sql: &'static str,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<ClaimedRow>, DbError> {
    let rows = kept(sql)
        .bind::<Timestamptz, _>(now)
        .bind::<BigInt, _>(limit)
        .bind::<Timestamptz, _>(now + LEASE)
        .load(conn)
        .await?;
    Ok(rows)
}

/// A link and the trace that asked for it.
#[derive(Debug, Clone)]
pub(crate) struct TracedLink {
    /// The link.
    pub(crate) link: Link,
    /// Where it was asked for.
    pub(crate) trace: TraceContext,
}

impl TryFrom<LinkRow> for TracedLink {
    type Error = DbError;

    fn try_from(row: LinkRow) -> Result<TracedLink, DbError> {
        let link = Link {
            id: row.id,
            invoice_id: InvoiceId::from_uuid(row.invoice_id),
            provider: word(
                "invoice_links.provider",
                &row.provider,
                PaymentSource::from_wire(&row.provider),
            )?,
            generation: row.generation,
            external_id: row.external_id,
            provider_id: row.provider_id,
            url: row.url,
            amount: money("invoice_links.amount", row.amount)?,
            state: word("invoice_links.state", &row.state, LinkState::from_wire(&row.state))?,
            attempts: row.attempts,
        };
        // A trace that cannot be read is worth no error: the work goes on in a trace of its own.
        Ok(TracedLink { link, trace: serde_json::from_value(row.trace).unwrap_or_default() })
    }
}

fn plain(row: LinkRow) -> Result<Link, DbError> {
    TracedLink::try_from(row).map(|traced| traced.link)
}

/// Stores a link that is to be asked for, due at once.
///
/// # Errors
/// [`DbError::UniqueViolation`] when the invoice has a live link, else any [`DbError`].
pub(crate) async fn insert(
    tx: &mut Connection,
    link: &Link,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let trace = serde_json::to_value(TraceContext::current()).unwrap_or_default();
    diesel::insert_into(invoice_links::table)
        .values((
            dsl::id.eq(link.id),
            dsl::invoice_id.eq(link.invoice_id.as_uuid()),
            dsl::generation.eq(link.generation),
            dsl::provider.eq(link.provider.as_wire()),
            dsl::external_id.eq(&link.external_id),
            dsl::amount.eq(link.amount.as_decimal()),
            dsl::state.eq(link.state.as_wire()),
            dsl::due_at.eq(now),
            dsl::trace.eq(trace),
            dsl::created_at.eq(now),
        ))
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(())
}

/// The newest generation an invoice ever had; 0 when it never had a link.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn newest_generation(
    tx: &mut Connection,
    invoice: InvoiceId,
) -> Result<i32, DbError> {
    let newest: Option<i32> = invoice_links::table
        .filter(dsl::invoice_id.eq(invoice.as_uuid()))
        .select(diesel::dsl::max(dsl::generation))
        .get_result(tx)
        .await?;
    Ok(newest.unwrap_or(0))
}

/// A link by its own id, locked.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find_for_update(
    tx: &mut Connection,
    id: Uuid,
) -> Result<Option<Link>, DbError> {
    invoice_links::table
        .find(id)
        .select(LinkRow::as_select())
        .for_update()
        .first(tx)
        .await
        .optional()?
        .map(plain)
        .transpose()
}

/// The link an invoice is paid on now or soon.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn live_of(
    conn: &mut Connection,
    invoice: InvoiceId,
) -> Result<Option<Link>, DbError> {
    let row: Option<LinkRow> = invoice_links::table
        .filter(dsl::invoice_id.eq(invoice.as_uuid()))
        .filter(dsl::state.eq_any(live_states()))
        .select(LinkRow::as_select())
        .first(conn)
        .await
        .optional()?;
    row.map(plain).transpose()
}

fn live_states() -> impl Iterator<Item = &'static str> {
    LinkState::ALL.into_iter().filter(|state| state.is_live()).map(LinkState::as_wire)
}

/// The links that several invoices are paid on; at most one each.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn live_of_each(
    conn: &mut Connection,
    invoices: &[InvoiceId],
) -> Result<Vec<Link>, DbError> {
    let ids: Vec<Uuid> = invoices.iter().map(InvoiceId::as_uuid).collect();
    let rows: Vec<LinkRow> = invoice_links::table
        .filter(dsl::invoice_id.eq_any(ids))
        .filter(dsl::state.eq_any(live_states()))
        .select(LinkRow::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(plain).collect()
}

/// The link with the id that `provider` gave it.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find_by_provider_id(
    conn: &mut Connection,
    provider: PaymentSource,
    provider_id: &str,
) -> Result<Option<TracedLink>, DbError> {
    invoice_links::table
        .filter(dsl::provider.eq(provider.as_wire()).and(dsl::provider_id.eq(provider_id)))
        .select(LinkRow::as_select())
        .first(conn)
        .await
        .optional()?
        .map(TracedLink::try_from)
        .transpose()
}

/// The link with our name at the provider.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find_by_external_id(
    conn: &mut Connection,
    external_id: &str,
) -> Result<Option<TracedLink>, DbError> {
    invoice_links::table
        .filter(dsl::external_id.eq(external_id))
        .select(LinkRow::as_select())
        .first(conn)
        .await
        .optional()?
        .map(TracedLink::try_from)
        .transpose()
}

/// Takes the lease on an invoice's link that is to be asked for; `None` when there is none, or
/// somebody else is asking.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn claim_of_invoice(
    tx: &mut Connection,
    invoice: InvoiceId,
    now: DateTime<Utc>,
) -> Result<Option<TracedLink>, DbError> {
    let row: Option<LinkRow> = diesel::update(
        invoice_links::table
            .filter(dsl::invoice_id.eq(invoice.as_uuid()))
            .filter(dsl::state.eq(LinkState::Asked.as_wire()))
            .filter(dsl::lease_until.is_null().or(dsl::lease_until.lt(now))),
    )
    .set((dsl::lease_until.eq(now + LEASE), dsl::attempts.eq(dsl::attempts + 1)))
    .returning(LinkRow::as_returning())
    .keep_plan()
    .get_result(tx)
    .await
    .optional()?;
    row.map(TracedLink::try_from).transpose()
}

/// Takes the leases on up to `limit` links that are due to be asked for.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn claim_due(
    conn: &mut Connection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<TracedLink>, DbError> {
    let rows = claim(conn, ASKED, now, limit).await?;
    rows.into_iter().map(|row| TracedLink::try_from(row.link)).collect()
}

/// The provider answered: notes its id and address, and `state` (ready, or superseded when the
/// link was replaced meanwhile). From `poll_at` on the provider is asked how it stands.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn answered(
    tx: &mut Connection,
    id: Uuid,
    (provider_id, url): (&str, &str),
    state: LinkState,
    poll_at: Option<DateTime<Utc>>,
) -> Result<(), DbError> {
    diesel::update(invoice_links::table.find(id))
        .set((
            dsl::provider_id.eq(provider_id),
            dsl::url.eq(url),
            dsl::state.eq(state.as_wire()),
            dsl::lease_until.eq(None::<DateTime<Utc>>),
            dsl::last_error.eq(None::<String>),
            dsl::poll_due_at.eq(poll_at),
        ))
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(())
}

/// The provider did not answer well. `due_at` is when it is asked again; absent gives up.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn not_answered(
    tx: &mut Connection,
    id: Uuid,
    due_at: Option<DateTime<Utc>>,
    why: &str,
) -> Result<(), DbError> {
    let asked = invoice_links::table.find(id).filter(dsl::state.eq(LinkState::Asked.as_wire()));
    let common = (dsl::lease_until.eq(None::<DateTime<Utc>>), dsl::last_error.eq(why));
    if let Some(due_at) = due_at {
        diesel::update(asked).set((common, dsl::due_at.eq(due_at))).execute(tx).await?;
    } else {
        let failed = dsl::state.eq(LinkState::Failed.as_wire());
        diesel::update(asked).set((common, failed)).execute(tx).await?;
    }
    Ok(())
}

/// Replaces an invoice's live link by nothing: it counts as superseded, and the provider is told
/// to take it down. Answers the link that was live.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn supersede(
    tx: &mut Connection,
    invoice: InvoiceId,
    now: DateTime<Utc>,
) -> Result<Option<Link>, DbError> {
    let Some(live) = live_of(tx, invoice).await? else { return Ok(None) };
    diesel::update(invoice_links::table.find(live.id))
        .set(dsl::state.eq(LinkState::Superseded.as_wire()))
        .execute(tx)
        .await?;
    if live.provider_id.is_some() {
        take_down(tx, live.id, now).await?;
    }
    Ok(Some(live))
}

/// Lets the provider be told, at `due_at`, that a link is dead.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn take_down(
    tx: &mut Connection,
    id: Uuid,
    due_at: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::update(invoice_links::table.find(id))
        .set(dsl::kill_due_at.eq(due_at))
        .execute(tx)
        .await?;
    Ok(())
}

/// Links whose provider is to be told that they are dead; each is taken for [`LEASE`]. With each
/// comes how often that was tried, this time included.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn claim_take_downs(
    conn: &mut Connection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<(Link, i32)>, DbError> {
    let rows = claim(conn, TAKE_DOWNS, now, limit).await?;
    rows.into_iter().map(|row| Ok((plain(row.link)?, row.tries))).collect()
}

/// The provider was told (`None`), or is to be told again at that time.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn took_down(
    tx: &mut Connection,
    id: Uuid,
    again_at: Option<DateTime<Utc>>,
) -> Result<(), DbError> {
    diesel::update(invoice_links::table.find(id))
        .set(dsl::kill_due_at.eq(again_at))
        .execute(tx)
        .await?;
    Ok(())
}

/// Links whose provider is to be asked how they stand; each comes back by itself when its claimant
/// dies. With each comes how often that was done, this time included.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn claim_polls(
    conn: &mut Connection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<(TracedLink, i32)>, DbError> {
    let rows = claim(conn, POLLS, now, limit).await?;
    rows.into_iter().map(|row| Ok((TracedLink::try_from(row.link)?, row.tries))).collect()
}

/// The provider is asked again at that time; never when absent.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn poll_at(
    tx: &mut Connection,
    id: Uuid,
    due_at: Option<DateTime<Utc>>,
) -> Result<(), DbError> {
    diesel::update(invoice_links::table.find(id))
        .set(dsl::poll_due_at.eq(due_at))
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(())
}

/// Settles where a link is made.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn settle_provider(
    conn: &mut Connection,
    id: Uuid,
    provider: PaymentSource,
) -> Result<(), DbError> {
    diesel::update(invoice_links::table.find(id))
        .set(dsl::provider.eq(provider.as_wire()))
        .execute(conn)
        .await?;
    Ok(())
}
