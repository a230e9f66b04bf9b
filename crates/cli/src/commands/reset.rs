//! `konveksi reset`: ends it and removes what it kept. Servers that were named stay as they are.

use std::io::IsTerminal as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use super::stop;
use crate::data::DataFolder;
use crate::screen;

/// What is removed beside the servers' data. The program's copy in `bin` stays.
const KEPT_BY_US: [&str; 4] = ["files", "logs", "secrets.json", "state.json"];

#[derive(Debug, Args)]
pub(crate) struct ResetOptions {
    /// Does not ask.
    #[arg(long)]
    yes: bool,
}

/// Removes everything, after asking.
pub(crate) async fn run(data: &Path, options: &ResetOptions) -> Result<()> {
    let Some(data) = DataFolder::existing(data) else {
        screen::note("nothing to remove");
        return Ok(());
    };
    if !options.yes && !confirmed(&data)? {
        bail!("nothing was removed");
    }
    stop::run(data.root()).await?;
    let Some(_lock) = data.lock_within(Duration::from_secs(10)).await? else {
        bail!("another konveksi works in {}", data.root().display());
    };
    data.remove_servers_home()?;
    for name in KEPT_BY_US {
        let path = data.root().join(name);
        let removed = if path.is_dir() {
            std::fs::remove_dir_all(&path)
        } else if path.exists() {
            std::fs::remove_file(&path)
        } else {
            Ok(())
        };
        removed.with_context(|| format!("cannot remove {}", path.display()))?;
    }
    screen::note("removed; the next start begins anew");
    Ok(())
}

fn confirmed(data: &DataFolder) -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        bail!("this removes all orders, files and passwords; say --yes to mean it");
    }
    let root = data.root().display();
    screen::note(format!("This removes all orders, files and passwords in {root}. Type yes:"));
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}
