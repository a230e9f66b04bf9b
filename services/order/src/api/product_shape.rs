//! A product on the wire (`contract.md` section 5; its price is a JSON number, section 12 row 38).

use chrono::{DateTime, Utc};
use konveksi_kernel::ProductId;
use rust_decimal::prelude::ToPrimitive as _;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::product::Product;

/// One product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Product)]
pub(super) struct ProductResponse {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: ProductId,
    /// Its name.
    nama: String,
    /// Its description; empty when there is none.
    deskripsi: String,
    /// Its category.
    kategori: String,
    /// Whole rupiah.
    #[schema(example = 150_000)]
    harga: u64,
    /// Pieces in stock.
    stok: i32,
    /// When it was added.
    created_at: DateTime<Utc>,
}

impl From<&Product> for ProductResponse {
    fn from(product: &Product) -> ProductResponse {
        let details = &product.details;
        ProductResponse {
            id: product.id,
            nama: details.nama.clone(),
            deskripsi: details.deskripsi.clone(),
            kategori: details.kategori.clone(),
            // Prices are whole rupiah below 10^12, so nothing is lost.
            harga: details.harga.as_decimal().to_u64().unwrap_or_default(),
            stok: details.stok,
            created_at: product.created_at,
        }
    }
}

/// One page of products.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductList)]
pub(super) struct ProductListResponse {
    /// All products.
    pub(super) count: i64,
    /// The page after; null on the last.
    pub(super) next: Option<String>,
    /// The page before; null on the first.
    pub(super) previous: Option<String>,
    /// The products, newest first.
    pub(super) results: Vec<ProductResponse>,
}

/// What a product is made with. For the API's document: fields are read one by one.
#[derive(Debug, ToSchema)]
#[schema(as = ProductInput)]
#[expect(dead_code, reason = "only describes")]
pub(super) struct ProductInput {
    /// 3 to 100 characters.
    nama: String,
    /// 3 to 100 characters.
    kategori: String,
    /// At most 5,000 characters.
    deskripsi: Option<String>,
    /// Whole rupiah, more than nothing; a number or a text.
    harga: String,
    /// From 0; 0 when absent.
    stok: Option<i32>,
}
