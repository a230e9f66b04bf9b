//! Reading templates and history.

use konveksi_kernel::{Page, TemplateId};

use super::{App, AppError};
use crate::domain::message::StoredTemplate;
use crate::store;
use crate::store::history::{HistoryFilter, HistoryRow};
use crate::store::templates::TemplateFilter;

/// One template.
///
/// # Errors
/// [`AppError::TemplateNotFound`], [`AppError::Db`].
pub(crate) async fn find_template(app: &App, id: TemplateId) -> Result<StoredTemplate, AppError> {
    let mut conn = app.pool.get().await?;
    store::templates::find(&mut conn, id).await?.ok_or(AppError::TemplateNotFound(id))
}

/// Templates, newest first; all of them or one page, and how many there are.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn list_templates(
    app: &App,
    filter: TemplateFilter,
    page: Option<Page>,
) -> Result<(Vec<StoredTemplate>, i64), AppError> {
    let mut conn = app.pool.get().await?;
    Ok(store::templates::list(&mut conn, filter, page).await?)
}

/// One page of what was sent, newest first, and how much there is.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn history(
    app: &App,
    filter: &HistoryFilter,
    page: Page,
) -> Result<(Vec<HistoryRow>, i64), AppError> {
    let mut conn = app.pool.get().await?;
    Ok(store::history::list(&mut conn, filter, page).await?)
}
