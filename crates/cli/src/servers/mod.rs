//! The private servers: PostgreSQL, RabbitMQ, Redis and clamd, on loopback, with data of ours.
//!
//! They are started detached and found again by the state file, so that one call can start them
//! for many others, and a run that was killed leaves nothing the next one cannot use or end.

pub(crate) mod clamd;
pub(crate) mod install;
pub(crate) mod launch;
pub(crate) mod ports;
pub(crate) mod postgres;
pub(crate) mod rabbitmq;
pub(crate) mod redis;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::ValueEnum;

use crate::data::DataFolder;
use crate::process::{self, Process, Signal};
use crate::screen;
use crate::state::{ServerState, StateFile};
use crate::vault::Vault;

/// The kinds of server, slowest to start first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// The broker.
    #[value(name = "rabbitmq")]
    RabbitMq,
    /// The database.
    Postgres,
    /// Limits, sessions, cache.
    Redis,
    /// The virus scanner.
    Clamd,
}

impl Kind {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::RabbitMq, Self::Postgres, Self::Redis, Self::Clamd];

    /// Its name in the state file and in the name of its log.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::RabbitMq => "rabbitmq",
            Self::Postgres => "postgres",
            Self::Redis => "redis",
            Self::Clamd => "clamd",
        }
    }

    /// The port it has unless that is taken.
    pub(crate) fn port(self) -> u16 {
        match self {
            Self::RabbitMq => 15_673,
            Self::Postgres => 15_432,
            Self::Redis => 16_379,
            Self::Clamd => 13_310,
        }
    }

    /// Debian's package.
    fn package(self) -> &'static str {
        match self {
            Self::RabbitMq => "rabbitmq-server",
            Self::Postgres => "postgresql",
            Self::Redis => "redis-server",
            Self::Clamd => "clamav-daemon",
        }
    }
}

/// What starting a server takes.
#[derive(Debug)]
pub(crate) struct Kit {
    /// Where everything is kept.
    pub(crate) data: DataFolder,
    /// Where the servers' own data lie.
    pub(crate) home: PathBuf,
    /// Their passwords.
    pub(crate) vault: Vault,
    /// What runs.
    pub(crate) state: Arc<StateFile>,
    /// The ports given out in this call.
    pub(crate) ports: ports::Ports,
    /// Faster, and gone when stopped.
    pub(crate) throwaway: bool,
}

impl Kit {
    /// Opens what `data` holds. The caller has the folder's lock.
    pub(crate) fn open(data: DataFolder, throwaway: bool) -> Result<Self> {
        let home = data.servers_home()?;
        let vault = Vault::open(&data)?;
        let state = Arc::new(StateFile::of(&data));
        Ok(Self { data, home, vault, state, ports: ports::Ports::default(), throwaway })
    }

    /// Notes a process the moment it exists, so that it is never lost.
    pub(crate) fn started<const N: usize>(
        &self,
        kind: Kind,
        process: Process,
        port: u16,
        others: [(&str, u16); N],
    ) -> Result<()> {
        let log = self.data.log(kind.name());
        let other_ports: BTreeMap<String, u16> =
            others.into_iter().map(|(name, port)| (name.to_owned(), port)).collect();
        let server = ServerState { process, port, other_ports, log };
        self.state.change(|state| {
            state.servers.insert(kind.name().to_owned(), server);
        })
    }

    /// The port for this server: the one it had, so that a restart is found again, or the usual
    /// one, or the next free one.
    pub(crate) fn port(&self, kind: Kind) -> Result<u16> {
        let had = self.server(kind).map(|server| server.port);
        self.ports.choose(had.unwrap_or(kind.port()))
    }

    /// The same for another of its ports.
    pub(crate) fn other_port(&self, kind: Kind, name: &str, usual: u16) -> Result<u16> {
        let had = self.server(kind).ok().and_then(|server| server.other_ports.get(name).copied());
        self.ports.choose(had.unwrap_or(usual))
    }

    /// What the state file says of a server that was started.
    pub(crate) fn server(&self, kind: Kind) -> Result<ServerState> {
        self.state
            .now()
            .servers
            .remove(kind.name())
            .with_context(|| format!("{} was not started", kind.name()))
    }
}

