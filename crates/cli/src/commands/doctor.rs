//! `konveksi doctor`: what is wrong with this machine or this run, and how to mend it.

use std::path::Path;

use anyhow::{Result, bail};
use clap::Args;
use konveksi_settings::Setting;
use reqwest::Client;

use crate::data::{self, DataFolder};
use crate::process::{self, Process};
use crate::servers::{Kind, clamd, install, ports};
use crate::up::known;
use crate::{probe, screen, services, state};

#[derive(Debug, Args)]
pub(crate) struct DoctorOptions {
    /// Lists every setting of every process instead.
    #[arg(long)]
    settings: bool,
}

/// Looks at everything and says what it found.
///
/// # Errors
/// When something keeps the system from running.
pub(crate) async fn run(data: &Path, options: &DoctorOptions) -> Result<()> {
    if options.settings {
        settings();
        return Ok(());
    }
    let mut findings = Findings::default();
    programs(&mut findings);
    match DataFolder::existing(data) {
        Some(data) => running(&data, &mut findings).await?,
        None => findings.good("nothing was started here yet; `make run` starts it"),
    }
    if findings.bad == 0 { Ok(()) } else { bail!("things to mend: {}", findings.bad) }
}

#[derive(Default)]
struct Findings {
    bad: usize,
}

impl Findings {
    #[expect(clippy::unused_self, reason = "stands beside `bad`, which counts")]
    fn good(&self, text: impl AsRef<str>) {
        screen::line(format!("ok   {}", text.as_ref()));
    }

    /// Worth knowing, keeps nothing from running.
    #[expect(clippy::unused_self, reason = "stands beside `bad`, which counts")]
    fn hint(&self, text: impl AsRef<str>) {
        screen::line(format!("note {}", text.as_ref()));
    }

    fn bad(&mut self, text: impl AsRef<str>) {
        self.bad += 1;
        screen::line(format!("BAD  {}", text.as_ref()));
    }
}

fn programs(findings: &mut Findings) {
    let found = [
        (Kind::Postgres, install::postgres_programs(None)),
        (Kind::RabbitMq, install::program(Kind::RabbitMq, "rabbitmq-server")),
        (Kind::Redis, install::program(Kind::Redis, "redis-server")),
        (Kind::Clamd, install::program(Kind::Clamd, "clamd")),
    ];
    for (kind, found) in found {
        match found {
            Ok(path) => findings.good(format!("{} in {}", kind.name(), path.display())),
            Err(error) => findings.bad(format!("{error:#}")),
        }
    }
    if clamd::has_real_signatures() {
        findings.good("virus signatures in /var/lib/clamav");
    } else {
        findings.hint("no virus signatures; only the EICAR test file is found: sudo freshclam");
    }
}

async fn running(data: &DataFolder, findings: &mut Findings) -> Result<()> {
    secrecy(data, findings)?;
    let state = state::read(data).unwrap_or_default();
    let up = state.up.filter(|up| up.is_alive());
    let Some(up) = up else {
        findings.good("the system does not run; `make run` starts it");
        let left = process::marked(data.root()).len();
        if left > 0 {
            findings.bad(format!("{left} processes of a killed run; end them: konveksi stop"));
        }
        for service in services::all() {
            if !ports::is_free(service.port) {
                let (name, port) = (service.name, service.port);
                findings.hint(format!("port {port} is taken, so {name} would get another"));
            }
        }
        return Ok(());
    };
    findings.good(format!("the system runs (process {})", up.pid));
    for (name, server) in &state.servers {
        alive(findings, name, server.process, &server.log);
    }
    let client = Client::builder().timeout(probe::PATIENCE).no_proxy().build()?;
    for (name, service) in &state.children {
        alive(findings, name, service.process, &service.log);
        let base = format!("http://127.0.0.1:{}", service.port);
        if let Err(error) = known::ready(&client, name, &base).await {
            findings.bad(format!("{name} is not ready: {error:#}"));
        }
    }
    Ok(())
}

fn alive(findings: &mut Findings, name: &str, process: Process, log: &Path) {
    if process.is_alive() {
        findings.good(format!("{name} lives"));
    } else {
        findings.bad(format!("{name} ended; see {}", log.display()));
    }
}

/// Whether others could read what is secret.
fn secrecy(data: &DataFolder, findings: &mut Findings) -> Result<()> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    for name in ["", "secrets.json", "state.json"] {
        let path = data.root().join(name);
        let Ok(found) = std::fs::metadata(&path) else { continue };
        if found.permissions().mode() & 0o077 != 0 {
            let path = path.display();
            findings.bad(format!("others can read {path}: chmod go= {path}"));
        }
        if found.uid() != data::current_uid()? {
            findings.bad(format!("{} belongs to another user", path.display()));
        }
    }
    Ok(())
}

/// Every variable, by process.
fn settings() {
    show("every process", konveksi_telemetry::SETTINGS);
    for service in services::all() {
        show(service.name, service.settings);
    }
}

fn show(who: &str, settings: &[Setting]) {
    screen::line(format!("# {who}"));
    for setting in settings {
        let value = match (setting.default, setting.required) {
            (Some(default), _) => format!("default {default:?}"),
            (None, true) => "required".to_owned(),
            (None, false) => "optional".to_owned(),
        };
        let fallback = setting.fallback.map(|name| format!(", else {name}")).unwrap_or_default();
        let secret = if setting.secret { ", secret" } else { "" };
        screen::line(format!("{} ({value}{fallback}{secret}): {}", setting.name, setting.doc));
    }
    screen::line("");
}
