//! Telling the provider that a link is dead. Best effort with retries: whether or not it is told,
//! money that still arrives on the link is recognised.

use std::sync::Arc;

use chrono::Duration;

use super::{App, AppError};
use crate::domain::link::retry_delay_seconds;
use crate::providers::ProviderError;
use crate::store;

/// Links told about at once.
const BATCH: i64 = 8;
/// After this many tries the link ends by its own expiry.
const TRIES: i32 = 8;

/// Tells the provider of links that are due; answers how many were tried.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn due(app: &Arc<App>) -> Result<usize, AppError> {
    let mut conn = app.pool.get().await?;
    let claimed = store::links::claim_take_downs(&mut conn, app.clock.now(), BATCH).await?;
    drop(conn);
    for (link, attempts) in &claimed {
        let id = &link.id;
        let outcome = match (app.providers.of(link.provider), &link.provider_id) {
            (Ok(provider), Some(provider_id)) => provider.expire(provider_id).await,
            (Ok(_), None) => Ok(()),
            (Err(error), _) => Err(error),
        };
        let again = match outcome {
            // Unknown, paid or expired already: nothing left to take down.
            Ok(()) | Err(ProviderError::NotFound) => None,
            Err(error) if error.is_retryable() && *attempts < TRIES => {
                let delay = Duration::seconds(retry_delay_seconds(*attempts));
                Some(app.clock.now() + delay)
            }
            Err(error) => {
                tracing::warn!(
                    error = %konveksi_web::error_chain(&error),
                    link.id = %id,
                    "a dead link was not taken down",
                );
                None
            }
        };
        let mut conn = app.pool.get().await?;
        store::links::took_down(&mut conn, *id, again).await?;
    }
    Ok(claimed.len())
}
