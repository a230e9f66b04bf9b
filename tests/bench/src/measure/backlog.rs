//! How fast a backlog of events is worked off: by the relay, by one consumer, by all at once.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use chrono::{DateTime, Utc};
use konveksi_kernel::{Clock as _, SystemClock};

use super::{Bench, Section};
use crate::figures::{rate, seconds, tenths};
use crate::processes::{Usage, Used};
use crate::{remarks, say};

const EVENTS: u64 = 20_000;
const TARGET: u64 = 2_000;
const PATIENCE: Duration = Duration::from_mins(3);
/// How often the database is asked how far things are; rarely, since that costs it time too.
const LOOK: Duration = Duration::from_millis(500);
/// Service and schema of everybody who hears `order.updated.v1` and notes it.
const HEARERS: [(&str, &str); 4] = [
    ("analytics", "analytics"),
    ("automation", "automation"),
    ("notification", "notifications"),
    ("payment", "payments"),
];

/// Copies of real events with ids of their own. Version 0 of an order is older than any that a
/// consumer knows, so that they change nothing; `occurred_at` marks the batch.
const CLONE: &str = "
    INSERT INTO orders.outbox (id, aggregate_type, aggregate_id, aggregate_version, event_type,
                               routing_key, payload, headers, occurred_at)
    SELECT gen_random_uuid(), aggregate_type, gen_random_uuid(), 0, event_type, routing_key,
           payload, headers, $1
    FROM (SELECT * FROM (
              SELECT seq, aggregate_type, event_type, routing_key, payload, headers
              FROM orders.outbox
              WHERE event_type = 'order.updated.v1' AND aggregate_version > 0
              UNION ALL
              SELECT seq, aggregate_type, event_type, routing_key, payload, headers
              FROM orders.event_log
              WHERE event_type = 'order.updated.v1' AND aggregate_version > 0
          ) AS told ORDER BY seq DESC LIMIT 200) AS newest,
         generate_series(1, 100)";

const BATCH: &str = "
    WITH batch AS (
        SELECT id, published_at FROM orders.outbox
        WHERE occurred_at = $1 AND aggregate_version = 0
        UNION ALL
        SELECT id, published_at FROM orders.event_log
        WHERE occurred_at = $1 AND aggregate_version = 0)";

/// Works two backlogs off, the first one stage by stage.
///
/// # Errors
/// When a stage does not finish in time.
pub(crate) async fn measure(bench: &mut Bench) -> Result<Section> {
    bench.settle().await?;
    let (services, _): (Vec<&str>, Vec<&str>) = HEARERS.into_iter().unzip();
    let mut rows = Vec::new();

    bench.system.pause(&services)?;
    bench.system.pause(&["gateway", "media"])?;
    say::step("backlog: the relay alone");
    let mark = insert(bench).await?;
    let (relayed, used) = published(bench, mark).await?;
    rows.push(("relay alone (order's outbox to the broker)".to_owned(), relayed));
    let mut details = vec![format!("The relay alone:\n\n{}", used.table(EVENTS, "event"))];

    let mut slowest = relayed;
    for (service, schema) in HEARERS {
        say::step(format!("backlog: {service} alone"));
        bench.system.resume(service)?;
        let used = wait_until_heard(bench, mark, &[schema]).await?;
        let alone = heard_rate(bench, mark, schema).await?;
        slowest = slowest.min(alone);
        rows.push((format!("{service} alone (its queue to its inbox)"), alone));
        details.push(format!("{service} alone:\n\n{}", used.table(EVENTS, "event")));
    }
    bench.system.resume_all();

    bench.settle().await?;
    say::step("backlog: everything at once");
    let mark = insert(bench).await?;
    let everyone: Vec<&str> = HEARERS.into_iter().map(|(_, schema)| schema).collect();
    let used = wait_until_heard(bench, mark, &everyone).await?;
    let whole = whole(bench, mark, &everyone).await?;
    rows.push((
        "everything at once, to the last effect of the slowest".to_owned(),
        rate(EVENTS, whole),
    ));
    details.push(format!(
        "Everything at once, {} s:\n\n{}",
        seconds(whole),
        used.table(EVENTS, "event")
    ));
    Ok(section(&rows, details, slowest))
}

