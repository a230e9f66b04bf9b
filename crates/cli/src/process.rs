//! Other processes: telling whether one still lives, and ending it.
//!
//! A process is named by its id **and** its start time, since ids are used again: a state file
//! that survived a crash must never make us end a stranger.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

/// Marks every process we start with the data folder it belongs to, so that those a killed run
/// left behind are found even where the state file does not name them.
pub(crate) const MARK: &str = "KONVEKSI_PROCESS_OF";

/// One process of this boot of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Process {
    /// The process id; also its process group's, for those we start.
    pub(crate) pid: u32,
    /// When it started, in clock ticks since the machine booted.
    pub(crate) started_ticks: u64,
}

/// What a process is asked with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Signal {
    /// Please end.
    Terminate,
    /// Please end (PostgreSQL: without waiting for its clients).
    Interrupt,
    /// End now.
    Kill,
}

impl Process {
    /// The process with this id, if one lives.
    pub(crate) fn find(pid: u32) -> Option<Self> {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name stands in brackets and may hold anything, so fields are counted after it.
        let (_, fields) = stat.rsplit_once(')')?;
        let mut fields = fields.split_whitespace();
        let zombie = fields.next()? == "Z";
        let started_ticks = fields.nth(18)?.parse().ok()?;
        (!zombie).then_some(Self { pid, started_ticks })
    }

    /// Whether it still runs. A zombie does not.
    pub(crate) fn is_alive(self) -> bool {
        Self::find(self.pid) == Some(self)
    }

    /// Whether it carries our mark for this data folder.
    pub(crate) fn is_marked(self, root: &Path) -> bool {
        let wanted = format!("{MARK}={}", root.display());
        std::fs::read(format!("/proc/{}/environ", self.pid))
            .is_ok_and(|environ| environ.split(|byte| *byte == 0).any(|e| e == wanted.as_bytes()))
    }

    /// Sends a signal to this process alone.
    pub(crate) async fn signal(self, signal: Signal) -> Result<()> {
        if self.is_alive() { kill(&self.pid.to_string(), signal).await } else { Ok(()) }
    }

    /// Ends the process: politely, and after `patience` its whole group by force.
    pub(crate) async fn stop(self, signal: Signal, patience: Duration) -> Result<()> {
        self.signal(signal).await?;
        if !self.gone_within(patience).await {
            kill(&format!("-{}", self.pid), Signal::Kill).await?;
            self.signal(Signal::Kill).await?;
            self.gone_within(Duration::from_secs(5)).await;
        }
        Ok(())
    }

    /// Waits for its end; false when it outlived `patience`.
    pub(crate) async fn gone_within(self, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        while self.is_alive() {
            if Instant::now() >= deadline {
                return false;
            }
            sleep(Duration::from_millis(20)).await;
        }
        true
    }
}

/// Every living process that carries our mark for this data folder, ourselves apart.
pub(crate) fn marked(root: &Path) -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .filter(|pid| *pid != std::process::id())
        .filter_map(Process::find)
        .filter(|process| process.is_marked(root))
        .collect()
}

/// Ends whatever carries our mark for this data folder, and says how many that were.
pub(crate) async fn sweep(root: &Path) -> Result<usize> {
    let left = marked(root);
    for process in &left {
        process.signal(Signal::Kill).await?;
    }
    for process in &left {
        process.gone_within(Duration::from_secs(5)).await;
    }
    Ok(left.len())
}

/// The shell's own `kill`: the program of that name is not on every machine.
async fn kill(target: &str, signal: Signal) -> Result<()> {
    let name = match signal {
        Signal::Terminate => "TERM",
        Signal::Interrupt => "INT",
        Signal::Kill => "KILL",
    };
    tokio::process::Command::new("sh")
        .args(["-c", "kill -s \"$0\" -- \"$1\" 2>/dev/null || true", name, target])
        .status()
        .await
        .context("cannot run sh to send a signal")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stopped_child_is_no_longer_alive() {
        let child =
            tokio::process::Command::new("sleep").arg("60").process_group(0).spawn().unwrap();
        let process = Process::find(child.id().unwrap()).unwrap();
        assert!(process.is_alive());
        process.stop(Signal::Terminate, Duration::from_secs(5)).await.unwrap();
        assert!(!process.is_alive());
    }

    #[test]
    fn another_start_time_is_another_process() {
        let me = Process::find(std::process::id()).unwrap();
        assert!(me.is_alive());
        assert!(!Process { started_ticks: me.started_ticks + 1, ..me }.is_alive());
    }
}
