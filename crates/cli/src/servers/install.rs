//! Finding the servers' programs, or saying exactly how to install what is missing.
//!
//! Installing itself is `deploy/dev/install-servers`, which must run before this binary is built.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::Kind;

/// The folders where Debian and others put server programs, beside those of `PATH`.
const FOLDERS: [&str; 7] = [
    "/usr/lib/rabbitmq/bin",
    "/usr/bin",
    "/usr/sbin",
    "/usr/local/bin",
    "/usr/local/sbin",
    "/bin",
    "/sbin",
];

/// Finds a program by name.
///
/// # Errors
/// When it is nowhere; the error holds the command that installs it.
pub(crate) fn program(kind: Kind, name: &str) -> Result<PathBuf> {
    match FOLDERS.iter().map(|folder| Path::new(folder).join(name)).find(|path| path.is_file()) {
        Some(found) => Ok(found),
        None => missing(kind, name),
    }
}

/// The folder with PostgreSQL's programs: that of `version` if data of it exist, else the newest.
///
/// # Errors
/// When there is none; the error holds the command that installs it.
pub(crate) fn postgres_programs(version: Option<&str>) -> Result<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let number = path.file_name()?.to_str()?.parse().ok()?;
            path.join("bin/initdb").is_file().then(|| (number, path.join("bin")))
        })
        .collect();
    found.sort();
    if let Some(version) = version {
        return match found.into_iter().find(|(number, _)| number.to_string() == version) {
            Some((_, folder)) => Ok(folder),
            None => missing(Kind::Postgres, &format!("PostgreSQL {version}, which wrote the data")),
        };
    }
    if let Some((_, folder)) = found.pop() {
        return Ok(folder);
    }
    let initdb = program(Kind::Postgres, "initdb")?;
    Ok(initdb.parent().map(Path::to_path_buf).unwrap_or_default())
}

fn missing<T>(kind: Kind, name: &str) -> Result<T> {
    bail!(
        "{name} is not installed; install it with\n  sudo apt-get update && sudo apt-get install -y \
         --no-install-recommends {}",
        kind.package()
    )
}
