//! Garments as someone wants them: read line by line, all complaints at once, each naming its
//! place, such as `items[0].sizes[2].quantity`.

use std::collections::HashSet;

use konveksi_kernel::Money;

use super::field::{Complaints, line, whole_number};
use super::garment::{
    Adjustment, AdjustmentKind, Decoration, DecorationKind, Garments, Item, MAX_ADJUSTMENTS,
    MAX_DECORATIONS, MAX_ITEMS, MAX_SIZES, SizeLine,
};
use super::input::{MAX_QUANTITY, MAX_TOTAL_RUPIAH, OrderDraft};

/// What was sent, unread. `None` means the list was not sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct GarmentsDraft {
    /// The garments; an empty list makes the order a plain one.
    pub(crate) items: Option<Vec<ItemDraft>>,
    /// Discounts and fees.
    pub(crate) adjustments: Option<Vec<AdjustmentDraft>>,
}

/// One garment, unread.
#[derive(Debug, Clone, Default)]
pub(crate) struct ItemDraft {
    /// What it is.
    pub(crate) product_name: Option<String>,
    /// Its colour.
    pub(crate) colour: Option<String>,
    /// One piece.
    pub(crate) unit_price: Option<String>,
    /// How many of which size.
    pub(crate) sizes: Vec<SizeDraft>,
    /// What stands on it.
    pub(crate) decorations: Vec<DecorationDraft>,
}

/// One size, unread.
#[derive(Debug, Clone, Default)]
pub(crate) struct SizeDraft {
    /// Its word.
    pub(crate) size: Option<String>,
    /// Pieces.
    pub(crate) quantity: Option<String>,
    /// On top of the garment's price.
    pub(crate) surcharge: Option<String>,
}

/// One print, unread.
#[derive(Debug, Clone, Default)]
pub(crate) struct DecorationDraft {
    /// `sablon`, `bordir` or `dtf`.
    pub(crate) kind: Option<String>,
    /// Where it stands.
    pub(crate) place: Option<String>,
    /// How large.
    pub(crate) size: Option<String>,
    /// Inks or threads.
    pub(crate) colours: Option<String>,
    /// On each piece.
    pub(crate) price: Option<String>,
}

/// One discount or fee, unread.
#[derive(Debug, Clone, Default)]
pub(crate) struct AdjustmentDraft {
    /// `diskon` or `biaya`.
    pub(crate) kind: Option<String>,
    /// What for.
    pub(crate) description: Option<String>,
    /// How much.
    pub(crate) amount: Option<String>,
}

/// The most inks or threads of one print.
const MAX_COLOURS: i32 = 30;

impl GarmentsDraft {
    /// Whether nothing was sent.
    pub(crate) const fn is_nothing(&self) -> bool {
        self.items.is_none() && self.adjustments.is_none()
    }
}

impl OrderDraft {
    /// With the quantity and total of these garments where none was sent.
    #[must_use]
    pub(crate) fn summed_by(self, garments: &Garments) -> OrderDraft {
        if garments.is_plain() {
            return self;
        }
        OrderDraft {
            quantity: self.quantity.or_else(|| Some(garments.quantity().to_string())),
            total_price: self.total_price.or_else(|| Some(garments.total().to_string())),
            ..self
        }
    }
}

impl Garments {
    /// Reads changes to these garments: a list that was not sent stays, and adjustments go with
    /// the last garment.
    ///
    /// # Errors
    /// Every complaint there is.
    pub(crate) fn changed_by(&self, draft: &GarmentsDraft) -> Result<Garments, Complaints> {
        let mut wrong = Complaints::default();
        let items = match &draft.items {
            Some(sent) => several(sent, "items", String::new(), MAX_ITEMS, &mut wrong, item),
            None => Some(self.items.clone()),
        };
        let adjustments = match &draft.adjustments {
            Some(sent) => {
                let most = MAX_ADJUSTMENTS;
                several(sent, "adjustments", String::new(), most, &mut wrong, adjustment)
            }
            None => Some(self.adjustments.clone()),
        };
        let (Some(items), Some(adjustments)) = (items, adjustments) else { return Err(wrong) };
        if !wrong.is_empty() {
            return Err(wrong);
        }
        if items.is_empty() && !adjustments.is_empty() {
            if draft.adjustments.is_some() {
                wrong.add("adjustments", "Hanya untuk pesanan yang memiliki items.");
                return Err(wrong);
            }
            return Ok(Garments::default());
        }
        Ok(Garments { items, adjustments })
    }
}

/// Where a value stands: the field of the request and the way from there.
#[derive(Clone)]
struct Place {
    field: &'static str,
    path: String,
}

impl Place {
    /// Keeps the value, or complains about `name` here.
    fn keep<T>(&self, name: &str, read: Result<T, String>, wrong: &mut Complaints) -> Option<T> {
        read.map_err(|message| wrong.add_at(self.field, format!("{}.{name}", self.path), message))
            .ok()
    }
}

/// Reads a list, each line in its place; `None` when one of them could not be read.
fn several<D, T>(
    drafts: &[D],
    field: &'static str,
    path: String,
    most: usize,
    wrong: &mut Complaints,
    read: fn(&D, &Place, &mut Complaints) -> Option<T>,
) -> Option<Vec<T>> {
    if drafts.len() > most {
        wrong.add_at(field, path, format!("Maksimal {most} baris."));
        return None;
    }
    let lines = drafts.iter().enumerate().map(|(index, draft)| {
        read(draft, &Place { field, path: format!("{path}[{index}]") }, wrong)
    });
    // Every line is read before the first failure counts, so that all complaints are heard.
    let lines: Vec<Option<T>> = lines.collect();
    lines.into_iter().collect()
}

