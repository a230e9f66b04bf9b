//! Use cases: one file each.

pub(crate) mod prune_heard;
pub(crate) mod queries;
pub(crate) mod record_heard;

use std::sync::Arc;

use konveksi_db::{DbError, Pool};
use konveksi_kernel::Clock;
use thiserror::Error;

/// What every use case needs.
pub(crate) struct App {
    pub(crate) pool: Pool,
    pub(crate) clock: Arc<dyn Clock>,
}

/// Why a use case did not answer.
#[derive(Debug, Error)]
pub(crate) enum AppError {
    /// The list has no such page.
    #[error("there is no page {number}")]
    PageNotFound {
        /// The page asked for.
        number: u32,
    },
    /// The database.
    #[error("the event log could not be read or written")]
    Db(#[from] DbError),
}
