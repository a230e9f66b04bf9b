//! Use cases: one file each.

pub(crate) mod attach_draft;
pub(crate) mod incoming;
pub(crate) mod purge_files;
pub(crate) mod queries;
pub(crate) mod rescan_files;
pub(crate) mod store_design;

use std::sync::Arc;

use konveksi_db::{DbError, Pool};
use konveksi_eventing::Wake;
use konveksi_kernel::Clock;
use thiserror::Error;

use crate::domain::file::FileError;
use crate::domain::limits::QuotaExceeded;
use crate::domain::sniff::FileRefused;
use crate::providers::clamd::Clamd;
use crate::providers::vault::{Vault, VaultError};

/// What every use case needs.
pub(crate) struct App {
    pub(crate) pool: Pool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) wake: Wake,
    pub(crate) scanner: Clamd,
    pub(crate) vault: Vault,
}

/// Why a use case did not do what was asked.
#[derive(Debug, Error)]
pub(crate) enum AppError {
    /// The file is not one we take.
    #[error(transparent)]
    Refused(#[from] FileRefused),
    /// The scanner knows it as malware.
    #[error("the file is infected")]
    Infected,
    /// Larger than it may be.
    #[error("the file is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The most it may have.
        limit_bytes: u64,
    },
    /// The order has enough files.
    #[error(transparent)]
    Quota(#[from] QuotaExceeded),
    /// No such file is served.
    #[error("no such file")]
    FileNotFound,
    /// The upload could not be kept while it was looked at.
    #[error("the upload could not be spooled")]
    Spool(#[source] std::io::Error),
    /// The store of bytes.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A move that a file cannot make; a defect of ours.
    #[error(transparent)]
    Move(#[from] FileError),
    /// The database.
    #[error("the list of files could not be read or written")]
    Db(#[from] DbError),
}