fn section(rows: &[(String, u64)], mut details: Vec<String>, slowest: u64) -> Section {
    let lines: Vec<String> =
        rows.iter().map(|(name, rate)| format!("| {name} | {} |", tenths(*rate))).collect();
    details.insert(0, format!("| | events/s |\n|---|---|\n{}", lines.join("\n")));
    let of = |row: Option<&(String, u64)>| tenths(row.map_or(0, |(_, rate)| *rate));
    Section {
        title: "Drain of a backlog",
        target: "2,000 events/s",
        measured: format!(
            "relay {}/s, the slowest of them and four consumers {}/s; all at once {}/s",
            of(rows.first()),
            tenths(slowest),
            of(rows.last())
        ),
        met: Some(slowest >= TARGET * 10),
        how: format!(
            "{EVENTS} copies of recent `order.updated.v1` rows are inserted into order's outbox \
             with fresh ids and a version older than any the consumers know, so that each is \
             read, noted in the inbox and compared, and changes nothing but automation's log. \
             First every hearer is frozen and the relay publishes alone (from the first to the \
             last `published_at`); then one consumer after the other works its queue off (first \
             to last `received_at` in its inbox); then the same again with everything at work, \
             from the first publish to the last effect of the slowest. Judged by the slowest of \
             the relay and the consumers, each alone."
        ),
        details,
        remarks: remarks::BACKLOG,
    }
}

async fn insert(bench: &mut Bench) -> Result<DateTime<Utc>> {
    let mark = SystemClock.now();
    let inserted = bench.database.change_at(CLONE, mark).await?;
    ensure!(u64::try_from(inserted).unwrap_or(0) == EVENTS, "only {inserted} events were copied");
    Ok(mark)
}

/// Waits until the relay is through; its rate in tenths, and what that took.
async fn published(bench: &mut Bench, mark: DateTime<Utc>) -> Result<(u64, Used)> {
    let before = Usage::now(&bench.system.parts()?)?;
    let count = format!("{BATCH} SELECT count(published_at) AS number FROM batch");
    let began = Instant::now();
    let mut ticks = tokio::time::interval(LOOK);
    while bench.database.number_at(&count, mark).await? < EVENTS {
        ensure!(began.elapsed() < PATIENCE, "the relay did not work its backlog off");
        ticks.tick().await;
    }
    let used = Usage::now(&bench.system.parts()?)?.since(&before);
    let span = format!(
        "{BATCH} SELECT (extract(epoch FROM max(published_at) - min(published_at)) * 1000000)
             ::bigint AS number FROM batch"
    );
    let took = Duration::from_micros(bench.database.number_at(&span, mark).await?);
    Ok((rate(EVENTS, took), used))
}

async fn wait_until_heard(
    bench: &mut Bench,
    mark: DateTime<Utc>,
    schemas: &[&str],
) -> Result<Used> {
    let before = Usage::now(&bench.system.parts()?)?;
    let began = Instant::now();
    let mut ticks = tokio::time::interval(LOOK);
    for schema in schemas {
        let count = format!(
            "{BATCH} SELECT count(*) AS number FROM batch
             JOIN {schema}.inbox AS heard ON heard.message_id = batch.id"
        );
        while bench.database.number_at(&count, mark).await? < EVENTS {
            ensure!(began.elapsed() < PATIENCE, "{schema} did not work its backlog off");
            ticks.tick().await;
        }
    }
    Ok(Usage::now(&bench.system.parts()?)?.since(&before))
}

async fn heard_rate(bench: &mut Bench, mark: DateTime<Utc>, schema: &str) -> Result<u64> {
    let span = format!(
        "{BATCH} SELECT (extract(epoch FROM max(received_at) - min(received_at)) * 1000000)
             ::bigint AS number
         FROM batch JOIN {schema}.inbox AS heard ON heard.message_id = batch.id"
    );
    let took = Duration::from_micros(bench.database.number_at(&span, mark).await?);
    Ok(rate(EVENTS, took))
}

/// From the first publish to the last effect of all.
async fn whole(bench: &mut Bench, mark: DateTime<Utc>, schemas: &[&str]) -> Result<Duration> {
    let mut longest = Duration::ZERO;
    for schema in schemas {
        let span = format!(
            "{BATCH} SELECT (extract(epoch FROM max(received_at) - min(published_at)) * 1000000)
                 ::bigint AS number
             FROM batch JOIN {schema}.inbox AS heard ON heard.message_id = batch.id"
        );
        let took = Duration::from_micros(bench.database.number_at(&span, mark).await?);
        longest = longest.max(took);
    }
    Ok(longest)
}
