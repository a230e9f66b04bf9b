//! `konveksi servers start | stop`: the private servers on their own, for tests and for the time
//! the rest is still being built.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::Subcommand;

use crate::data::{DataFolder, write_private};
use crate::servers::{self, Kind, Kit, postgres, rabbitmq, redis};
use crate::{screen, state};

#[derive(Debug, Subcommand)]
pub(crate) enum ServersCommand {
    /// Starts them and leaves them running.
    Start {
        /// For tests: faster, not safe against a power cut, and removed when stopped.
        #[arg(long)]
        throwaway: bool,
        /// Writes their addresses there, as lines a shell can read.
        #[arg(long, conflicts_with = "only")]
        env_file: Option<PathBuf>,
        /// Only this one, on the port it had, while others and the services run.
        #[arg(long)]
        only: Option<Kind>,
    },
    /// Stops them.
    Stop {
        /// Only this one, while others and the services run.
        #[arg(long)]
        only: Option<Kind>,
    },
    /// Ends one as a crash would, while others and the services run.
    Kill {
        /// Which.
        #[arg(long)]
        only: Kind,
    },
}

/// Starts or stops them.
pub(crate) async fn run(data: &Path, command: ServersCommand) -> Result<()> {
    match command {
        ServersCommand::Start { only: Some(kind), .. } => {
            servers::start(&one(data)?, &[kind]).await
        }
        ServersCommand::Start { throwaway, env_file, only: None } => {
            start(data, throwaway, env_file.as_deref()).await
        }
        ServersCommand::Stop { only: None } => stop(data).await,
        ServersCommand::Stop { only: Some(kind) } => {
            servers::stop_one(&one(data)?, kind, false).await
        }
        ServersCommand::Kill { only } => servers::stop_one(&one(data)?, only, true).await,
    }
}

/// What is needed for one server alone. The folder's lock is not: a running system has it.
fn one(data: &Path) -> Result<Kit> {
    let data = DataFolder::existing(data).context("nothing was started here")?;
    let throwaway = state::read(&data)?.throwaway;
    Kit::open(data, throwaway)
}

async fn start(data: &Path, throwaway: bool, env_file: Option<&Path>) -> Result<()> {
    let began = Instant::now();
    let data = DataFolder::open(data)?;
    let Some(_lock) = data.try_lock()? else {
        bail!("another konveksi works in {}", data.root().display());
    };
    let kit = Kit::open(data, throwaway)?;
    kit.state.change(|state| state.throwaway = throwaway)?;
    servers::clear_wreck(&kit).await?;
    servers::start(&kit, &Kind::ALL).await?;
    if let Some(path) = env_file {
        write_private(path, &environment(&kit)?)?;
    }
    let seconds = began.elapsed().as_secs();
    let ports: Vec<String> = Kind::ALL
        .into_iter()
        .map(|kind| Ok(format!("{} {}", kind.name(), kit.server(kind)?.port)))
        .collect::<Result<_>>()?;
    screen::note(format!("servers ready after {seconds} s: {}", ports.join(", ")));
    Ok(())
}

async fn stop(data: &Path) -> Result<()> {
    let Some(data) = DataFolder::existing(data) else { return Ok(()) };
    let Some(_lock) = data.lock_within(Duration::from_secs(10)).await? else {
        bail!("another konveksi works in {}; `konveksi stop` ends it", data.root().display());
    };
    let throwaway = state::read(&data).is_ok_and(|state| state.throwaway);
    servers::stop(&Kit::open(data, throwaway)?).await
}

/// The addresses under the names that tests read. Values hold no quote: they are made by us.
fn environment(kit: &Kit) -> Result<String> {
    let broker = kit.server(Kind::RabbitMq)?;
    let values = [
        ("TEST_DATABASE_URL", postgres::url(kit, kit.server(Kind::Postgres)?.port, "postgres")?),
        ("TEST_AMQP_URL", rabbitmq::url(kit, &broker, "/")?),
        ("TEST_AMQP_MANAGEMENT_URL", rabbitmq::management_url(kit, &broker)?),
        ("TEST_REDIS_URL", redis::url(kit, kit.server(Kind::Redis)?.port)?),
        ("TEST_CLAMD_ADDR", format!("127.0.0.1:{}", kit.server(Kind::Clamd)?.port)),
        // What konveksi-test-support gives the roles it makes.
        ("KONVEKSI_TEST_ROLE_PASSWORD", "test".to_owned()),
    ];
    let line = |(name, value): &(&str, String)| format!("export {name}='{value}'");
    let lines: Vec<String> = values.iter().map(line).collect();
    Ok(format!("{}\n", lines.join("\n")))
}
