//! `state.json`: what runs from this data folder, on which ports, under which process ids.
//!
//! It is written after every change, so that the next call, another program, or the run after a
//! crash knows what there is. Only the holder of the data folder's lock writes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use crate::data::{DataFolder, write_private};
use crate::process::Process;

/// Everything the file says.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// The servers' data is thrown away when they stop.
    pub(crate) throwaway: bool,
    /// The private servers, by name: `postgres`, `rabbitmq`, `redis`, `clamd`.
    pub(crate) servers: BTreeMap<String, ServerState>,
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
    path: PathBuf,
    state: Mutex<State>,
}

impl StateFile {
    /// Opens the file of this data folder; what is missing or unreadable counts as empty, since
    /// processes are found by their mark as well.
    pub(crate) fn open(data: &DataFolder) -> Self {
        Self { path: path(data), state: Mutex::new(read(data).unwrap_or_default()) }
    }

    /// What it says now.
    pub(crate) fn now(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes it, in memory and on disk.
    pub(crate) fn change(&self, change: impl FnOnce(&mut State)) -> Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        write_private(&self.path, &serde_json::to_string_pretty(&*state)?)
    }
}

/// Reads the file without the right to change it.
///
/// # Errors
/// When it is missing or is not what we write.
pub(crate) fn read(data: &DataFolder) -> Result<State> {
    let path = path(data);
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("nothing was started from {}", data.root().display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not readable", path.display()))
}

fn path(data: &DataFolder) -> PathBuf {
    data.root().join("state.json")
}