fn item(draft: &ItemDraft, here: &Place, wrong: &mut Complaints) -> Option<Item> {
    let product_name =
        here.keep("product_name", line(sent(draft.product_name.as_deref()), 2, 255), wrong);
    let colour = here.keep("colour", line(sent(draft.colour.as_deref()), 0, 100), wrong);
    let unit_price = here.keep("unit_price", rupiah(draft.unit_price.as_deref(), None), wrong);
    let below = |name: &str| format!("{}.{name}", here.path);
    let sizes = several(&draft.sizes, here.field, below("sizes"), MAX_SIZES, wrong, size);
    if draft.sizes.is_empty() {
        wrong.add_at(here.field, below("sizes"), "Isi paling sedikit satu ukuran.".to_owned());
    }
    if let Some(sizes) = &sizes {
        each_once(sizes, here, wrong);
    }
    let decorations = several(
        &draft.decorations,
        here.field,
        below("decorations"),
        MAX_DECORATIONS,
        wrong,
        decoration,
    );
    Some(Item {
        product_name: product_name?,
        colour: colour?,
        unit_price: unit_price?,
        sizes: sizes?,
        decorations: decorations?,
    })
}

/// A size said twice is a slip: nobody knows which of the two counts.
fn each_once(sizes: &[SizeLine], here: &Place, wrong: &mut Complaints) {
    let mut seen = HashSet::new();
    for (index, line) in sizes.iter().enumerate() {
        if !seen.insert(line.size.as_str()) {
            let path = format!("{}.sizes[{index}].size", here.path);
            wrong.add_at(here.field, path, format!("Ukuran {} sudah disebut.", line.size));
        }
    }
}

fn size(draft: &SizeDraft, here: &Place, wrong: &mut Complaints) -> Option<SizeLine> {
    let word = line(sent(draft.size.as_deref()), 1, 30).map(|word| canonical_size(&word));
    let size = here.keep("size", word, wrong);
    let quantity = whole_number(draft.quantity.as_deref().unwrap_or_default(), 1, MAX_QUANTITY);
    let quantity = here.keep("quantity", quantity, wrong);
    let surcharge = rupiah(draft.surcharge.as_deref(), Some(Money::ZERO));
    let surcharge = here.keep("surcharge", surcharge, wrong);
    Some(SizeLine { size: size?, quantity: quantity?, surcharge: surcharge? })
}

/// The usual sizes in one spelling (`xxl` is `2XL`); a customer's own word stays as it is.
pub(crate) fn canonical_size(word: &str) -> String {
    let upper = word.trim().to_uppercase();
    let usual = match upper.as_str() {
        "XXL" => Some("2XL"),
        "XXXL" => Some("3XL"),
        "XXXXL" => Some("4XL"),
        "XXXXXL" => Some("5XL"),
        _ => USUAL_SIZES.into_iter().find(|size| *size == upper),
    };
    usual.map_or_else(|| word.trim().to_owned(), str::to_owned)
}

/// The sizes most garments come in.
const USUAL_SIZES: [&str; 9] = ["XS", "S", "M", "L", "XL", "2XL", "3XL", "4XL", "5XL"];

fn decoration(draft: &DecorationDraft, here: &Place, wrong: &mut Complaints) -> Option<Decoration> {
    let kind = DecorationKind::from_wire(sent(draft.kind.as_deref()).trim())
        .ok_or_else(|| "Harus sablon, bordir, atau dtf.".to_owned());
    let kind = here.keep("type", kind, wrong);
    let place = here.keep("place", line(sent(draft.place.as_deref()), 1, 100), wrong);
    let size = here.keep("size", line(sent(draft.size.as_deref()), 0, 50), wrong);
    let colours = match draft.colours.as_deref() {
        None => Ok(0),
        Some(text) => whole_number(text, 0, MAX_COLOURS),
    };
    let colours = here.keep("colours", colours, wrong);
    let price = here.keep("price", rupiah(draft.price.as_deref(), Some(Money::ZERO)), wrong);
    Some(Decoration {
        kind: kind?,
        place: place?,
        size: size?,
        colours: i16::try_from(colours?).ok()?,
        price: price?,
    })
}

fn adjustment(draft: &AdjustmentDraft, here: &Place, wrong: &mut Complaints) -> Option<Adjustment> {
    let kind = AdjustmentKind::from_wire(sent(draft.kind.as_deref()).trim())
        .ok_or_else(|| "Harus diskon atau biaya.".to_owned());
    let kind = here.keep("type", kind, wrong);
    let description = line(sent(draft.description.as_deref()), 1, 255);
    let description = here.keep("description", description, wrong);
    let amount = super::input::price(sent(draft.amount.as_deref()));
    let amount = here.keep("amount", amount, wrong);
    Some(Adjustment { kind: kind?, description: description?, amount: amount? })
}

/// An amount that may be nothing: whole rupiah, at most the dearest order.
fn rupiah(text: Option<&str>, absent: Option<Money>) -> Result<Money, String> {
    let text = sent(text).trim();
    if text.is_empty() {
        return absent.ok_or_else(|| "Wajib diisi.".to_owned());
    }
    let amount = Money::parse(text).map_err(|_why| "Harus berupa jumlah rupiah.".to_owned())?;
    let amount =
        amount.whole_rupiah().map_err(|_why| "Harus rupiah bulat, tanpa sen.".to_owned())?;
    if Money::from_rupiah(MAX_TOTAL_RUPIAH).is_ok_and(|most| amount > most) {
        return Err("Maksimal 999999999999.".to_owned());
    }
    Ok(amount)
}

fn sent(field: Option<&str>) -> &str {
    field.unwrap_or_default()
}
