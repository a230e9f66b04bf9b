//! What the database alone makes of the same rows: PostgreSQL's own `pgbench`, with a script that
//! writes them in one transaction.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::process::Command;

use super::Bench;

/// Every row that placing an order writes, with values of the same size.
const SCRIPT: &str = include_str!("pgbench.sql");

/// What it found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// Transactions a second, in tenths.
    pub(super) rate: u64,
    /// The mean time of one, in microseconds.
    pub(super) mean_us: u64,
}

/// Runs it as order's own role, in order's own tables, while order is frozen, and takes its
/// events out of the outbox again before anybody is told of them.
///
/// # Errors
/// When it is not installed or fails.
pub(super) async fn run(bench: &mut Bench, clients: usize, lasting: Duration) -> Result<Found> {
    let sizes = payload_sizes(bench).await?;
    bench.system.pause(&["order"])?;
    let found = pgbench(bench, clients, lasting, sizes).await;
    let removed = bench
        .database
        .change("DELETE FROM orders.outbox WHERE headers ->> 'producer' = 'bench'")
        .await;
    bench.system.resume("order")?;
    removed?;
    found
}

async fn pgbench(
    bench: &Bench,
    clients: usize,
    lasting: Duration,
    (customer_bytes, order_bytes): (u64, u64),
) -> Result<Found> {
    let script = bench.system.scratch().join("pgbench.sql");
    std::fs::write(&script, SCRIPT)?;
    let url = bench.system.secret("/database_urls/order")?;
    let output = Command::new(program())
        .args(["--no-vacuum", "--protocol=prepared", "--jobs=2"])
        .arg(format!("--client={clients}"))
        .arg(format!("--time={}", lasting.as_secs()))
        .arg(format!("--define=customer_bytes={customer_bytes}"))
        .arg(format!("--define=order_bytes={order_bytes}"))
        .arg("--file")
        .arg(&script)
        .arg(&url)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .context("pgbench could not be run")?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        bail!("pgbench failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let read = || {
        let tps = after(&said, "tps = ")?;
        let mean = after(&said, "latency average = ")?;
        Some(Found { rate: thousandths(tps)? / 100, mean_us: thousandths(mean)? })
    };
    read().with_context(|| format!("pgbench did not say how fast it was: {said}"))
}

/// The size of the two events as the service writes them.
async fn payload_sizes(bench: &mut Bench) -> Result<(u64, u64)> {
    let customer = bench.database.number(&size_of("customer.changed.v1")).await?;
    let order = bench.database.number(&size_of("order.created.v1")).await?;
    Ok((customer, order))
}

fn size_of(event_type: &str) -> String {
    format!(
        "SELECT coalesce(avg(octet_length(payload)), 100)::bigint AS number FROM orders.outbox
         WHERE event_type = '{event_type}'"
    )
}

/// The newest `pgbench` that Debian's packages put beside the server.
fn program() -> PathBuf {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_name()?.to_str()?.parse().ok()?;
            let program = path.join("bin/pgbench");
            program.is_file().then_some((version, program))
        })
        .collect();
    found.sort();
    found.pop().map_or_else(|| PathBuf::from("pgbench"), |(_, program)| program)
}

/// The number that follows `label`.
fn after<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(label)?;
    rest.split_whitespace().next()
}

/// A decimal number in thousandths, digits beyond them cut off.
fn thousandths(text: &str) -> Option<u64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let decimals: String = decimals.chars().chain("000".chars()).take(3).collect();
    Some(whole.parse::<u64>().ok()? * 1000 + decimals.parse::<u64>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pgbench_says_is_read() {
        let said = "latency average = 3.456 ms\ninitial connection time = 9 ms\ntps = 1234.567890 (without initial connection time)\n";
        assert_eq!(after(said, "tps = ").and_then(thousandths), Some(1_234_567));
        assert_eq!(after(said, "latency average = ").and_then(thousandths), Some(3_456));
        assert_eq!(thousandths("12"), Some(12_000));
    }
}
