//! Proofs as staff see them.

use konveksi_kernel::{OrderId, Page, ProofId};

use super::{App, AppError};
use crate::domain::proof::{Proof, ProofState};
use crate::store;

/// A proof by its id.
///
/// # Errors
/// [`AppError::ProofNotFound`], [`AppError::Db`].
pub(crate) async fn proof(app: &App, id: ProofId) -> Result<Proof, AppError> {
    let mut conn = app.pool.get().await?;
    store::proofs::find(&mut conn, id).await?.ok_or(AppError::ProofNotFound)
}

/// One page of proofs, newest first, of one state or order or all; and how many there are.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn proofs(
    app: &App,
    filter: (Option<ProofState>, Option<OrderId>),
    page: Page,
) -> Result<(Vec<Proof>, i64), AppError> {
    let mut conn = app.pool.get().await?;
    Ok(store::proofs::list(&mut conn, filter, page).await?)
}
