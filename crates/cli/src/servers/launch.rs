//! Starting one server process, detached, under an account of its own where we may.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::process::Command;
use tokio::time::{Instant, sleep};

use crate::process::{MARK, Process};
use crate::{data, screen};

/// A log file above this size is set aside when its process starts again.
const LOG_BYTES_MAX: u64 = 10 * 1024 * 1024;

/// Whom a server runs as: the package's own account when we are root, else us.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    other: Option<(String, u32, u32)>,
}

impl Account {
    /// The account `name` if we are root and there is one.
    pub(crate) fn of(name: &str) -> Result<Self> {
        if data::current_uid()? != 0 {
            return Ok(Self { other: None });
        }
        let accounts = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
        let other = accounts.lines().find_map(|line| {
            let mut fields = line.split(':');
            let found = fields.next()? == name;
            let uid = fields.nth(1)?.parse().ok()?;
            let gid = fields.next()?.parse().ok()?;
            found.then(|| (name.to_owned(), uid, gid))
        });
        Ok(Self { other })
    }

    /// Whether the server runs as root after all.
    pub(crate) fn is_root(&self) -> Result<bool> {
        Ok(self.other.is_none() && data::current_uid()? == 0)
    }

    /// Gives a file or folder to the account, and to nobody else.
    pub(crate) fn own(&self, path: &Path) -> Result<()> {
        if let Some((_, uid, gid)) = &self.other {
            std::os::unix::fs::chown(path, Some(*uid), Some(*gid))
                .with_context(|| format!("cannot give {} away", path.display()))?;
        }
        Ok(())
    }

    /// Makes a folder of the account's.
    pub(crate) fn make_folder(&self, path: &Path) -> Result<()> {
        data::make_private(path)?;
        self.own(path)
    }

    /// Writes a file that the account alone can read.
    pub(crate) fn write(&self, path: &Path, text: &str) -> Result<()> {
        data::write_private(path, text)?;
        self.own(path)
    }

    /// A command that runs as the account, with an environment of ours and none of the caller's.
    pub(crate) fn command(&self, root: &Path, program: &Path) -> Command {
        let mut command = match &self.other {
            Some((name, _, _)) => {
                let mut command = Command::new("setpriv");
                command.args([&format!("--reuid={name}"), &format!("--regid={name}")]);
                command.arg("--init-groups").arg(program);
                command
            }
            None => Command::new(program),
        };
        command
            .env_clear()
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .env("LANG", "C.UTF-8")
            .env(MARK, root)
            .current_dir("/")
            .stdin(Stdio::null());
        command
    }
}

/// Starts a command that outlives us, its output in `log`.
pub(crate) fn detached(mut command: Command, log: &Path) -> Result<Process> {
    let output = open_log(log)?;
    let child =
        command.stdout(output.try_clone()?).stderr(output).process_group(0).spawn().with_context(
            || format!("cannot start {}", command.as_std().get_program().display()),
        )?;
    child.id().and_then(Process::find).with_context(|| {
        format!("{:?} ended at once:\n{}", command.as_std(), screen::last_lines(log, 20))
    })
}

/// Waits until `ready` says yes.
///
/// # Errors
/// When the process ends first or `patience` runs out; both show the log's last lines.
pub(crate) async fn until_ready(
    name: &str,
    process: Process,
    log: &Path,
    patience: Duration,
    ready: impl AsyncFn() -> Result<()>,
) -> Result<()> {
    let deadline = Instant::now() + patience;
    loop {
        let Err(reason) = ready().await else { return Ok(()) };
        if !process.is_alive() {
            bail!("{name} ended before it was ready:\n{}", screen::last_lines(log, 20));
        }
        if Instant::now() >= deadline {
            let seconds = patience.as_secs();
            let tail = screen::last_lines(log, 20);
            bail!("{name} was not ready after {seconds} s ({reason:#}):\n{tail}");
        }
        sleep(Duration::from_millis(50)).await;
    }
}

/// Opens a log file for appending.
pub(crate) fn open_log(log: &Path) -> Result<fs::File> {
    if fs::metadata(log).is_ok_and(|found| found.len() > LOG_BYTES_MAX) {
        let aside: PathBuf = log.with_extension("log.old");
        fs::rename(log, &aside).with_context(|| format!("cannot set {} aside", log.display()))?;
    }
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(log)
        .with_context(|| format!("cannot open {}", log.display()))
}
