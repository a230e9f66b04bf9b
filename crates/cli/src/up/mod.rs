//! `konveksi up`: the whole system on one machine, as processes of its own.
//!
//! Servers, then database, roles, broker users and topology, then migrations and the first user,
//! then the services. Nothing here reaches into a service: it is told by its environment and
//! asked over HTTP.

pub(crate) mod admin;
pub(crate) mod backends;
pub(crate) mod broker;
mod children;
pub(crate) mod database;
pub(crate) mod environment;
pub(crate) mod known;
mod offers;
mod ready;
mod summary;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use self::backends::{Backends, Named};
use self::children::{Children, Plan};
use crate::data::DataFolder;
use crate::process::{self, Process, Signal};
use crate::servers::{self, Kit};
use crate::services::{self, Service};
use crate::{screen, state};

/// How long a call waits for another that prepares the same folder.
const LOCK_PATIENCE: Duration = Duration::from_secs(90);

/// What the operator may choose.
#[derive(Clone, Debug, Args)]
pub(crate) struct UpOptions {
    #[command(flatten)]
    pub(crate) named: Named,
    /// `usual`: 8000, 8101 and so on, the next free one where taken. `auto`: any free ones.
    #[arg(long, value_enum, default_value_t = PortChoice::Usual)]
    pub(crate) ports: PortChoice,
    /// The first user's name.
    #[arg(long, env = "KONVEKSI_ADMIN_USERNAME", default_value = "admin")]
    pub(crate) admin_username: String,
    /// The first user's password; made up, and shown once, when absent.
    #[arg(long, env = "KONVEKSI_ADMIN_PASSWORD", hide_env_values = true)]
    pub(crate) admin_password: Option<String>,
    /// For tests: private servers that are faster, not safe against a power cut, and removed.
    #[arg(long)]
    pub(crate) throwaway: bool,
    /// For tests: ends when standard input is closed, so that a killed test leaves nothing.
    #[arg(long)]
    pub(crate) stop_on_stdin_close: bool,
}

/// How ports are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PortChoice {
    /// The usual ones where they are free.
    Usual,
    /// Any free ones, for tests that run side by side.
    Auto,
}

/// Runs the system until it is told to end.
///
/// # Errors
/// When a part does not come up; everything that was started is ended first.
pub(crate) async fn run(data: &Path, options: &UpOptions) -> Result<()> {
    let began = Instant::now();
    let data = DataFolder::open(data)?;
    let _lock = take_lock(&data).await?;
    let told_to_end = ending_signals()?;
    if options.stop_on_stdin_close {
        cancel_when_stdin_closes(told_to_end.clone());
    }
    let kit = Kit::open(data, options.throwaway)?;
    end_wreck(&kit).await?;

    let outcome = tokio::select! {
        started = start(&kit, options) => match started {
            Ok((children, shown)) => {
                children.settle();
                shown.show(began.elapsed());
                told_to_end.cancelled().await;
                screen::note("\nending ...");
                children.stop().await
            }
            Err(error) => Err(error),
        },
        () = told_to_end.cancelled() => {
            screen::note("\nending before everything was up ...");
            Ok(())
        }
    };
    let ended = end(&kit).await;
    screen::note(if kit.throwaway { "ended" } else { "ended; the data are kept" });
    outcome.and(ended)
}

/// Starts everything and waits until the gateway says it is well.
async fn start(kit: &Kit, options: &UpOptions) -> Result<(Children, summary::Summary)> {
    let services = services::all();
    let began = Instant::now();
    let so_far = |what: &str| {
        screen::note(format!("{:>6.1} s  {what}", began.elapsed().as_secs_f32()));
    };
    let backends = backends::resolve(kit, &options.named).await?;
    so_far("servers answer");
    known::keep(&kit.vault, &backends)?;
    prepare(kit, &backends, &services).await?;
    let gateway = database::gateway_url(&backends, &kit.vault)?;
    let admin = admin::ensure(kit, &gateway, options).await?;
    so_far("database and broker are prepared");
    let addresses = offers::Addresses::choose(kit, &services, options.ports)?;
    let plans = plans(kit, &backends, &services, &addresses)?;
    let mut children = Children::start(plans, &kit.state)?;
    so_far("services are starting");
    let ready = ready::wait(&kit.data, &addresses);
    let outcome = tokio::select! {
        ready = ready => ready,
        Some(name) = children.first_ended() => {
            let tail = screen::last_lines(&kit.data.log(name), 20);
            Err(anyhow::anyhow!("{name} ended while starting:\n{tail}"))
        }
    };
    if let Err(error) = outcome {
        children.stop().await?;
        return Err(error);
    }
    let summary = summary::Summary::new(kit, &addresses, &admin)?;
    kit.state.change(|state| state.urls = summary.urls())?;
    Ok((children, summary))
}

