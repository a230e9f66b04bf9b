//! Garments on the wire.

use konveksi_kernel::Money;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::garment::{Adjustment, Decoration, Item, SizeLine};

/// One garment of an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderItem)]
pub(super) struct ItemResponse {
    /// From 1; production counts name it.
    item: usize,
    /// What it is.
    product_name: String,
    /// Empty when not said.
    colour: String,
    /// One piece, without surcharge and prints; rupiah with two decimals.
    #[schema(value_type = String, example = "50000.00")]
    unit_price: Money,
    /// Pieces of all sizes.
    quantity: i64,
    /// What all of them cost; rupiah with two decimals.
    #[schema(example = "825000.00")]
    total_price: String,
    sizes: Vec<SizeResponse>,
    decorations: Vec<DecorationResponse>,
}

/// One size of a garment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderItemSize)]
struct SizeResponse {
    /// `XS` to `5XL`, or the customer's own word.
    size: String,
    quantity: i32,
    /// On top of the garment's price for each piece; rupiah with two decimals.
    #[schema(value_type = String, example = "10000.00")]
    surcharge: Money,
    /// One piece with everything on it; rupiah with two decimals.
    #[schema(example = "65000.00")]
    piece_price: String,
}

/// A print or an embroidery on every piece.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderItemDecoration)]
struct DecorationResponse {
    /// `sablon`, `bordir` or `dtf`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// Where it stands.
    place: String,
    /// How large; empty when not said.
    size: String,
    /// Inks or threads; 0 when not said.
    colours: i16,
    /// On each piece; rupiah with two decimals.
    #[schema(value_type = String, example = "5000.00")]
    price: Money,
}

/// A discount or a fee on the whole order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderAdjustment)]
pub(super) struct AdjustmentResponse {
    /// `diskon` or `biaya`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// What for.
    description: String,
    /// Rupiah with two decimals; the type says which way it counts.
    #[schema(value_type = String, example = "50000.00")]
    amount: Money,
}

fn rupiah(amount: Decimal) -> String {
    format!("{amount:.2}")
}

impl ItemResponse {
    /// The garment with this number.
    pub(super) fn of((number, item): (usize, &Item)) -> ItemResponse {
        let size = |line: &SizeLine| SizeResponse {
            size: line.size.clone(),
            quantity: line.quantity,
            surcharge: line.surcharge,
            piece_price: rupiah(item.piece_price(line)),
        };
        let decoration = |one: &Decoration| DecorationResponse {
            kind: one.kind.as_wire(),
            place: one.place.clone(),
            size: one.size.clone(),
            colours: one.colours,
            price: one.price,
        };
        ItemResponse {
            item: number,
            product_name: item.product_name.clone(),
            colour: item.colour.clone(),
            unit_price: item.unit_price,
            quantity: item.quantity(),
            total_price: rupiah(item.total()),
            sizes: item.sizes.iter().map(size).collect(),
            decorations: item.decorations.iter().map(decoration).collect(),
        }
    }
}

impl From<&Adjustment> for AdjustmentResponse {
    fn from(one: &Adjustment) -> AdjustmentResponse {
        AdjustmentResponse {
            kind: one.kind.as_wire(),
            description: one.description.clone(),
            amount: one.amount,
        }
    }
}

/// A garment as it is sent. For the API's document: fields are read one by one.
#[derive(Debug, ToSchema)]
#[schema(as = OrderItemInput)]
#[expect(dead_code, reason = "only describes")]
pub(super) struct ItemInput {
    /// 2 to 255 characters.
    product_name: String,
    /// At most 100 characters.
    colour: Option<String>,
    /// Whole rupiah; a text or a number.
    unit_price: String,
    /// 1 to 40 sizes, each once.
    sizes: Vec<SizeInput>,
    /// At most 20.
    decorations: Option<Vec<DecorationInput>>,
}

/// A size as it is sent.
#[derive(Debug, ToSchema)]
#[schema(as = OrderItemSizeInput)]
#[expect(dead_code, reason = "only describes")]
struct SizeInput {
    /// `XS` to `5XL` in any case (`XXL` is `2XL`), or a word of at most 30 characters.
    size: String,
    /// 1 to 10,000.
    quantity: i32,
    /// Whole rupiah; 0 when absent.
    surcharge: Option<String>,
}

/// A print or an embroidery as it is sent.
#[derive(Debug, ToSchema)]
#[schema(as = OrderItemDecorationInput)]
#[expect(dead_code, reason = "only describes")]
struct DecorationInput {
    /// `sablon`, `bordir` or `dtf`.
    r#type: String,
    /// Such as `dada kiri`; 1 to 100 characters.
    place: String,
    /// Such as `10x10 cm`; at most 50 characters.
    size: Option<String>,
    /// 0 to 30.
    colours: Option<i16>,
    /// On each piece, whole rupiah; 0 when absent.
    price: Option<String>,
}

/// A discount or a fee as it is sent.
#[derive(Debug, ToSchema)]
#[schema(as = OrderAdjustmentInput)]
#[expect(dead_code, reason = "only describes")]
pub(super) struct AdjustmentInput {
    /// `diskon` or `biaya`.
    r#type: String,
    /// 1 to 255 characters.
    description: String,
    /// Whole rupiah, more than nothing.
    amount: String,
}
