//! What an order is made of, when it says so: garments by colour and size, their prints, and what
//! is taken off or added to the sum.
//!
//! A plain order has none of it. Where garments are named, their pieces and prices must add up to
//! the order's quantity and total: both are what the customer agreed to.

use konveksi_kernel::Money;
use rust_decimal::Decimal;

use super::field::Complaints;

/// The most garments of one order.
pub(crate) const MAX_ITEMS: usize = 50;
/// The most sizes of one garment.
pub(crate) const MAX_SIZES: usize = 40;
/// The most prints on one garment.
pub(crate) const MAX_DECORATIONS: usize = 20;
/// The most discounts and fees of one order.
pub(crate) const MAX_ADJUSTMENTS: usize = 20;

/// How a garment is decorated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum DecorationKind {
    /// `sablon`: screen print.
    ScreenPrint,
    /// `bordir`: embroidery.
    Embroidery,
    /// `dtf`: direct-to-film transfer.
    DirectToFilm,
}

impl DecorationKind {
    /// Every value.
    pub(crate) const ALL: [DecorationKind; 3] =
        [DecorationKind::ScreenPrint, DecorationKind::Embroidery, DecorationKind::DirectToFilm];

    /// The word on the wire and in the table.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            DecorationKind::ScreenPrint => "sablon",
            DecorationKind::Embroidery => "bordir",
            DecorationKind::DirectToFilm => "dtf",
        }
    }

    /// Reads the word, in whatever case: people write `DTF`.
    pub(crate) fn from_wire(text: &str) -> Option<DecorationKind> {
        DecorationKind::ALL.into_iter().find(|value| value.as_wire().eq_ignore_ascii_case(text))
    }
}

/// Which way an adjustment counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum AdjustmentKind {
    /// `diskon`: taken off.
    Discount,
    /// `biaya`: added, such as freight or a rush.
    Fee,
}

impl AdjustmentKind {
    /// Every value.
    pub(crate) const ALL: [AdjustmentKind; 2] = [AdjustmentKind::Discount, AdjustmentKind::Fee];

    /// The word on the wire and in the table.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            AdjustmentKind::Discount => "diskon",
            AdjustmentKind::Fee => "biaya",
        }
    }

    /// Reads the word on the wire.
    pub(crate) fn from_wire(text: &str) -> Option<AdjustmentKind> {
        AdjustmentKind::ALL.into_iter().find(|value| value.as_wire() == text)
    }
}

/// One size of a garment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SizeLine {
    /// `XS` to `5XL`, or the customer's own word.
    pub(crate) size: String,
    /// Pieces, from 1.
    pub(crate) quantity: i32,
    /// On top of the garment's price, for each piece of this size; whole rupiah.
    pub(crate) surcharge: Money,
}

/// A print or an embroidery on every piece of a garment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoration {
    /// How it is made.
    pub(crate) kind: DecorationKind,
    /// Where it stands, such as `dada kiri`.
    pub(crate) place: String,
    /// How large, such as `10x10 cm`; empty when not said.
    pub(crate) size: String,
    /// Inks or threads; 0 when not said.
    pub(crate) colours: i16,
    /// On each piece; whole rupiah.
    pub(crate) price: Money,
}

/// One garment of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// What it is, 2 to 255 characters.
    pub(crate) product_name: String,
    /// Its colour; empty when not said.
    pub(crate) colour: String,
    /// One piece, without surcharge and prints; whole rupiah.
    pub(crate) unit_price: Money,
    /// How many of which size, at least one.
    pub(crate) sizes: Vec<SizeLine>,
    /// What stands on it.
    pub(crate) decorations: Vec<Decoration>,
}

/// A discount or a fee on the whole order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Adjustment {
    /// Which way it counts.
    pub(crate) kind: AdjustmentKind,
    /// What for.
    pub(crate) description: String,
    /// How much; whole rupiah, more than nothing.
    pub(crate) amount: Money,
}

/// Everything an order is made of; empty for a plain order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Garments {
    /// The garments, as they were written.
    pub(crate) items: Vec<Item>,
    /// Discounts and fees; only beside garments.
    pub(crate) adjustments: Vec<Adjustment>,
}

impl Item {
    /// Pieces of all sizes.
    pub(crate) fn quantity(&self) -> i64 {
        self.sizes.iter().map(|line| i64::from(line.quantity)).sum()
    }

    /// What one piece of `line` costs with everything on it.
    pub(crate) fn piece_price(&self, line: &SizeLine) -> Decimal {
        let prints: Decimal = self.decorations.iter().map(|one| one.price.as_decimal()).sum();
        self.unit_price.as_decimal() + line.surcharge.as_decimal() + prints
    }

    /// What all pieces cost.
    pub(crate) fn total(&self) -> Decimal {
        self.sizes.iter().map(|line| self.piece_price(line) * Decimal::from(line.quantity)).sum()
    }
}

impl Garments {
    /// Whether this is a plain order.
    pub(crate) fn is_plain(&self) -> bool {
        self.items.is_empty()
    }

    /// Pieces of all garments.
    pub(crate) fn quantity(&self) -> i64 {
        self.items.iter().map(Item::quantity).sum()
    }

    /// What everything costs, discounts taken off. Less than nothing when the discounts are
    /// larger than the rest, which no order's total is.
    pub(crate) fn total(&self) -> Decimal {
        let garments: Decimal = self.items.iter().map(Item::total).sum();
        let adjusted = self.adjustments.iter().map(|one| match one.kind {
            AdjustmentKind::Discount => -one.amount.as_decimal(),
            AdjustmentKind::Fee => one.amount.as_decimal(),
        });
        garments + adjusted.sum::<Decimal>()
    }

    /// Complains where the garments add up to something else than the order says.
    pub(crate) fn agree_with(&self, quantity: i32, total: Money, wrong: &mut Complaints) {
        if self.is_plain() {
            return;
        }
        let pieces = self.quantity();
        if pieces != i64::from(quantity) {
            wrong.add(
                "quantity",
                format!("Jumlah pada items adalah {pieces}, sedangkan quantity {quantity}."),
            );
        }
        let sum = self.total();
        if sum != total.as_decimal() {
            wrong.add(
                "total_price",
                format!("Total pada items adalah {sum:.2}, sedangkan total_price {total}."),
            );
        }
    }

    /// Whether pieces or sizes differ from `older`: what the floor counts.
    pub(crate) fn makes_other_pieces_than(&self, older: &Garments) -> bool {
        let pieces = |garments: &Garments| -> Vec<Vec<(String, i32)>> {
            let sizes = |item: &Item| {
                item.sizes.iter().map(|line| (line.size.clone(), line.quantity)).collect()
            };
            garments.items.iter().map(sizes).collect()
        };
        pieces(self) != pieces(older)
    }
}

#[cfg(test)]
#[path = "garment_tests.rs"]
pub(crate) mod tests;
