//! A product of the catalogue, as the public page shows it.

use chrono::{DateTime, Utc};
use konveksi_kernel::{Money, ProductId};

use super::field::{Complaints, line, paragraph, whole_number};
use super::input::price;

/// What was sent about a product, unread. `None` means the field was not sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct ProductDraft {
    /// Its name.
    pub(crate) nama: Option<String>,
    /// Its category.
    pub(crate) kategori: Option<String>,
    /// Its description.
    pub(crate) deskripsi: Option<String>,
    /// Its price.
    pub(crate) harga: Option<String>,
    /// Pieces in stock.
    pub(crate) stok: Option<String>,
}

/// A product's details, read and found good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProductDetails {
    /// 3 to 100 characters.
    pub(crate) nama: String,
    /// 3 to 100 characters.
    pub(crate) kategori: String,
    /// At most 5,000 characters; empty when there is none.
    pub(crate) deskripsi: String,
    /// Whole rupiah, more than nothing.
    pub(crate) harga: Money,
    /// Pieces, from 0.
    pub(crate) stok: i32,
}

/// One product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Product {
    /// Its id.
    pub(crate) id: ProductId,
    /// What is said about it.
    pub(crate) details: ProductDetails,
    /// When it was added.
    pub(crate) created_at: DateTime<Utc>,
}

impl ProductDetails {
    /// Reads a whole product.
    ///
    /// # Errors
    /// Every complaint there is.
    pub(crate) fn read(draft: &ProductDraft) -> Result<ProductDetails, Complaints> {
        let mut wrong = Complaints::default();
        let sent = |field: &Option<String>| field.clone().unwrap_or_default();
        let nama = wrong.keep("nama", line(&sent(&draft.nama), 3, 100));
        let kategori = wrong.keep("kategori", line(&sent(&draft.kategori), 3, 100));
        let deskripsi = wrong.keep("deskripsi", paragraph(&sent(&draft.deskripsi), 5_000));
        let harga = wrong.keep("harga", price(&sent(&draft.harga)));
        let stok = match draft.stok.as_deref() {
            None | Some("") => Some(0),
            Some(text) => wrong.keep("stok", whole_number(text, 0, i32::MAX)),
        };
        let read = || {
            Some(ProductDetails {
                nama: nama?,
                kategori: kategori?,
                deskripsi: deskripsi?,
                harga: harga?,
                stok: stok?,
            })
        };
        // Whatever could not be read has complained.
        read().ok_or(wrong)
    }

    /// Reads changes: a field that was not sent stays as it is.
    ///
    /// # Errors
    /// Every complaint about the result.
    pub(crate) fn changed_by(&self, draft: ProductDraft) -> Result<ProductDetails, Complaints> {
        ProductDetails::read(&ProductDraft {
            nama: draft.nama.or_else(|| Some(self.nama.clone())),
            kategori: draft.kategori.or_else(|| Some(self.kategori.clone())),
            deskripsi: draft.deskripsi.or_else(|| Some(self.deskripsi.clone())),
            harga: draft.harga.or_else(|| Some(self.harga.to_string())),
            stok: draft.stok.or_else(|| Some(self.stok.to_string())),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn description_and_stock_are_optional() {
        let draft = ProductDraft {
            nama: Some("Kaos Polos".into()),
            kategori: Some("Kaos".into()),
            harga: Some("150000".into()),
            ..ProductDraft::default()
        };
        let details = ProductDetails::read(&draft).unwrap();
        assert_eq!((details.deskripsi.as_str(), details.stok), ("", 0));
        let changed = details
            .changed_by(ProductDraft { stok: Some("7".into()), ..ProductDraft::default() })
            .unwrap();
        assert_eq!(changed, ProductDetails { stok: 7, ..details });
    }

    #[test]
    fn all_complaints_come_at_once() {
        let draft = ProductDraft {
            nama: Some("ab".into()),
            harga: Some("0".into()),
            stok: Some("-1".into()),
            ..ProductDraft::default()
        };
        let fields: Vec<_> = ProductDetails::read(&draft)
            .unwrap_err()
            .into_errors()
            .into_iter()
            .map(|e| e.field)
            .collect();
        assert_eq!(fields, ["nama", "kategori", "harga", "stok"]);
    }
}
