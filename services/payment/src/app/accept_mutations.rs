//! Taking in what a bank-mutation service sends: token first, then the body is stored as it came,
//! each line once, and answered. What the lines mean is worked out afterwards.

use konveksi_db::transaction;
use konveksi_kernel::ids::uuid_v7_at;
use sha2::{Digest as _, Sha256};

use super::{App, AppError, mutation_body};
use crate::store;

/// What came of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// Lines it held.
    pub(crate) lines: usize,
    /// Lines that were not known before.
    pub(crate) new: usize,
}

/// Stores a body and its lines.
///
/// # Errors
/// [`AppError::WrongToken`] before anything else is looked at; [`AppError::UnreadableCallback`];
/// [`AppError::Db`], upon which the service sends it again.
pub(crate) async fn accept_mutations(
    app: &App,
    token: &str,
    body: &[u8],
) -> Result<Accepted, AppError> {
    if !app.mutation_tokens.accept(token) {
        return Err(AppError::WrongToken);
    }
    let now = app.clock.now();
    let lines = mutation_body::read(body, now).map_err(AppError::UnreadableCallback)?;
    let hash = Sha256::digest(body);
    let id = uuid_v7_at(now);
    let mut conn = app.pool.get().await?;
    let new = transaction(&mut conn, async |tx| {
        if !store::mutations::insert_body(tx, id, (hash.as_slice(), body), now).await? {
            return Ok::<_, AppError>(0);
        }
        Ok(store::mutations::insert_lines(tx, id, &lines, now).await?)
    })
    .await?;
    app.work.mutations();
    Ok(Accepted { lines: lines.len(), new })
}
