//! Lists of invoices and payments at a million of each.

use std::time::Instant;

use anyhow::{Result, ensure};
use serde_json::Value;

use super::payments::Payment;
use super::{Bench, Section};
use crate::figures::{Samples, ms};
use crate::{remarks, say};

const FILL: &str = include_str!("money_lists.sql");
const TIMES: u32 = 40;
/// p95 of a page, in microseconds.
const TARGET_US: u64 = 50_000;

/// What is asked, and how it is named.
const CASES: [(&str, &str); 14] = [
    ("invoices, page 1", "invoice/?page=1"),
    ("invoices, page 1,000", "invoice/?page=1000"),
    ("invoices, page 40,000", "invoice/?page=40000"),
    ("invoices, open", "invoice/?status=belum dibayar"),
    ("invoices, paid, page 1,000", "invoice/?status=sudah dibayar&page=1000"),
    ("invoices, one month", "invoice/?date_from=2025-03-01&date_to=2025-03-31"),
    (
        "invoices, one year and paid",
        "invoice/?status=sudah dibayar&date_from=2025-01-01&date_to=2025-12-31",
    ),
    ("invoices, one customer", "invoice/?customer=00000000-0000-7000-b000-000000000001"),
    ("payments, page 1", "payment/?page=1"),
    ("payments, page 1,000", "payment/?page=1000"),
    ("payments, page 40,000", "payment/?page=40000"),
    ("payments, one month", "payment/?date_from=2025-03-01&date_to=2025-03-31"),
    (
        "payments, one month and state",
        "payment/?status=success&date_from=2025-03-01&date_to=2025-03-31",
    ),
    ("payments, one customer", "payment/?customer=00000000-0000-7000-b000-000000000001"),
];

/// Every list, one call after the other, straight to the payment service.
///
/// # Errors
/// When the database or the service fails.
pub(crate) async fn lists(bench: &mut Bench) -> Result<Section> {
    say::step("writing a million invoices and payments");
    bench.database.fill(FILL).await?;
    bench.database.change("SELECT payments.recount_lists()").await?;
    bench.database.change("VACUUM ANALYZE payments.invoices").await?;
    bench.database.change("VACUUM ANALYZE payments.payments").await?;
    say::step("lists of invoices and payments");
    let payment = Payment::of(bench)?;
    let mut rows = vec!["| asked | found | p50 | p95 |".to_owned(), "|---|---|---|---|".to_owned()];
    let mut worst = 0;
    for (name, query) in CASES {
        let mut samples = Samples::default();
        let mut found = 0;
        for _ in 0..TIMES {
            let began = Instant::now();
            let list = payment.list(query).await?;
            samples.add(began.elapsed());
            found = list.get("count").and_then(Value::as_u64).unwrap_or(0);
            let shown = list.get("results").and_then(Value::as_array).map_or(0, Vec::len);
            ensure!(shown > 0, "{name}: the page is empty");
        }
        worst = worst.max(samples.at(950));
        rows.push(format!(
            "| {name} | {found} | {} | {} |",
            ms(samples.at(500)),
            ms(samples.at(950))
        ));
    }
    Ok(Section {
        title: "Lists of invoices and payments, a million of each",
        target: "p95 50 ms",
        measured: format!("worst p95 {}", ms(worst)),
        met: Some(worst <= TARGET_US),
        how: format!(
            "Pages of twenty with their exact count, {TIMES} calls of each kind one after the other \
             at the payment service; nothing is cached."
        ),
        details: vec![rows.join("\n")],
        remarks: remarks::MONEY_LISTS,
    })
}

impl Payment {
    async fn list(&self, query: &str) -> Result<Value> {
        let answer = self.get(query).await?;
        ensure!(answer.status() == 200, "{query} answered {}", answer.status());
        Ok(answer.json().await?)
    }
}
