//! The private servers: PostgreSQL, RabbitMQ, Redis and clamd, on loopback, with data of ours.
//!
//! They are started detached and found again by the state file, so that one call can start them
//! for many others, and a run that was killed leaves nothing the next one cannot use or end.

pub(crate) mod clamd;
mod install;
pub(crate) mod launch;
pub(crate) mod ports;
pub(crate) mod postgres;
pub(crate) mod rabbitmq;
pub(crate) mod redis;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::data::DataFolder;
use crate::process::{self, Process};
use crate::screen;
use crate::state::{ServerState, StateFile};
use crate::vault::Vault;

/// The kinds of server, slowest to start first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The broker.
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
    pub(crate) state: StateFile,
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
        let state = StateFile::open(&data);
        state.change(|state| state.throwaway = throwaway)?;
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
    let lives = |server: &ServerState| server.process.is_alive();
    if !kit.state.now().servers.values().any(lives) {
        process::sweep(kit.data.root()).await?;
    }
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

/// Stops all of them at once, and whatever a killed run left behind.
pub(crate) async fn stop(kit: &Kit) -> Result<()> {
    let (rabbitmq, postgres, redis, clamd) = tokio::join!(
        stop_one(kit, Kind::RabbitMq),
        stop_one(kit, Kind::Postgres),
        stop_one(kit, Kind::Redis),
        stop_one(kit, Kind::Clamd)
    );
    rabbitmq.and(postgres).and(redis).and(clamd)?;
    process::sweep(kit.data.root()).await?;
    kit.state.change(|state| state.servers.clear())?;
    if kit.throwaway {
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
        stop_one(kit, kind).await?;
    }
    let Err(first) = start_one(kit, kind).await else { return Ok(()) };
    if kit.server(kind).is_err() {
        return Err(first);
    }
    screen::note(format!("{} did not start, trying once more", kind.name()));
    stop_one(kit, kind).await?;
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

async fn stop_one(kit: &Kit, kind: Kind) -> Result<()> {
    let Ok(server) = kit.server(kind) else { return Ok(()) };
    match kind {
        Kind::RabbitMq => rabbitmq::stop(kit, &server).await,
        Kind::Postgres => postgres::stop(server.process).await,
        Kind::Redis => redis::stop(server.process).await,
        Kind::Clamd => clamd::stop(server.process).await,
    }
}
