//! Placing orders: at the order service alone against the database alone, and through the gateway
//! with the first invoice.

use std::time::Duration;

use anyhow::Result;

use super::{Bench, Section, pgbench};
use crate::figures::{Samples, as_ratio, hundredths, ms, tenths};
use crate::load::{Closed, Outcome, closed};
use crate::processes::Usage;
use crate::{remarks, say};

const CLIENTS: usize = 8;
const LASTING: Duration = Duration::from_secs(15);
const ROUNDS: usize = 2;
/// Calls of a single client, to see what one order takes when nothing else is under way.
const ONE: Closed = Closed::alone(200);
const MANY: Closed = Closed::lasting(CLIENTS, LASTING);
const TARGET: u64 = 30;

/// Everybody who hears that an order was placed and has no part in placing it.
const HEARERS: [&str; 4] = ["notification", "media", "analytics", "automation"];

/// The order service alone and `pgbench`, in turns.
///
/// # Errors
/// When a call fails.
pub(crate) async fn direct(bench: &mut Bench) -> Result<Section> {
    bench.system.pause(&HEARERS)?;
    bench.system.pause(&["gateway", "payment", "sandbox"])?;
    // One order, so that the sizes of its events are known.
    bench.api.create_direct().await?;
    let mut rows = Vec::new();
    let (mut ours, mut theirs) = (0, 0);
    let mut usage = String::new();
    for round in 1..=ROUNDS {
        say::step(format!("placing orders: the database alone, round {round} of {ROUNDS}"));
        let alone = pgbench::run(bench, CLIENTS, LASTING).await?;
        theirs += alone.rate;
        rows.push(format!(
            "| {round} | pgbench | {} | mean {} |",
            tenths(alone.rate),
            ms(alone.mean_us)
        ));
        say::step(format!("placing orders: the order service, round {round} of {ROUNDS}"));
        let before = Usage::now(&bench.system.parts()?)?;
        let outcome = create(bench, MANY).await?;
        let used = Usage::now(&bench.system.parts()?)?.since(&before);
        usage = used.table(outcome.samples.count(), "order");
        ours += outcome.rate();
        rows.push(format!(
            "| {round} | order service | {} | {} |",
            tenths(outcome.rate()),
            outcome.samples.shown()
        ));
    }
    let alone = create(bench, ONE).await?;
    rows.push(format!(
        "| | order service, one client | {} | {} |",
        tenths(alone.rate()),
        alone.samples.shown()
    ));
    bench.system.resume_all();
    let ratio = hundredths(ours, theirs);
    let rounds = u64::try_from(ROUNDS).unwrap_or(1);
    Ok(Section {
        title: "Creating an order against pgbench",
        target: "0.3",
        measured: format!(
            "{} ({}/s against {}/s)",
            as_ratio(ratio),
            tenths(ours / rounds),
            tenths(theirs / rounds)
        ),
        met: Some(ratio >= TARGET),
        how: format!(
            "{CLIENTS} clients that each wait for their answer, {} s, {ROUNDS} rounds in turns. \
             pgbench: prepared statements, order's own role and tables, the rows of one order \
             (customer, order, history, two outbox rows of the same size) in one transaction; \
             its own share of the cores is small. Order service: `POST /api/v1/order` with a \
             signed statement, every order by a new customer, everything but order and the \
             servers frozen; its relay publishes meanwhile, and the HTTP clients run on the same \
             cores.",
            LASTING.as_secs()
        ),
        details: vec![
            format!("| round | | /s | latency |\n|---|---|---|---|\n{}", rows.join("\n")),
            format!("The order service's last round:\n\n{usage}"),
        ],
        remarks: remarks::CREATE,
    })
}

/// The composed answer through the gateway, and the parts it consists of.
///
/// # Errors
/// When a call fails.
pub(crate) async fn composed(bench: &mut Bench) -> Result<Section> {
    say::step("placing orders through the gateway");
    bench.system.pause(&HEARERS)?;
    let before = Usage::now(&bench.system.parts()?)?;
    let outcome = compose(bench, MANY).await?;
    let used = Usage::now(&bench.system.parts()?)?.since(&before);
    let count = outcome.samples.count();
    bench.system.resume_all();
    bench.settle().await?;

    bench.system.pause(&HEARERS)?;
    let alone = compose(bench, ONE).await?;
    let direct = create(bench, ONE).await?;
    let provider = provider(bench).await?;
    bench.system.resume_all();
    bench.settle().await?;

    let whole = alone.samples.p50();
    let sandbox_us = used.micros_of("sandbox").checked_div(count).unwrap_or(0);
    let line = |name: &str, samples: &Samples| {
        format!("| {name} | {} | {} |", ms(samples.p50()), ms(samples.p99()))
    };
    Ok(Section {
        title: "Creating an order through the gateway, with its link",
        target: "none; beside the one above",
        measured: format!("{}/s, {}", tenths(outcome.rate()), outcome.samples.shown()),
        met: None,
        how: format!(
            "`POST /api/v1/order/` without a login: order stores, payment makes the first \
             invoice at the sandbox, order hears of it at once and is read again. {CLIENTS} \
             clients, {} s, those that only hear of it frozen. The sandbox's share, by time: one \
             call of its invoice API takes {} of the {} one order takes when a single client \
             asks ({} %). By processor time: {} an order with {CLIENTS} clients.",
            LASTING.as_secs(),
            ms(provider.p50()),
            ms(whole),
            hundredths(provider.p50(), whole),
            ms(sandbox_us)
        ),
        details: vec![
            format!(
                "| a single client | p50 | p99 |\n|---|---|---|\n{}\n{}\n{}",
                line("the whole, through the gateway", &alone.samples),
                line("storing it, at the order service", &direct.samples),
                line("the invoice, at the sandbox", &provider)
            ),
            format!("With {CLIENTS} clients:\n\n{}", used.table(count, "order")),
        ],
        remarks: remarks::COMPOSED,
    })
}

async fn create(bench: &Bench, how: Closed) -> Result<Outcome<String>> {
    let api = bench.api.clone();
    let call = move |_| {
        let api = api.clone();
        async move { api.create_direct().await }
    };
    closed(how, call).await.insist("placing orders at the order service")
}

async fn compose(bench: &Bench, how: Closed) -> Result<Outcome<()>> {
    let api = bench.api.clone();
    let call = move |_| {
        let api = api.clone();
        async move { api.create_composed().await.map(drop) }
    };
    closed(how, call).await.insist("placing orders through the gateway")
}

async fn provider(bench: &Bench) -> Result<Samples> {
    let api = bench.api.clone();
    let call = move |number| {
        let api = api.clone();
        async move { api.provider_invoice(number).await }
    };
    Ok(closed(ONE, call).await.insist("making invoices at the sandbox")?.samples)
}
