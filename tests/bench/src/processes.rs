//! What the machine's processes use, read from `/proc`: processor time and memory.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::figures::{hundredths, tenths};
use crate::system::Parts;

/// Clock ticks a second, as Linux shows them to every program.
const TICKS_PER_SECOND: u64 = 100;

/// Processor time of every part, at one moment.
#[derive(Debug, Clone)]
pub(crate) struct Usage {
    at: Instant,
    /// Ticks by part; a server's helpers count for it.
    ticks: BTreeMap<String, u64>,
    /// Ticks of all processes of the machine, ours or not.
    machine: u64,
}

impl Usage {
    /// Reads it now.
    ///
    /// # Errors
    /// When `/proc` cannot be read.
    pub(crate) fn now(parts: &Parts) -> Result<Usage> {
        let all = every_process()?;
        let mut ticks: BTreeMap<String, u64> = parts
            .processes()
            .map(|(name, pid, with_helpers)| {
                let own = all.get(&pid).map_or(0, |process| process.ticks);
                let ticks = if with_helpers { of_tree(&all, pid) } else { own };
                (name.to_owned(), ticks)
            })
            .collect();
        // Alone: the system is a child of ours.
        let own = all.get(&std::process::id()).map_or(0, |process| process.ticks);
        ticks.insert("bench (the clients)".to_owned(), own);
        Ok(Usage { at: Instant::now(), ticks, machine: machine_ticks()? })
    }

    /// What was used since `before`.
    pub(crate) fn since(&self, before: &Usage) -> Used {
        let ticks: BTreeMap<String, u64> = self
            .ticks
            .iter()
            .map(|(name, now)| {
                let then = before.ticks.get(name).copied().unwrap_or(0);
                (name.clone(), now.saturating_sub(then))
            })
            .collect();
        Used {
            took: self.at.duration_since(before.at),
            ticks,
            machine: self.machine.saturating_sub(before.machine),
        }
    }
}

/// Processor time between two moments.
#[derive(Debug, Clone)]
pub(crate) struct Used {
    took: Duration,
    ticks: BTreeMap<String, u64>,
    machine: u64,
}

impl Used {
    /// One part's, in microseconds.
    pub(crate) fn micros_of(&self, name: &str) -> u64 {
        self.ticks.get(name).copied().unwrap_or(0) * (1_000_000 / TICKS_PER_SECOND)
    }

    /// A table by part: the share of one core, and milliseconds for each of `count` things done.
    pub(crate) fn table(&self, count: u64, thing: &str) -> String {
        let wall = u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX) / 10;
        let mut rows: Vec<(&str, u64)> =
            self.ticks.iter().map(|(name, ticks)| (name.as_str(), *ticks)).collect();
        let known: u64 = rows.iter().map(|(_, ticks)| ticks).sum();
        rows.push(("everything else on the machine", self.machine.saturating_sub(known)));
        rows.sort_by_key(|(_, ticks)| std::cmp::Reverse(*ticks));
        let lines: Vec<String> = rows
            .into_iter()
            .filter(|(_, ticks)| hundredths(*ticks, wall) > 0)
            .map(|(name, ticks)| {
                let share = hundredths(ticks, wall);
                let each = (ticks * 100).checked_div(count).unwrap_or(0);
                format!("| {name} | {share} % | {} ms |", tenths(each))
            })
            .collect();
        format!(
            "| processor time of | of one core | for each {thing} |\n|---|---|---|\n{}",
            lines.join("\n")
        )
    }
}

/// Memory of one process, in kB.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    /// Its share: what it has alone, and its part of what it shares.
    pub(crate) pss: u64,
    /// All it touches, shared or not.
    pub(crate) rss: u64,
    /// What it alone has and changed.
    pub(crate) dirty: u64,
}

/// What a process holds now.
///
/// # Errors
/// When it is gone.
pub(crate) fn memory(pid: u32) -> Result<Memory> {
    let path = format!("/proc/{pid}/smaps_rollup");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    let field = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    let read = || {
        Some(Memory { pss: field("Pss:")?, rss: field("Rss:")?, dirty: field("Private_Dirty:")? })
    };
    read().with_context(|| format!("{path} is not as expected"))
}

struct Seen {
    parent: u32,
    ticks: u64,
}

fn every_process() -> Result<BTreeMap<u32, Seen>> {
    let entries = std::fs::read_dir("/proc").context("cannot read /proc")?;
    Ok(entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .filter_map(|pid| Some((pid, seen(pid)?)))
        .collect())
}

fn seen(pid: u32) -> Option<Seen> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in brackets and may hold anything, so fields are counted after it.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some(Seen { parent: fields.get(1)?.parse().ok()?, ticks: number(11)? + number(12)? })
}

/// Ticks of a process and all that descend from it.
fn of_tree(all: &BTreeMap<u32, Seen>, root: u32) -> u64 {
    let mut family = vec![root];
    let mut next = 0;
    while let Some(parent) = family.get(next).copied() {
        family.extend(all.iter().filter(|(_, seen)| seen.parent == parent).map(|(pid, _)| *pid));
        next += 1;
    }
    family.iter().filter_map(|pid| all.get(pid)).map(|seen| seen.ticks).sum()
}

/// Ticks all cores spent on anything but waiting.
fn machine_ticks() -> Result<u64> {
    let stat = std::fs::read_to_string("/proc/stat").context("cannot read /proc/stat")?;
    let first = stat.lines().next().unwrap_or_default();
    let fields: Vec<u64> =
        first.split_whitespace().skip(1).filter_map(|field| field.parse().ok()).collect();
    let at = |index: usize| fields.get(index).copied().unwrap_or(0);
    // user, nice, system, (idle, waiting for disks,) interrupts, soft interrupts, stolen.
    Ok(at(0) + at(1) + at(2) + at(5) + at(6) + at(7))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_seen_with_memory_and_a_parent() {
        let own = seen(std::process::id()).unwrap();
        assert!(own.parent > 0);
        assert!(memory(std::process::id()).unwrap().pss > 0);
        assert!(machine_ticks().unwrap() > 0);
    }
}
