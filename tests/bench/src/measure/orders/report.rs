//! `docs/benchmarks-orders.md`: tables by size, growth, plain SQL, plans.

use std::collections::BTreeMap;

use super::cases::{Case, Target};
use super::explain::Plans;
use super::{Measured, Round};
use crate::figures::{Samples, as_ratio, hundredths, ms, seconds};

const OPENING: &str = "\
# The list of orders, measured

Written by `deploy/dev/bench orders`. The same orders are made each time: Indonesian names of which few are
common, customers of whom few order often, three years of which the last is the busiest.
Requests go to the order service over HTTP with a signed statement, one after the other, on the cores that PostgreSQL,
Redis and this program share.

- *uncached*: something was written before each call, so that neither figures nor page are kept
- *page*: figures of the filter are kept, the page is made
- *cached*: asked again
- *first*: the first call of its kind after the orders were loaded
- *plain SQL*: count, sums and page as three lines of SQL over the table, in the same database with the same indexes
- targets at a million orders, p95: page 50 ms; figures 50 ms where roll-ups answer, else 400 ms, so that an uncached answer may
  take 100 ms or 450 ms; cached 3 ms; a page from ten thousand to a million less than twice

`make bench` measures the rest of the system.
";

/// What a person found out about the figures.
const REMARKS: &str = include_str!("remarks.md");

const PAGE_US: u64 = 50_000;
const CACHED_US: u64 = 3_000;

/// One line of progress.
pub(super) fn line(measured: &Measured) -> String {
    format!(
        "{} found, uncached p95 {}, page p95 {}, cached p95 {}",
        measured.count,
        ms(measured.whole.at(950)),
        ms(measured.page.at(950)),
        ms(measured.cached.at(950))
    )
}

/// The whole document.
pub(super) fn write(
    machine: &str,
    servers: &str,
    rounds: &[Round],
    bulk: &Samples,
    plans: &[Plans],
) -> String {
    let tables: Vec<String> = rounds.iter().map(table).collect();
    let explained: Vec<String> = plans.iter().map(plan).collect();
    format!(
        "{OPENING}\n## The machine\n\n{machine}\n\n{servers}\n{}{}{}\n## Five hundred orders at once\n\n\
         `POST /api/v1/admin/orders/bulk-update/` at a million orders, each order by its own rules and with its own history and \
         event, in one transaction: p50 {}, slowest {}. The gateway waits ten seconds.\n\n## Remarks\n\n{REMARKS}\n## What PostgreSQL does\n\n\
         The plans of the statements as the service sent them at a million orders, by `auto_explain`, whose timing \
         makes them slower than above.\n{}",
        tables.concat(),
        growth(rounds),
        missed(rounds),
        ms(bulk.p50()),
        ms(bulk.at(1_000)),
        explained.concat()
    )
}

fn table(round: &Round) -> String {
    let rows: Vec<String> = round.cases.iter().map(row).collect();
    format!(
        "\n## {} orders\n\nLoaded in {} s, with indexes, roll-ups and dictionary. Load average of the machine before {}, \
         after {}: what exceeds 1 on two cores were others.\n\n\
         | asked | found | uncached p50 | p95 | page p50 | p95 | cached p50 | p95 | first | plain SQL |\n\
         |---|---|---|---|---|---|---|---|---|---|\n{}\n",
        round.size,
        seconds(round.loading),
        round.load.0,
        round.load.1,
        rows.join("\n")
    )
}

fn row(measured: &Measured) -> String {
    let plain = match measured.case.target {
        Target::Orders { .. } => ms(measured.plain.p50()),
        Target::Nothing => String::new(),
    };
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {plain} |",
        measured.case.name,
        measured.count,
        ms(measured.whole.p50()),
        ms(measured.whole.at(950)),
        ms(measured.page.p50()),
        ms(measured.page.at(950)),
        ms(measured.cached.p50()),
        ms(measured.cached.at(950)),
        ms(measured.first.p50())
    )
}

/// How much longer a page takes among a hundred times as many orders.
fn growth(rounds: &[Round]) -> String {
    let (Some(small), Some(large)) = (rounds.first(), rounds.last()) else {
        return String::new();
    };
    let before: BTreeMap<&str, &Measured> =
        small.cases.iter().map(|measured| (measured.case.name, measured)).collect();
    let rows: Vec<String> = large
        .cases
        .iter()
        .filter_map(|after| {
            let before = before.get(after.case.name)?;
            let grown = hundredths(after.page.p50(), before.page.p50());
            let met = if grown < 200 { "met" } else { "**missed**" };
            Some(format!(
                "| {} | {} | {} | {} | {met} |",
                after.case.name,
                ms(before.page.p50()),
                ms(after.page.p50()),
                as_ratio(grown)
            ))
        })
        .collect();
    format!(
        "\n## Growth of a page, p50\n\n| asked | {} | {} | ratio | less than 2 |\n|---|---|---|---|---|\n{}\n",
        small.size,
        large.size,
        rows.join("\n")
    )
}

/// What does not reach its target at the largest size.
fn missed(rounds: &[Round]) -> String {
    let Some(round) = rounds.last() else { return String::new() };
    let misses: Vec<String> = round.cases.iter().flat_map(misses).collect();
    let text = if misses.is_empty() { "- nothing".to_owned() } else { misses.join("\n") };
    format!("\n## Targets missed at {} orders\n\n{text}\n", round.size)
}

fn misses(measured: &Measured) -> Vec<String> {
    let Case { name, target, .. } = measured.case;
    let Target::Orders { figures_ms, .. } = target else { return Vec::new() };
    let whole_us = figures_ms * 1_000 + PAGE_US;
    let judged = [
        ("page", measured.page.at(950), PAGE_US),
        ("uncached", measured.whole.at(950), whole_us),
        ("cached", measured.cached.at(950), CACHED_US),
    ];
    judged
        .into_iter()
        .filter(|(_, took, allowed)| took > allowed)
        .map(|(what, took, allowed)| {
            format!("- {name}, {what}: p95 {} of {}", ms(took), ms(allowed))
        })
        .collect()
}

fn plan(plans: &Plans) -> String {
    let blocks: Vec<String> =
        plans.plans.iter().map(|plan| format!("\n```text\n{plan}\n```\n")).collect();
    format!("\n### {}\n{}", plans.case, blocks.concat())
}
