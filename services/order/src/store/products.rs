//! The catalogue's table.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::{Money, Page, ProductId};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::schema::products;
use crate::domain::product::{Product, ProductDetails};

#[derive(Queryable, Selectable)]
#[diesel(table_name = products, check_for_backend(diesel::pg::Pg))]
struct ProductRow {
    id: Uuid,
    nama: String,
    kategori: String,
    deskripsi: String,
    harga: Decimal,
    stok: i32,
    created_at: DateTime<Utc>,
}

impl TryFrom<ProductRow> for Product {
    type Error = DbError;

    fn try_from(row: ProductRow) -> Result<Product, DbError> {
        let harga = Money::from_decimal(row.harga)
            .map_err(|error| DbError::Corrupt(format!("product {}: harga: {error}", row.id)))?;
        let ProductRow { id, nama, kategori, deskripsi, stok, created_at, .. } = row;
        let details = ProductDetails { nama, kategori, deskripsi, harga, stok };
        Ok(Product { id: ProductId::from_uuid(id), details, created_at })
    }
}

/// Adds a product.
pub(crate) async fn insert(tx: &mut Connection, product: &Product) -> Result<(), DbError> {
    let details = &product.details;
    diesel::insert_into(products::table)
        .values((
            products::id.eq(product.id.as_uuid()),
            products::nama.eq(&details.nama),
            products::kategori.eq(&details.kategori),
            products::deskripsi.eq(&details.deskripsi),
            products::harga.eq(details.harga.as_decimal()),
            products::stok.eq(details.stok),
            products::created_at.eq(product.created_at),
            products::updated_at.eq(product.created_at),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// Writes a product's details.
pub(crate) async fn update(
    tx: &mut Connection,
    product: &Product,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let details = &product.details;
    diesel::update(products::table.find(product.id.as_uuid()))
        .set((
            products::nama.eq(&details.nama),
            products::kategori.eq(&details.kategori),
            products::deskripsi.eq(&details.deskripsi),
            products::harga.eq(details.harga.as_decimal()),
            products::stok.eq(details.stok),
            products::updated_at.eq(now),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// Removes a product; answers whether it was there.
pub(crate) async fn delete(tx: &mut Connection, id: ProductId) -> Result<bool, DbError> {
    let removed = diesel::delete(products::table.find(id.as_uuid())).execute(tx).await?;
    Ok(removed > 0)
}

/// One product.
pub(crate) async fn find(conn: &mut Connection, id: ProductId) -> Result<Option<Product>, DbError> {
    let row = products::table
        .find(id.as_uuid())
        .select(ProductRow::as_select())
        .first(conn)
        .await
        .optional()?;
    row.map(Product::try_from).transpose()
}

/// One product, held until the transaction ends.
pub(crate) async fn find_for_update(
    tx: &mut Connection,
    id: ProductId,
) -> Result<Option<Product>, DbError> {
    let row = products::table
        .find(id.as_uuid())
        .select(ProductRow::as_select())
        .for_update()
        .first(tx)
        .await
        .optional()?;
    row.map(Product::try_from).transpose()
}

/// How many products there are.
pub(crate) async fn count(conn: &mut Connection) -> Result<i64, DbError> {
    Ok(products::table.count().get_result(conn).await?)
}

/// One page of products, newest first.
pub(crate) async fn list(conn: &mut Connection, page: Page) -> Result<Vec<Product>, DbError> {
    let rows: Vec<ProductRow> = products::table
        .select(ProductRow::as_select())
        .order((products::created_at.desc(), products::id.desc()))
        .limit(page.limit())
        .offset(page.offset())
        .load(conn)
        .await?;
    rows.into_iter().map(Product::try_from).collect()
}
