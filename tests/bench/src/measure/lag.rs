//! From a committed change to its effect elsewhere.

use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, Utc};
use konveksi_kernel::{Clock as _, SystemClock};

use super::{Bench, Section};
use crate::figures::{Samples, ms, tenths};
use crate::load::open;
use crate::processes::Usage;
use crate::{remarks, say};

const PER_SECOND: u32 = 200;
const LASTING: Duration = Duration::from_secs(30);
const ORDERS: usize = 200;
const TARGET_US: u64 = 100_000;
/// Who hears the event, by schema.
const HEARERS: [&str; 4] = ["analytics", "automation", "notifications", "payments"];

/// Events of this kind since `$1`, wherever they lie by now.
const TOLD: &str = "
    WITH told AS (
        SELECT id, occurred_at, published_at FROM orders.outbox
        WHERE event_type = 'order.updated.v1' AND occurred_at >= $1
        UNION ALL
        SELECT id, occurred_at, published_at FROM orders.event_log
        WHERE event_type = 'order.updated.v1' AND occurred_at >= $1)";

/// Changes orders at a steady rate and asks the database when analytics had heard of each.
///
/// # Errors
/// When a change fails.
pub(crate) async fn measure(bench: &mut Bench) -> Result<Section> {
    let orders = orders(bench).await?;
    bench.settle().await?;
    say::step(format!("commit to effect: {PER_SECOND} events a second"));
    let since = SystemClock.now();
    let before = Usage::now(&bench.system.parts()?)?;
    let api = bench.api.clone();
    let outcome = open(PER_SECOND, LASTING, move |number| {
        let api = api.clone();
        let index = usize::try_from(number).unwrap_or(0) % orders.len().max(1);
        let order = orders.get(index).cloned().unwrap_or_default();
        async move { api.change_notes(&order, &format!("Catatan {number}")).await }
    })
    .await
    .insist("changing orders")?;
    let used = Usage::now(&bench.system.parts()?)?.since(&before);
    bench.settle().await?;
    let relay = between(bench, since, "published_at").await?;
    let mut rows = vec![format!("| committed to picked up by the relay | {} |", relay.shown())];
    let mut analytics = Samples::default();
    for hearer in HEARERS {
        let effect = effect(bench, since, hearer).await?;
        rows.push(format!(
            "| effect in {hearer} ({} events) | {} |",
            effect.count(),
            effect.shown()
        ));
        if hearer == "analytics" {
            analytics = effect;
        }
    }
    let reached = tenths(outcome.rate());
    Ok(Section {
        title: "Commit to effect at 200 events/s",
        target: "p99 100 ms",
        measured: analytics.shown(),
        met: Some(analytics.count() > 0 && analytics.p99() <= TARGET_US),
        how: format!(
            "{PER_SECOND} changes a second of the design notes of {ORDERS} orders (open loop, at \
             the order service, {} s; reached: {reached} a second), each one `order.updated.v1` \
             that payment, notification, analytics, automation and the gateway hear: {} effects \
             a second. From the event's `occurred_at`, which order takes when it begins the \
             change, to `received_at` of the same message id in the hearer's inbox, which the \
             hearer takes when it begins the effect's transaction; both by the same machine's \
             clock. The change's own transaction is therefore within the figure, the effect's \
             is not. Judged by analytics.",
            LASTING.as_secs(),
            PER_SECOND * 5
        ),
        details: vec![
            format!(
                "| | |\n|---|---|\n| the change itself, as its client sees it | {} |\n{}",
                outcome.samples.shown(),
                rows.join("\n")
            ),
            used.table(outcome.samples.count(), "event"),
            format!("The longest took {} to analytics.", ms(analytics.at(1000))),
        ],
        remarks: remarks::LAG,
    })
}

async fn orders(bench: &Bench) -> Result<Vec<String>> {
    let mut orders = Vec::with_capacity(ORDERS);
    for _ in 0..ORDERS {
        orders.push(bench.api.create_quietly().await?);
    }
    Ok(orders)
}

async fn between(bench: &mut Bench, since: DateTime<Utc>, end: &str) -> Result<Samples> {
    let sql = format!(
        "{TOLD} SELECT (extract(epoch FROM {end} - occurred_at) * 1000000)::bigint AS number
         FROM told WHERE {end} IS NOT NULL"
    );
    Ok(Samples::of_micros(bench.database.numbers_since(&sql, since).await?))
}

async fn effect(bench: &mut Bench, since: DateTime<Utc>, hearer: &str) -> Result<Samples> {
    let sql = format!(
        "{TOLD}
         SELECT (extract(epoch FROM heard.received_at - told.occurred_at) * 1000000)::bigint
             AS number
         FROM told JOIN {hearer}.inbox AS heard ON heard.message_id = told.id"
    );
    Ok(Samples::of_micros(bench.database.numbers_since(&sql, since).await?))
}
