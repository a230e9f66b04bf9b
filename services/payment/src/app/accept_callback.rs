//! Taking a callback in (contract row 56): token first, then the body is stored as it came and
//! answered. What it means is worked out afterwards.

use konveksi_db::transaction;
use konveksi_kernel::ids::uuid_v7_at;
use sha2::{Digest as _, Sha256};

use super::{App, AppError, callback};
use crate::store;
use crate::store::webhooks::NewCallback;

/// Who sends these callbacks.
const SOURCE: &str = "xendit";

/// Stores a callback. `false` when the same body came before.
///
/// # Errors
/// [`AppError::WrongToken`] before anything else is looked at; [`AppError::UnreadableCallback`];
/// [`AppError::Db`], upon which the provider sends it again.
pub(crate) async fn accept_callback(app: &App, token: &str, body: &[u8]) -> Result<bool, AppError> {
    if !app.callback_tokens.accept(token) {
        return Err(AppError::WrongToken);
    }
    let read = callback::read(body).map_err(AppError::UnreadableCallback)?;
    let now = app.clock.now();
    let hash = Sha256::digest(body);
    let stored = NewCallback {
        id: uuid_v7_at(now),
        source: SOURCE,
        body_hash: hash.as_slice(),
        body,
        webhook_type: &read.webhook_type,
    };
    let mut conn = app.pool.get().await?;
    let new = transaction(&mut conn, async |tx| {
        Ok::<_, AppError>(store::webhooks::insert(tx, &stored, now).await?)
    })
    .await?;
    app.work.callbacks();
    Ok(new)
}
