//! The list of orders at ten thousand, a hundred thousand and a million orders: every kind of search
//! and filter, uncached and cached, beside plain SQL over the table, with the plans PostgreSQL
//! chose. Its report is a page of its own.

mod cases;
mod explain;
mod generate;
mod names;
mod report;

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::Bench;
use crate::figures::Samples;
use crate::{machine, say};
use cases::{CASES, Case, Target};

/// How many orders there are.
const SIZES: [u64; 3] = [10_000, 100_000, 1_000_000];
/// Calls of each kind.
const UNCACHED: usize = 30;
const CACHED: usize = 60;
/// Runs of the plain SQL.
const PLAIN: usize = 3;
/// Bulk updates of five hundred orders.
const BULKS: usize = 5;
/// One more committed change: everything that was cached is old.
const NEW_VERSION: &str = "INSERT INTO orders.order_changes (orders, paid) VALUES (0, 0)";

/// What was measured of one case at one size.
struct Measured {
    /// Which.
    case: &'static Case,
    /// Orders found.
    count: u64,
    /// The very first call after the orders were loaded.
    first: Samples,
    /// Nothing cached: figures and page are made.
    whole: Samples,
    /// The figures are known, the page is made.
    page: Samples,
    /// Answered from the cache.
    cached: Samples,
    /// The same by plain SQL over the table: count, sums and page.
    plain: Samples,
}

/// All cases at one size.
struct Round {
    /// Orders there are.
    size: u64,
    /// How long loading took.
    loading: Duration,
    /// Processes that wanted a core meanwhile, before and after the cases, as Linux counts them.
    load: (String, String),
    /// The cases that such a size has.
    cases: Vec<Measured>,
}

/// Measures and answers the page.
///
/// # Errors
/// When a call or the database fails.
pub(crate) async fn measure(bench: &mut Bench, servers: &str) -> Result<String> {
    // Only the list is looked at: everybody else would hear of a million orders.
    bench.system.pause(&["payment", "notification", "media", "analytics", "automation"])?;
    bench.settle_on_order().await?;
    let mut rounds = Vec::new();
    for size in SIZES {
        say::step(format!("loading {size} orders"));
        let began = Instant::now();
        generate::load(bench, size).await?;
        let loading = began.elapsed();
        let before = machine::load();
        let mut cases = Vec::new();
        for case in CASES.iter().filter(|case| case.least_orders <= size) {
            let measured = one(bench, case).await?;
            say::step(format!("{size}: {}: {}", case.name, report::line(&measured)));
            cases.push(measured);
        }
        rounds.push(Round { size, loading, load: (before, machine::load()), cases });
    }
    let plans = explain::plans(bench).await?;
    let bulk = bulk(bench).await?;
    bench.system.resume_all();
    let machine = machine::describe(&mut bench.database).await?;
    Ok(report::write(&machine, servers, &rounds, &bulk, &plans))
}

/// Five hundred orders moved by one call, some times over.
async fn bulk(bench: &mut Bench) -> Result<Samples> {
    say::step("five hundred orders at once");
    let mut samples = Samples::default();
    for round in 0..BULKS {
        let some = format!(
            "SELECT json_agg(id)::text AS words FROM
                 (SELECT id FROM orders.orders WHERE production_status = 'diproses'
                  ORDER BY id LIMIT 500 OFFSET {}) AS picked",
            round * 500
        );
        let ids: Value = serde_json::from_str(&bench.database.words(&some).await?)?;
        let body = json!({
            "order_ids": ids, "action": "update_status", "data": { "production_status": "selesai" },
        });
        let (took, answer) = bench.api.bulk_update(&body).await?;
        ensure!(answer.get("updated") == Some(&json!(500)), "not all moved: {answer}");
        samples.add(took);
    }
    Ok(samples)
}

async fn one(bench: &mut Bench, case: &'static Case) -> Result<Measured> {
    let mut measured = Measured {
        case,
        count: 0,
        first: Samples::default(),
        whole: Samples::default(),
        page: Samples::default(),
        cached: Samples::default(),
        plain: Samples::default(),
    };
    bench.database.change(NEW_VERSION).await?;
    let (took, answer) = bench.api.read_list(case.path, case.query).await?;
    measured.first.add(took);
    measured.count = answer.get("count").and_then(Value::as_u64).unwrap_or(0);
    for _ in 0..UNCACHED {
        bench.database.change(NEW_VERSION).await?;
        measured.whole.add(bench.api.read_list(case.path, case.query).await?.0);
    }
    for number in 0..UNCACHED {
        // A parameter nobody knows makes another question of the same filter.
        let query = format!("{}&unknown={number}", case.query);
        measured.page.add(bench.api.read_list(case.path, &query).await?.0);
    }
    bench.api.read_list(case.path, case.query).await?;
    for _ in 0..CACHED {
        measured.cached.add(bench.api.read_list(case.path, case.query).await?.0);
    }
    if let Target::Orders { plain, .. } = case.target {
        for _ in 0..PLAIN {
            measured.plain.add(plain_sql(bench, plain, case.query).await?);
        }
    }
    Ok(measured)
}

/// What one would write without this service: count, sums and page over the table, with the
/// indexes it has.
async fn plain_sql(bench: &mut Bench, condition: &str, query: &str) -> Result<Duration> {
    let page: u64 = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("page="))
        .and_then(|page| page.parse().ok())
        .unwrap_or(1);
    let began = Instant::now();
    let figures = format!(
        "SELECT (count(*) + coalesce(sum(paid_amount), 0)
             + count(*) FILTER (WHERE status_order = 'lunas')
             + count(*) FILTER (WHERE status_order = 'dibatalkan'))::bigint AS number
         FROM orders.orders WHERE deleted_at IS NULL AND {condition}"
    );
    bench.database.number(&figures).await?;
    let rows = format!(
        "SELECT count(*) AS number FROM (SELECT * FROM orders.orders
         WHERE deleted_at IS NULL AND {condition}
         ORDER BY created_at DESC, id DESC LIMIT 20 OFFSET {}) AS page",
        (page - 1) * 20
    );
    bench.database.number(&rows).await?;
    Ok(began.elapsed())
}
