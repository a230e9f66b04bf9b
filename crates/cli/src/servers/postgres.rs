//! The private PostgreSQL.
//!
//! It refuses to run as root, hence the account. Sockets in the file system are off: their paths
//! have a length limit that a deep checkout breaks.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::launch::{Account, detached, until_ready};
use super::{Kind, Kit, install};

const SUPERUSER: &str = "postgres";

/// Starts it, or finds it running.
pub(crate) async fn start(kit: &Kit) -> Result<()> {
    let account = Account::of("postgres")?;
    if account.is_root()? {
        bail!("PostgreSQL refuses to run as root, and there is no account named postgres");
    }
    let home = kit.home.join("postgres");
    account.make_folder(&home)?;
    let files = home.join("data");
    let version = std::fs::read_to_string(files.join("PG_VERSION")).ok();
    let programs = install::postgres_programs(version.as_deref().map(str::trim))?;
    if version.is_none() {
        initialise(kit, &account, &programs, &files).await?;
    }
    end_stale(&files)?;

    let port = kit.port(Kind::Postgres)?;
    let mut command = account.command(kit.data.root(), &programs.join("postgres"));
    command.arg("-D").arg(&files).args(["-p", &port.to_string()]);
    for setting in [
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "max_connections=300",
        "log_timezone=UTC",
        "timezone=UTC",
    ] {
        command.args(["-c", setting]);
    }
    if kit.throwaway {
        for setting in ["fsync=off", "synchronous_commit=off", "full_page_writes=off"] {
            command.args(["-c", setting]);
        }
    }
    let log = kit.data.log("postgres");
    let process = detached(command, &log)?;
    kit.started(Kind::Postgres, process, port, [])?;
    until_ready("PostgreSQL", process, &log, Duration::from_mins(1), async || {
        is_ready(&programs, port).await
    })
    .await
}

/// The URL of its superuser, for the database `name`.
pub(crate) fn url(kit: &Kit, port: u16, name: &str) -> Result<String> {
    let password = kit.vault.password("postgres")?;
    Ok(format!("postgres://{SUPERUSER}:{password}@127.0.0.1:{port}/{name}"))
}

/// Whether the server in `state` answers.
pub(crate) async fn healthy(port: u16) -> Result<()> {
    is_ready(&install::postgres_programs(None)?, port).await
}

/// Makes the cluster beside its place and moves it there, so that an interrupted run leaves none.
async fn initialise(kit: &Kit, account: &Account, programs: &Path, files: &Path) -> Result<()> {
    let draft = files.with_extension("new");
    if draft.exists() {
        std::fs::remove_dir_all(&draft)?;
    }
    let password_file = files.with_extension("pw");
    account.write(&password_file, &kit.vault.password("postgres")?)?;
    let outcome = account
        .command(kit.data.root(), &programs.join("initdb"))
        .arg("-D")
        .arg(&draft)
        .args(["-U", SUPERUSER, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"])
        .args(kit.throwaway.then_some("--no-sync"))
        .arg(format!("--pwfile={}", password_file.display()))
        .output()
        .await
        .context("cannot run initdb")?;
    std::fs::remove_file(&password_file)?;
    if !outcome.status.success() {
        bail!("initdb failed:\n{}", String::from_utf8_lossy(&outcome.stderr).trim());
    }
    std::fs::rename(&draft, files).context("cannot move the new database cluster to its place")
}

/// Removes the lock of a server that is gone. PostgreSQL does so by itself unless another process
/// has that id by now.
fn end_stale(files: &Path) -> Result<()> {
    let lock = files.join("postmaster.pid");
    let Ok(text) = std::fs::read_to_string(&lock) else { return Ok(()) };
    let pid = text.lines().next().unwrap_or_default().trim();
    let holder = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let files = files.as_os_str().as_encoded_bytes();
    if !holder.split(|byte| *byte == 0).any(|argument| argument == files) {
        std::fs::remove_file(&lock).context("cannot remove a stale postmaster.pid")?;
    }
    Ok(())
}

async fn is_ready(programs: &Path, port: u16) -> Result<()> {
    let answer = tokio::process::Command::new(programs.join("pg_isready"))
        .args(["-q", "-h", "127.0.0.1", "-p", &port.to_string(), "-t", "2"])
        .status()
        .await
        .context("cannot run pg_isready")?;
    if answer.success() { Ok(()) } else { bail!("pg_isready says {answer}") }
}