/// Starts what is `wanted` and does not run yet, all at the same time.
///
/// # Errors
/// When one does not come up; the others stay as they are, for the caller to stop.
pub(crate) async fn start(kit: &Kit, wanted: &[Kind]) -> Result<()> {
    let ensure = async |kind: Kind| {
        if wanted.contains(&kind) { ensure(kit, kind).await } else { Ok(()) }
    };
    let (rabbitmq, postgres, redis, clamd) = tokio::join!(
        ensure(Kind::RabbitMq),
        ensure(Kind::Postgres),
        ensure(Kind::Redis),
        ensure(Kind::Clamd)
    );
    rabbitmq.and(postgres).and(redis).and(clamd)
}

/// Ends what a killed run left behind, unless some of its servers can be used again.
pub(crate) async fn clear_wreck(kit: &Kit) -> Result<()> {
    let lives = |server: &ServerState| server.process.is_alive();
    if !kit.state.now().servers.values().any(lives) {
        process::sweep(kit.data.root()).await?;
    }
    Ok(())
}

/// Stops all of them at once, and whatever a killed run left behind.
pub(crate) async fn stop(kit: &Kit) -> Result<()> {
    let (rabbitmq, postgres, redis, clamd) = tokio::join!(
        stop_one(kit, Kind::RabbitMq, kit.throwaway),
        stop_one(kit, Kind::Postgres, kit.throwaway),
        stop_one(kit, Kind::Redis, kit.throwaway),
        stop_one(kit, Kind::Clamd, kit.throwaway)
    );
    rabbitmq.and(postgres).and(redis).and(clamd)?;
    process::sweep(kit.data.root()).await?;
    kit.state.change(|state| state.servers.clear())?;
    // With servers named from outside there was never anything in it.
    let unused = std::fs::read_dir(&kit.home).is_ok_and(|mut entries| entries.next().is_none());
    if kit.throwaway || unused {
        kit.data.remove_servers_home()?;
    }
    Ok(())
}

/// Uses the server that runs, or starts it. A port may be lost to somebody else between choosing
/// and binding it, hence the second attempt.
async fn ensure(kit: &Kit, kind: Kind) -> Result<()> {
    if let Ok(server) = kit.server(kind) {
        if server.process.is_alive() && healthy(kit, kind, &server).await.is_ok() {
            return Ok(());
        }
        stop_one(kit, kind, false).await?;
    }
    let Err(first) = start_one(kit, kind).await else { return Ok(()) };
    if kit.server(kind).is_err() {
        return Err(first);
    }
    screen::note(format!("{} did not start, trying once more", kind.name()));
    stop_one(kit, kind, true).await?;
    start_one(kit, kind).await
}

async fn start_one(kit: &Kit, kind: Kind) -> Result<()> {
    match kind {
        Kind::RabbitMq => rabbitmq::start(kit).await,
        Kind::Postgres => postgres::start(kit).await,
        Kind::Redis => redis::start(kit).await,
        Kind::Clamd => clamd::start(kit).await,
    }
}

async fn healthy(kit: &Kit, kind: Kind, server: &ServerState) -> Result<()> {
    match kind {
        Kind::RabbitMq => rabbitmq::healthy(kit, server).await,
        Kind::Postgres => postgres::healthy(server.port).await,
        Kind::Redis => redis::healthy(kit, server.port).await,
        Kind::Clamd => clamd::healthy(server.port).await,
    }
}

/// Ends one server; `at_once` as a crash would. Its ports stay noted for its next start.
pub(crate) async fn stop_one(kit: &Kit, kind: Kind, at_once: bool) -> Result<()> {
    let Ok(server) = kit.server(kind) else { return Ok(()) };
    match kind {
        Kind::RabbitMq => rabbitmq::stop(kit, &server, at_once).await,
        _ if at_once => server.process.stop(Signal::Kill, Duration::from_secs(5)).await,
        Kind::Postgres => server.process.stop(Signal::Interrupt, Duration::from_secs(20)).await,
        Kind::Redis | Kind::Clamd => {
            server.process.stop(Signal::Terminate, Duration::from_secs(10)).await
        }
    }
}
