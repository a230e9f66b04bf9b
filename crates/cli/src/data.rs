//! The data folder: everything a run leaves behind, and what the next one finds.
//!
//! As root the servers run under accounts of their own, which may not be able to reach a checkout
//! below `/root`. Their data then lies in `/var/tmp/konveksi-<uid>-<hash of the folder>`, linked
//! from the data folder as `servers`.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};

use crate::screen;

/// An open data folder, by its absolute path.
#[derive(Clone, Debug)]
pub(crate) struct DataFolder {
    root: PathBuf,
}

impl DataFolder {
    /// Opens the folder, making it (readable by its owner only) where it is missing.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        make_private(path)?;
        let root =
            path.canonicalize().with_context(|| format!("cannot open {}", path.display()))?;
        make_private(&root.join("logs"))?;
        Ok(Self { root })
    }

    /// Opens the folder only if it is there already.
    pub(crate) fn existing(path: &Path) -> Option<Self> {
        path.canonicalize().ok().filter(|root| root.is_dir()).map(|root| Self { root })
    }

    /// The folder itself.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The log file of one process.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.root.join("logs").join(format!("{name}.log"))
    }

    /// Twelve hex digits that tell this folder from any other on the machine.
    pub(crate) fn short_hash(&self) -> String {
        let digest = Sha256::digest(self.root.as_os_str().as_encoded_bytes());
        hex::encode(digest).chars().take(12).collect()
    }

    /// The folder of the private servers' data, made where it is missing.
    pub(crate) fn servers_home(&self) -> Result<PathBuf> {
        let link = self.root.join("servers");
        if current_uid()? != 0 {
            make_private(&link)?;
            return Ok(link);
        }
        let home = PathBuf::from(format!("/var/tmp/konveksi-0-{}", self.short_hash()));
        if fs::symlink_metadata(&link).is_err() && home.exists() {
            set_aside(&home)?;
        }
        match fs::DirBuilder::new().mode(0o711).create(&home) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(error).with_context(|| format!("cannot make {}", home.display()));
            }
            _ => {}
        }
        let found = fs::symlink_metadata(&home)?;
        if !found.is_dir() || found.uid() != 0 {
            bail!("{} belongs to somebody else; remove it and try again", home.display());
        }
        fs::set_permissions(&home, fs::Permissions::from_mode(0o711))?;
        if fs::read_link(&link).ok().as_deref() != Some(&*home) {
            if fs::symlink_metadata(&link).is_ok() {
                bail!("{} should be a link to {}; move it away", link.display(), home.display());
            }
            std::os::unix::fs::symlink(&home, &link)
                .with_context(|| format!("cannot link {}", link.display()))?;
        }
        Ok(home)
    }

    /// Removes the data of the private servers, and nothing else.
    pub(crate) fn remove_servers_home(&self) -> Result<()> {
        let link = self.root.join("servers");
        if let Ok(home) = fs::read_link(&link) {
            remove_tree(&home)?;
            fs::remove_file(&link)?;
        } else {
            remove_tree(&link)?;
        }
        Ok(())
    }

    /// The lock that one starting or running system holds for as long as it lives.
    ///
    /// # Errors
    /// When the lock file cannot be opened. `Ok(None)`: somebody else holds it.
    pub(crate) fn try_lock(&self) -> Result<Option<File>> {
        let path = self.root.join("lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("cannot open {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("cannot lock {}", path.display()))
            }
        }
    }
}

impl DataFolder {
    /// Waits a little for another call to finish.
    pub(crate) async fn lock_within(&self, patience: Duration) -> Result<Option<File>> {
        let deadline = Instant::now() + patience;
        loop {
            let lock = self.try_lock()?;
            if lock.is_some() || Instant::now() >= deadline {
                return Ok(lock);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// The user that runs this process, as the kernel sees it.
pub(crate) fn current_uid() -> Result<u32> {
    Ok(fs::metadata("/proc/self").context("cannot read /proc/self")?.uid())
}

/// Makes a folder, and its parents, readable by the owner only.
pub(crate) fn make_private(path: &Path) -> Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("cannot make {}", path.display()))
}

/// Writes a file so that a reader sees the old text or the new one, never half of it.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let draft = path.with_extension(format!("new-{}", std::process::id()));
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&draft)
        .with_context(|| format!("cannot write {}", draft.display()))?;
    file.write_all(text.as_bytes())?;
    fs::rename(&draft, path).with_context(|| format!("cannot write {}", path.display()))
}

/// Sets aside data whose data folder was deleted, and with it the passwords they open with. What
/// was set aside before goes.
fn set_aside(home: &Path) -> Result<()> {
    let aside = home.with_extension("old");
    remove_tree(&aside)?;
    fs::rename(home, &aside).with_context(|| format!("cannot set {} aside", home.display()))?;
    let (home, aside) = (home.display(), aside.display());
    screen::warning(format!("{home} belonged to a folder that was deleted; it is now {aside}"));
    Ok(())
}

/// Removes a folder that may not be there.
fn remove_tree(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_locked_by_one_at_a_time() {
        let scratch = tempfile::tempdir().unwrap();
        let data = DataFolder::open(scratch.path()).unwrap();
        let held = data.try_lock().unwrap();
        assert!(held.is_some());
        assert!(data.try_lock().unwrap().is_none());
        drop(held);
        assert!(data.try_lock().unwrap().is_some());
    }

    #[test]
    fn a_written_file_is_readable_by_its_owner_only() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("secret.json");
        write_private(&path, "{}").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
