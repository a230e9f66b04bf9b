//! Taking a callback in (contract row 56): its proof first, then the body is stored as it came and
//! answered. What it means is worked out afterwards.

use konveksi_db::transaction;
use konveksi_kernel::ids::uuid_v7_at;
use sha2::{Digest as _, Sha256};

use super::{App, AppError, callback};
use crate::domain::PaymentSource;
use crate::kill;
use crate::providers::Signed;
use crate::store;
use crate::store::webhooks::NewCallback;

/// Stores a callback of Xendit. `false` when the same body came before.
///
/// # Errors
/// [`AppError::WrongToken`] before anything else is looked at; [`AppError::UnreadableCallback`];
/// [`AppError::Db`], upon which the provider sends it again.
pub(crate) async fn from_xendit(app: &App, token: &str, body: &[u8]) -> Result<bool, AppError> {
    if !app.callback_tokens.accept(token) {
        return Err(AppError::WrongToken);
    }
    accept(app, PaymentSource::Xendit, body).await
}

/// Stores a notification of Midtrans, whose proof is in its body. `false` when the same body came
/// before.
///
/// # Errors
/// [`AppError::WrongToken`] when it is not signed by a key of ours, or Midtrans is not set up;
/// [`AppError::UnreadableCallback`]; [`AppError::Db`], upon which the provider sends it again.
pub(crate) async fn from_midtrans(app: &App, body: &[u8]) -> Result<bool, AppError> {
    let midtrans = app.providers.midtrans().ok_or(AppError::WrongToken)?;
    // What cannot be read carries no signature: nobody proved to be anybody.
    let signed =
        serde_json::from_slice::<Signed>(body).map_err(|_unsigned| AppError::WrongToken)?;
    if !midtrans.signed(&signed) {
        return Err(AppError::WrongToken);
    }
    accept(app, PaymentSource::Midtrans, body).await
}

async fn accept(app: &App, source: PaymentSource, body: &[u8]) -> Result<bool, AppError> {
    let read = callback::read(source, body).map_err(AppError::UnreadableCallback)?;
    let now = app.clock.now();
    let hash = Sha256::digest(body);
    let stored = NewCallback {
        id: uuid_v7_at(now),
        source: source.as_wire(),
        body_hash: hash.as_slice(),
        body,
        webhook_type: &read.webhook_type,
    };
    let mut conn = app.pool.get().await?;
    let new = transaction(&mut conn, async |tx| {
        Ok::<_, AppError>(store::webhooks::insert(tx, &stored, now).await?)
    })
    .await?;
    kill::point("callback_stored");
    app.work.callbacks();
    Ok(new)
}