/// Everything that must be there before a service starts.
async fn prepare(kit: &Kit, backends: &Backends, services: &[Service]) -> Result<()> {
    let stored: Vec<&str> =
        services.iter().filter(|service| service.storage.is_some()).map(|s| s.name).collect();
    let (database, broker) = tokio::join!(
        async {
            let passwords = |role: &str| database::password(backends, &kit.vault, role).map(Some);
            let roles = database::roles(services);
            database::prepare(&backends.postgres, &backends.database, &roles, passwords).await?;
            database::migrate(&backends.migrator_url(), services).await.map(drop)
        },
        async {
            broker::prepare(backends, &kit.vault, &stored).await?;
            broker::declare_topology(backends.amqp.as_str()).await
        }
    );
    database.and(broker)
}

fn plans(
    kit: &Kit,
    backends: &Backends,
    services: &[Service],
    addresses: &offers::Addresses,
) -> Result<Vec<Plan>> {
    let program = std::env::current_exe().context("cannot find this program's own file")?;
    let operators = environment::operators();
    services
        .iter()
        .map(|service| {
            let offered = offers::to(service, kit, backends, addresses)?;
            Ok(Plan {
                name: service.name,
                program: program.clone(),
                environment: environment::of(service, &offered, &operators, kit.data.root())?,
                log: kit.data.log(service.name),
                port: addresses.port(service.name)?,
            })
        })
        .collect()
}

/// Takes the folder's lock, waiting for a call that only prepares, but not for a running system.
async fn take_lock(data: &DataFolder) -> Result<std::fs::File> {
    let deadline = Instant::now() + LOCK_PATIENCE;
    loop {
        if let Some(lock) = data.try_lock()? {
            return Ok(lock);
        }
        let running = state::read(data).ok().and_then(|state| state.up);
        if let Some(up) = running.filter(|up| up.is_alive()) {
            let (pid, root) = (up.pid, data.root().display());
            bail!("it runs already from {root} (process {pid}); `konveksi stop` ends it");
        }
        if Instant::now() >= deadline {
            bail!("another konveksi has been busy in {} for too long", data.root().display());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Ends the services a killed run left behind; its servers are used again where they answer.
async fn end_wreck(kit: &Kit) -> Result<()> {
    let left: Vec<Process> = kit.state.now().children.values().map(|child| child.process).collect();
    let alive = left.iter().filter(|process| process.is_alive()).count();
    if alive > 0 {
        screen::note(format!("ending {alive} processes that an earlier run left behind"));
    }
    for process in left {
        process.stop(Signal::Kill, Duration::from_secs(2)).await?;
    }
    servers::clear_wreck(kit).await?;
    kit.state.change(|state| {
        state.throwaway = kit.throwaway;
        state.children.clear();
        state.urls.clear();
        state.up = Process::find(std::process::id());
    })
}

/// Ends the private servers and whatever else carries our mark.
async fn end(kit: &Kit) -> Result<()> {
    let stopped = servers::stop(kit).await;
    process::sweep(kit.data.root()).await?;
    kit.state.change(|state| {
        state.children.clear();
        state.urls.clear();
        state.up = None;
    })?;
    stopped
}

/// A thread, because reading standard input cannot be cancelled.
fn cancel_when_stdin_closes(token: CancellationToken) {
    std::thread::spawn(move || {
        // An error is an end too.
        drop(std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
        token.cancel();
    });
}

/// Cancelled by the first signal that asks us to end. The second one ends the process at once;
/// what it leaves behind is the next run's to clean up.
fn ending_signals() -> Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let token = CancellationToken::new();
    let cancel = token.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
                _ = hangup.recv() => {}
            }
            if cancel.is_cancelled() {
                screen::warning("not waiting any longer");
                std::process::exit(130);
            }
            cancel.cancel();
        }
    });
    Ok(token)
}
