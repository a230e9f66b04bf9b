//! An upload on its way in: in a temporary file without a name, which the kernel removes by itself
//! when we are done, fail or die.

use std::io::{self, SeekFrom};

use bytes::Bytes;
use futures_util::Stream;
use sha2::{Digest as _, Sha256};
use tokio::fs::File as Spool;
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};
use tokio_util::io::ReaderStream;

use super::AppError;
use crate::domain::sniff::HEAD_BYTES;

/// How much is read at a time, in bytes.
const READ_BYTES: usize = 64 * 1024;

/// An upload that is still being received.
pub(crate) struct Incoming {
    spool: Spool,
    hash: Sha256,
    head: Vec<u8>,
    size_bytes: u64,
    limit_bytes: u64,
}

/// An upload that is complete.
pub(crate) struct Upload {
    spool: Spool,
    pub(crate) sha256: [u8; 32],
    /// Its beginning, as much as sniffing needs.
    pub(crate) head: Vec<u8>,
    pub(crate) size_bytes: u64,
}

impl Incoming {
    /// Begins to receive an upload of at most `limit_bytes`.
    ///
    /// # Errors
    /// [`AppError::Spool`].
    pub(crate) async fn begin(limit_bytes: u64) -> Result<Incoming, AppError> {
        let made = tokio::task::spawn_blocking(tempfile::tempfile).await;
        let file = made.map_err(io::Error::other).flatten().map_err(AppError::Spool)?;
        Ok(Incoming {
            spool: Spool::from_std(file),
            hash: Sha256::new(),
            head: Vec::new(),
            size_bytes: 0,
            limit_bytes,
        })
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`AppError::TooLarge`], [`AppError::Spool`].
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), AppError> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.size_bytes = self.size_bytes.saturating_add(length);
        if self.size_bytes > self.limit_bytes {
            return Err(AppError::TooLarge { limit_bytes: self.limit_bytes });
        }
        let room = HEAD_BYTES.saturating_sub(self.head.len());
        self.head.extend(bytes.iter().take(room));
        self.hash.update(bytes);
        self.spool.write_all(bytes).await.map_err(AppError::Spool)
    }

    /// The upload has come to its end.
    ///
    /// # Errors
    /// [`AppError::Spool`].
    pub(crate) async fn finish(mut self) -> Result<Upload, AppError> {
        self.spool.flush().await.map_err(AppError::Spool)?;
        Ok(Upload {
            spool: self.spool,
            sha256: self.hash.finalize().into(),
            head: self.head,
            size_bytes: self.size_bytes,
        })
    }
}

impl Upload {
    /// Its bytes from the beginning; one reader at a time.
    ///
    /// # Errors
    /// [`AppError::Spool`].
    pub(crate) async fn read(
        &mut self,
    ) -> Result<impl Stream<Item = io::Result<Bytes>> + '_, AppError> {
        self.spool.seek(SeekFrom::Start(0)).await.map_err(AppError::Spool)?;
        Ok(ReaderStream::with_capacity(&mut self.spool, READ_BYTES))
    }
}
