//! The catalogue: small enough that its use cases share a file.

use konveksi_db::transaction;
use konveksi_kernel::{Page, ProductId};

use super::{App, AppError};
use crate::domain::product::{Product, ProductDetails, ProductDraft};
use crate::store;

/// Adds a product.
///
/// # Errors
/// [`AppError::Fields`]; [`AppError::Db`].
pub(crate) async fn create_product(app: &App, draft: &ProductDraft) -> Result<Product, AppError> {
    let details = ProductDetails::read(draft).map_err(AppError::Fields)?;
    let clock = &*app.clock;
    let product = Product { id: ProductId::generate(clock), details, created_at: clock.now() };
    let mut conn = app.pool.get().await?;
    store::products::insert(&mut conn, &product).await?;
    Ok(product)
}

/// Writes a product anew: what was not sent falls back to its default, or complains.
///
/// # Errors
/// [`AppError::ProductNotFound`]; [`AppError::Fields`]; [`AppError::Db`].
pub(crate) async fn replace_product(
    app: &App,
    id: ProductId,
    draft: &ProductDraft,
) -> Result<Product, AppError> {
    let details = ProductDetails::read(draft).map_err(AppError::Fields)?;
    write(app, id, |_before| Ok(details)).await
}

/// Changes a product: what was not sent stays.
///
/// # Errors
/// [`AppError::ProductNotFound`]; [`AppError::Fields`]; [`AppError::Db`].
pub(crate) async fn update_product(
    app: &App,
    id: ProductId,
    draft: ProductDraft,
) -> Result<Product, AppError> {
    write(app, id, |before| before.changed_by(draft).map_err(AppError::Fields)).await
}

async fn write(
    app: &App,
    id: ProductId,
    change: impl FnOnce(&ProductDetails) -> Result<ProductDetails, AppError>,
) -> Result<Product, AppError> {
    let now = app.clock.now();
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| {
        let mut product =
            store::products::find_for_update(tx, id).await?.ok_or(AppError::ProductNotFound(id))?;
        product.details = change(&product.details)?;
        store::products::update(tx, &product, now.max(product.created_at)).await?;
        Ok(product)
    })
    .await
}

/// Removes a product. Orders keep its name, not its row.
///
/// # Errors
/// [`AppError::ProductNotFound`]; [`AppError::Db`].
pub(crate) async fn delete_product(app: &App, id: ProductId) -> Result<(), AppError> {
    let mut conn = app.pool.get().await?;
    let removed = store::products::delete(&mut conn, id).await?;
    if removed { Ok(()) } else { Err(AppError::ProductNotFound(id)) }
}

/// One product.
///
/// # Errors
/// [`AppError::ProductNotFound`]; [`AppError::Db`].
pub(crate) async fn get_product(app: &App, id: ProductId) -> Result<Product, AppError> {
    let mut conn = app.pool.get().await?;
    store::products::find(&mut conn, id).await?.ok_or(AppError::ProductNotFound(id))
}

/// One page of products, newest first, and how many there are.
///
/// # Errors
/// [`AppError::PageOutOfRange`]; [`AppError::Db`].
pub(crate) async fn list_products(app: &App, page: Page) -> Result<(Vec<Product>, i64), AppError> {
    let mut conn = app.pool.get().await?;
    let count = store::products::count(&mut conn).await?;
    if !page.exists_in(count) {
        return Err(AppError::PageOutOfRange(page.number()));
    }
    Ok((store::products::list(&mut conn, page).await?, count))
}
