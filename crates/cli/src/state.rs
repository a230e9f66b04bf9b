//! `state.json`: what runs from this data folder, on which ports, under which process ids.
//!
//! It is written after every change, so that the next call, another program, or the run after a
//! crash knows what there is. Each change reads the file anew under a lock of its own: a server
//! may be stopped and started by one call while another watches over the services.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::{Context as _, Result, anyhow};
use serde::{Deserialize, Serialize};

use crate::data::{DataFolder, write_private};
use crate::process::Process;

/// Everything the file says.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// The servers' data is thrown away when they stop.
    pub(crate) throwaway: bool,
    /// The `konveksi up` that watches over it.
    pub(crate) up: Option<Process>,
    /// The private servers, by name: `postgres`, `rabbitmq`, `redis`, `clamd`.
    pub(crate) servers: BTreeMap<String, ServerState>,
    /// The service processes, by name.
    pub(crate) children: BTreeMap<String, ChildState>,
    /// Where things are to be found, by what they are; only once all of it answers.
    pub(crate) urls: BTreeMap<String, String>,
}

/// One service process.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ChildState {
    /// The process as it was last started.
    #[serde(flatten)]
    pub(crate) process: Process,
    /// Its port, on loopback.
    pub(crate) port: u16,
    /// Where its output goes.
    pub(crate) log: PathBuf,
}

/// One private server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ServerState {
    /// The process that was started.
    #[serde(flatten)]
    pub(crate) process: Process,
    /// The port clients use, on loopback.
    pub(crate) port: u16,
    /// The other ports it took, by what they are for.
    pub(crate) other_ports: BTreeMap<String, u16>,
    /// Where its output goes.
    pub(crate) log: PathBuf,
}

/// The file, open for changes.
#[derive(Debug)]
pub(crate) struct StateFile {
    data: DataFolder,
}

impl StateFile {
    /// The file of this data folder.
    pub(crate) fn of(data: &DataFolder) -> Self {
        Self { data: data.clone() }
    }

    /// What it says now. What is missing or unreadable counts as empty, since processes are found
    /// by their mark as well.
    pub(crate) fn now(&self) -> State {
        read(&self.data).unwrap_or_default()
    }

    /// Changes it.
    pub(crate) fn change(&self, change: impl FnOnce(&mut State)) -> Result<()> {
        let lock = self.data.root().join("state.lock");
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock)
            .with_context(|| format!("cannot open {}", lock.display()))?;
        lock.lock().context("cannot lock the state file")?;
        let mut state = self.now();
        change(&mut state);
        write_private(&path(&self.data), &serde_json::to_string_pretty(&state)?)
    }
}

/// Reads the file without the right to change it.
///
/// # Errors
/// When it is missing or is not what we write.
pub(crate) fn read(data: &DataFolder) -> Result<State> {
    let path = path(data);
    let text = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => {
            anyhow!("nothing runs from {}; `make run` starts it", data.root().display())
        }
        _ => anyhow::Error::new(error).context(format!("cannot read {}", path.display())),
    })?;
    serde_json::from_str(&text).with_context(|| format!("{} is not readable", path.display()))
}

fn path(data: &DataFolder) -> PathBuf {
    data.root().join("state.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_writers_do_not_undo_each_other() {
        let scratch = tempfile::tempdir().unwrap();
        let data = DataFolder::open(scratch.path()).unwrap();
        let (one, other) = (StateFile::of(&data), StateFile::of(&data));
        one.change(|state| state.throwaway = true).unwrap();
        other.change(|state| drop(state.urls.insert("api".into(), "http://x".into()))).unwrap();
        assert!(one.now().throwaway);
        assert_eq!(one.now().urls["api"], "http://x");
    }
}
