//! Where the bytes lie: a local folder, or an S3 bucket when one is set. Keys are ours and random;
//! no name of a client's ever becomes a path.

use std::io;
use std::path::{Path as FsPath, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use konveksi_settings::{ExposeSecret as _, SecretString};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, WriteMultipart};
use thiserror::Error;

/// How much of a file is in memory at a time, in bytes; S3 takes no smaller parts.
const PART_BYTES: usize = 5 * 1024 * 1024;
/// Parts on their way at once.
const PARTS_AT_ONCE: usize = 2;

/// A bucket and who may use it.
pub(crate) struct Bucket {
    pub(crate) endpoint: String,
    pub(crate) region: String,
    pub(crate) name: String,
    pub(crate) access_key_id: SecretString,
    pub(crate) secret_access_key: SecretString,
}

/// The store did not do what was asked.
#[derive(Debug, Error)]
pub(crate) enum VaultError {
    /// The folder cannot be used.
    #[error("the folder for files cannot be used")]
    Folder(#[source] io::Error),
    /// The bytes to store could not be read.
    #[error("the upload could not be read")]
    Source(#[source] io::Error),
    /// The store is away, full, or does not know the file.
    #[error("the store of files failed")]
    Store(#[from] object_store::Error),
}

/// The store of bytes; cheap to clone.
#[derive(Clone)]
pub(crate) struct Vault {
    store: Arc<dyn ObjectStore>,
    /// The folder, when it is one.
    root: Option<PathBuf>,
}

impl Vault {
    /// Keeps files in a local folder, which is made if absent and closed to others.
    ///
    /// # Errors
    /// [`VaultError::Folder`].
    pub(crate) fn local(root: &FsPath) -> Result<Vault, VaultError> {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::create_dir_all(root).map_err(VaultError::Folder)?;
        let closed = std::fs::Permissions::from_mode(0o750);
        std::fs::set_permissions(root, closed).map_err(VaultError::Folder)?;
        // Synced before the row says stored: a power cut must not leave a row without its bytes.
        let store = LocalFileSystem::new_with_prefix(root)?.with_fsync(true);
        Ok(Vault { store: Arc::new(store), root: Some(root.to_owned()) })
    }

    /// Keeps files in a bucket.
    ///
    /// # Errors
    /// [`VaultError::Store`] when the settings make no client.
    pub(crate) fn s3(bucket: &Bucket) -> Result<Vault, VaultError> {
        let store = AmazonS3Builder::new()
            .with_endpoint(&bucket.endpoint)
            .with_allow_http(bucket.endpoint.starts_with("http://"))
            .with_region(&bucket.region)
            .with_bucket_name(&bucket.name)
            .with_access_key_id(bucket.access_key_id.expose_secret())
            .with_secret_access_key(bucket.secret_access_key.expose_secret())
            .build()?;
        Ok(Vault { store: Arc::new(store), root: None })
    }

    /// Stores `content` under `key`; visible only when complete.
    ///
    /// # Errors
    /// [`VaultError::Source`], [`VaultError::Store`]; nothing stays then, unless the process dies.
    pub(crate) async fn put<S>(&self, key: &str, content: S) -> Result<(), VaultError>
    where
        S: Stream<Item = io::Result<Bytes>>,
    {
        let upload = self.store.put_multipart(&Path::from(key)).await?;
        let mut write = WriteMultipart::new_with_chunk_size(upload, PART_BYTES);
        match feed(&mut write, content).await {
            Ok(()) => {
                write.finish().await?;
                Ok(())
            }
            Err(error) => {
                if let Err(left) = write.abort().await {
                    tracing::warn!(error = %left, "an unfinished upload stays in the store");
                }
                Err(error)
            }
        }
    }

    /// The bytes under `key`, as they come.
    ///
    /// # Errors
    /// [`VaultError::Store`], also when there are none.
    pub(crate) async fn get(
        &self,
        key: &str,
    ) -> Result<impl Stream<Item = io::Result<Bytes>> + Send + use<>, VaultError> {
        let found = self.store.get(&Path::from(key)).await?;
        Ok(found.into_stream().map_err(io::Error::other))
    }

    /// Removes what is under `key`, and what a killed upload to it left; nothing there is fine.
    ///
    /// # Errors
    /// [`VaultError::Folder`], [`VaultError::Store`].
    pub(crate) async fn remove(&self, key: &str) -> Result<(), VaultError> {
        if let Some(root) = &self.root {
            // object_store writes to "<key>#1" first; only a killed process leaves that behind.
            let unfinished = root.join(format!("{key}#1"));
            if let Err(error) = tokio::fs::remove_file(unfinished).await
                && error.kind() != io::ErrorKind::NotFound
            {
                return Err(VaultError::Folder(error));
            }
        }
        match self.store.delete(&Path::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

async fn feed<S>(write: &mut WriteMultipart, content: S) -> Result<(), VaultError>
where
    S: Stream<Item = io::Result<Bytes>>,
{
    let mut content = std::pin::pin!(content);
    while let Some(bytes) = content.next().await {
        write.wait_for_capacity(PARTS_AT_ONCE).await?;
        write.put(bytes.map_err(VaultError::Source)?);
    }
    Ok(())
}
