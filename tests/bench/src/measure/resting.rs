//! What our processes hold when nothing happens.

use std::time::Duration;

use anyhow::Result;

use super::{Bench, Section};
use crate::figures::tenths;
use crate::load::rest;
use crate::processes::{Memory, memory};
use crate::{remarks, say};

/// The section's title.
pub(crate) const TITLE: &str = "All our processes at rest";

const PAUSE: Duration = Duration::from_secs(20);
const TARGET_KB: u64 = 150 * 1024;

/// Reads the memory of every process of ours, 20 s after the start.
///
/// # Errors
/// When a process is gone.
pub(crate) async fn measure(bench: &mut Bench) -> Result<Section> {
    say::step("memory: 20 s of rest");
    rest(PAUSE).await;
    let rows = held(bench)?;
    let total: u64 = rows.iter().map(|(_, held)| held.pss).sum();
    Ok(Section {
        title: TITLE,
        target: "150 MB",
        measured: format!("{} MB", megabytes(total)),
        met: Some(total <= TARGET_KB),
        how: "The sum of the proportional set sizes (`Pss` in `/proc/<pid>/smaps_rollup`) of the \
              seven services, the sandbox and the supervisor, 20 s after a start without calls. \
              They are one program file, so its pages are shared: each counts its part of them. \
              MB are 1024 kB."
            .to_owned(),
        details: vec![table(&rows)],
        remarks: remarks::RESTING,
    })
}

/// The same processes after all the load, for comparison.
///
/// # Errors
/// When a process is gone.
pub(crate) fn after_load(bench: &Bench) -> Result<String> {
    Ok(format!("After all the other measurements:\n\n{}", table(&held(bench)?)))
}

fn held(bench: &Bench) -> Result<Vec<(String, Memory)>> {
    let parts = bench.system.parts()?;
    parts.own().map(|(name, pid)| Ok((name.to_owned(), memory(pid)?))).collect()
}

fn table(rows: &[(String, Memory)]) -> String {
    let sum = |field: fn(&Memory) -> u64| rows.iter().map(|(_, held)| field(held)).sum::<u64>();
    let line = |name: &str, pss: u64, dirty: u64, rss: u64| {
        format!("| {name} | {} | {} | {} |", megabytes(pss), megabytes(dirty), megabytes(rss))
    };
    let mut lines: Vec<String> =
        rows.iter().map(|(name, held)| line(name, held.pss, held.dirty, held.rss)).collect();
    lines.push(line(
        "**together**",
        sum(|held| held.pss),
        sum(|held| held.dirty),
        sum(|held| held.rss),
    ));
    format!(
        "| process | Pss, MB | private and written, MB | Rss, MB |\n|---|---|---|---|\n{}",
        lines.join("\n")
    )
}

fn megabytes(kb: u64) -> String {
    tenths(kb * 10 / 1024)
}
