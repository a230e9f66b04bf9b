//! `konveksi logs [service]`: the end of the logs, and on request what follows.

use std::collections::BTreeMap;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::data::DataFolder;
use crate::screen;

#[derive(Debug, Args)]
pub(crate) struct LogsOptions {
    /// A service or server, such as order or rabbitmq; all without it.
    name: Option<String>,
    /// Goes on showing what is written.
    #[arg(short, long)]
    follow: bool,
    /// How many lines of each to begin with.
    #[arg(short = 'n', long, default_value_t = 40)]
    lines: usize,
}

/// Shows them.
pub(crate) async fn run(data: &Path, options: &LogsOptions) -> Result<()> {
    let data = DataFolder::existing(data)
        .context("nothing was started here; `make run` starts the system")?;
    let logs = chosen(&data, options.name.as_deref())?;
    let mut read_to = BTreeMap::new();
    for (name, path) in &logs {
        read_to.insert(name.clone(), std::fs::metadata(path).map_or(0, |found| found.len()));
        let tail = screen::last_lines(path, options.lines);
        print(name, &tail, logs.len());
    }
    if !options.follow {
        return Ok(());
    }
    loop {
        tokio::time::sleep(Duration::from_millis(300)).await;
        for (name, path) in &logs {
            let position = read_to.entry(name.clone()).or_default();
            print(name, &news(path, position)?, logs.len());
        }
    }
}

fn chosen(data: &DataFolder, name: Option<&str>) -> Result<Vec<(String, PathBuf)>> {
    let folder = data.root().join("logs");
    let mut logs: Vec<(String, PathBuf)> = std::fs::read_dir(&folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let is_log = path.extension().is_some_and(|extension| extension == "log");
            is_log.then(|| Some((path.file_stem()?.to_str()?.to_owned(), path.clone())))?
        })
        .collect();
    logs.sort();
    if logs.is_empty() {
        bail!("nothing has written a log here yet");
    }
    let names: Vec<String> = logs.iter().map(|(name, _)| name.clone()).collect();
    logs.retain(|(found, _)| name.is_none_or(|name| name == found));
    if logs.is_empty() {
        bail!("no such log; there are {}", names.join(", "));
    }
    Ok(logs)
}

/// What was written since `position`, whole lines only. A file that shrank was set aside.
fn news(path: &Path, position: &mut u64) -> Result<String> {
    let Ok(mut file) = std::fs::File::open(path) else { return Ok(String::new()) };
    if file.metadata()?.len() < *position {
        *position = 0;
    }
    file.seek(SeekFrom::Start(*position))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    bytes.truncate(whole);
    *position += u64::try_from(whole)?;
    Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
}

fn print(name: &str, text: &str, logs: usize) {
    for line in text.lines() {
        screen::line(if logs == 1 { line.to_owned() } else { format!("{name:>12} | {line}") });
    }
}
