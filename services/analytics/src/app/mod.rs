//! Use cases: one file each.

pub(crate) mod book_payment;
pub(crate) mod book_refund;
pub(crate) mod queries;
pub(crate) mod record_customer;
pub(crate) mod record_order;

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
    /// The database.
    #[error("the read models could not be read")]
    Db(#[from] DbError),
}
