//! How much waits in one schema.

use konveksi_db::{Connection, DbError};

pub use crate::store::figures::Figures;
use crate::store::figures::figures;

/// What waits in the schema `conn` is on: not yet published, to be tried again, parked.
///
/// # Errors
/// [`DbError`].
pub async fn status(conn: &mut Connection) -> Result<Figures, DbError> {
    figures(conn).await
}
