//! `konveksi status`: what runs, and where, for a person, a program or a shell.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use reqwest::Client;
use serde_json::{Value, json};

use crate::data::DataFolder;
use crate::process::Process;
use crate::state::{self, State};
use crate::up::known::{self, Known};
use crate::vault::Vault;
use crate::{probe, screen};

#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct StatusOptions {
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// As lines for a shell, secrets included: eval "$(konveksi status --env)".
    #[arg(long)]
    env: bool,
}

/// Shows it.
///
/// # Errors
/// When nothing runs, so that scripts can ask.
pub(crate) async fn run(data: &Path, options: &StatusOptions) -> Result<()> {
    let data = DataFolder::existing(data)
        .context("nothing was started here; `make run` starts the system")?;
    let state = state::read(&data)?;
    if options.env {
        return environment(&data, &state);
    }
    let rows = rows(&state).await?;
    let runs = state.up.is_some_and(Process::is_alive);
    if options.json {
        let parts: Vec<Value> = rows.iter().map(Row::json).collect();
        let all = json!({ "running": runs, "urls": state.urls, "parts": parts });
        screen::line(serde_json::to_string_pretty(&all)?);
    } else {
        for row in &rows {
            screen::line(row.text());
        }
        for (name, url) in &state.urls {
            screen::line(format!("{name:<14} {url}"));
        }
    }
    if runs || options.json {
        Ok(())
    } else {
        bail!("the system does not run; `make run` starts it")
    }
}

struct Row {
    name: String,
    pid: u32,
    port: u16,
    health: &'static str,
    log: String,
}

impl Row {
    fn text(&self) -> String {
        let Self { name, pid, port, health, log } = self;
        format!("{name:<14} {health:<10} port {port:<6} process {pid:<8} {log}")
    }

    fn json(&self) -> Value {
        let Self { name, pid, port, health, log } = self;
        json!({ "name": name, "health": health, "port": port, "pid": pid, "log": log })
    }
}

async fn rows(state: &State) -> Result<Vec<Row>> {
    let client = Client::builder().timeout(probe::PATIENCE).no_proxy().build()?;
    let mut rows = Vec::new();
    for (name, server) in &state.servers {
        rows.push(Row {
            name: name.clone(),
            pid: server.process.pid,
            port: server.port,
            health: if server.process.is_alive() { "running" } else { "gone" },
            log: server.log.display().to_string(),
        });
    }
    for (name, service) in &state.children {
        let base = format!("http://127.0.0.1:{}", service.port);
        let health = match (service.process.is_alive(), known::ready(&client, name, &base).await) {
            (false, _) => "gone",
            (true, Ok(())) => "ready",
            (true, Err(_)) => "not ready",
        };
        rows.push(Row {
            name: name.clone(),
            pid: service.process.pid,
            port: service.port,
            health,
            log: service.log.display().to_string(),
        });
    }
    Ok(rows)
}

fn environment(data: &DataFolder, state: &State) -> Result<()> {
    for (name, url) in &state.urls {
        screen::line(export(&format!("KONVEKSI_{}_URL", name.to_uppercase()), url));
    }
    let vault = Vault::open(data)?;
    if let Some((username, password)) = known::admin(&vault) {
        screen::line(export("KONVEKSI_ADMIN_USERNAME", &username));
        screen::line(export("KONVEKSI_ADMIN_PASSWORD", &password));
    }
    let Known { backends, .. } = Known::of(data)?;
    screen::line(export("DATABASE_URL", backends.migrator_url().as_str()));
    screen::line(export("AMQP_URL", backends.amqp.as_str()));
    screen::line(export("REDIS_URL", backends.redis.as_str()));
    screen::line(export("CLAMD_ADDR", &backends.clamd));
    Ok(())
}

fn export(name: &str, value: &str) -> String {
    format!("export {name}='{}'", value.replace('\'', r"'\''"))
}
