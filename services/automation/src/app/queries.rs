//! What is asked of the log.

use konveksi_kernel::Page;

use super::{App, AppError};
use crate::domain::heard_event::HeardEvent;
use crate::store;

/// One page of a list, and how long the whole list is.
pub(crate) struct Listed<T> {
    pub(crate) count: i64,
    pub(crate) items: Vec<T>,
}

/// One page of the log, newest first, of one event type if given.
///
/// # Errors
/// [`AppError::PageNotFound`] beyond the end, [`AppError::Db`].
pub(crate) async fn list_heard(
    app: &App,
    event_type: Option<&str>,
    page: Page,
) -> Result<Listed<HeardEvent>, AppError> {
    let mut conn = app.pool.get().await?;
    let count = store::heard_events::count(&mut conn, event_type).await?;
    if !page.exists_in(count) {
        return Err(AppError::PageNotFound { number: page.number() });
    }
    let items = store::heard_events::list_page(&mut conn, event_type, page).await?;
    Ok(Listed { count, items })
}
