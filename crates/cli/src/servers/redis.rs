//! The private Redis. Its password stands in a file, not on the command line, which all can read. It
//! writes no title over its environment, where our mark stands: a lost one would not be found.

use std::time::Duration;

use anyhow::Result;

use super::launch::{Account, detached, until_ready};
use super::{Kind, Kit, install};
use crate::probe;

/// Starts it.
pub(crate) async fn start(kit: &Kit) -> Result<()> {
    let account = Account::of("redis")?;
    let home = kit.home.join("redis");
    account.make_folder(&home)?;
    let port = kit.port(Kind::Redis)?;
    let password = kit.vault.password("redis")?;
    let settings = home.join("redis.conf");
    account.write(
        &settings,
        &format!(
            "bind 127.0.0.1\nport {port}\ndir {}\nrequirepass {password}\nappendonly no\nsave {}\n\
             maxmemory-policy noeviction\ndaemonize no\nset-proc-title no\n",
            home.display(),
            if kit.throwaway { "\"\"" } else { "60 1" },
        ),
    )?;
    let log = kit.data.log("redis");
    let program = install::program(Kind::Redis, "redis-server")?;
    let mut command = account.command(kit.data.root(), &program);
    command.arg(&settings);
    let process = detached(command, &log)?;
    kit.started(Kind::Redis, process, port, [])?;
    until_ready("Redis", process, &log, Duration::from_secs(20), async || healthy(kit, port).await)
        .await
}

/// Its URL.
pub(crate) fn url(kit: &Kit, port: u16) -> Result<String> {
    Ok(format!("redis://:{}@127.0.0.1:{port}/0", kit.vault.password("redis")?))
}

/// Whether it answers.
pub(crate) async fn healthy(kit: &Kit, port: u16) -> Result<()> {
    let password = kit.vault.password("redis")?;
    probe::redis(&format!("127.0.0.1:{port}"), None, Some(&password)).await
}
