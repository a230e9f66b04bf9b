//! The private virus scanner.
//!
//! Real signatures are used where freshclam has fetched them. Without them a database of one
//! line knows only the EICAR test file, which is said aloud at every start.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;

use super::launch::{Account, detached, until_ready};
use super::{Kind, Kit, install};
use crate::{probe, screen};

/// Where freshclam keeps what it fetched.
const FETCHED: &str = "/var/lib/clamav";

/// The EICAR test file in two halves, so that no scanner takes this source for it.
const EICAR: [&str; 2] =
    [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD", "-ANTIVIRUS-TEST-FILE!$H+H*"];

/// Starts it.
pub(crate) async fn start(kit: &Kit) -> Result<()> {
    let account = Account::of("clamav")?;
    let home = kit.home.join("clamd");
    account.make_folder(&home)?;
    let signatures = signatures(kit, &account, &home)?;
    let port = kit.port(Kind::Clamd)?;
    let settings = home.join("clamd.conf");
    let temporary = home.join("tmp");
    account.make_folder(&temporary)?;
    account.write(
        &settings,
        &format!(
            "DatabaseDirectory {}\nTCPSocket {port}\nTCPAddr 127.0.0.1\nTemporaryDirectory {}\n\
             Foreground yes\nLogFile {}\nStreamMaxLength 64M\nMaxFileSize 64M\nMaxScanSize 128M\n\
             AlertExceedsMax yes\nMaxThreads 4\n",
            signatures.display(),
            temporary.display(),
            home.join("clamd.log").display(),
        ),
    )?;
    let log = kit.data.log("clamd");
    let program = install::program(Kind::Clamd, "clamd")?;
    let mut command = account.command(kit.data.root(), &program);
    command.arg("-c").arg(&settings);
    let process = detached(command, &log)?;
    kit.started(Kind::Clamd, process, port, [])?;
    // Real signatures take half a minute to load on a slow machine.
    until_ready("clamd", process, &log, Duration::from_mins(3), async || healthy(port).await).await
}

/// Whether real signatures are there to be used.
pub(crate) fn has_real_signatures() -> bool {
    ["main.cvd", "main.cld"].iter().any(|name| Path::new(FETCHED).join(name).is_file())
}

/// Whether it answers.
pub(crate) async fn healthy(port: u16) -> Result<()> {
    probe::clamd(&format!("127.0.0.1:{port}")).await
}

/// The folder of signatures. Tests never load the real ones: they need only EICAR, and quickly.
fn signatures(kit: &Kit, account: &Account, home: &Path) -> Result<PathBuf> {
    if has_real_signatures() && !kit.throwaway {
        return Ok(PathBuf::from(FETCHED));
    }
    if !kit.throwaway {
        screen::warning(
            "clamd knows only the EICAR test file: no real signatures in /var/lib/clamav. Run \
             `sudo freshclam`, then start again, for a true scan.",
        );
    }
    let folder = home.join("signatures");
    account.make_folder(&folder)?;
    // `*`: anywhere in the file, so that EICAR behind another header is found too.
    let line = format!("Konveksi.Eicar-Test:0:*:{}\n", hex::encode(EICAR.concat()));
    account.write(&folder.join("konveksi.ndb"), &line)?;
    Ok(folder)
}
