//! Matrices add up, and say where they do not.

use proptest::prelude::*;

use super::*;
use crate::domain::garment_input::{
    AdjustmentDraft, DecorationDraft, GarmentsDraft, ItemDraft, SizeDraft, canonical_size,
};

fn size(size: &str, quantity: i32, surcharge: u64) -> SizeDraft {
    SizeDraft {
        size: Some(size.to_string()),
        quantity: Some(quantity.to_string()),
        surcharge: Some(surcharge.to_string()),
    }
}

fn shirt() -> ItemDraft {
    ItemDraft {
        product_name: Some("Kaos Polos".to_owned()),
        colour: Some("Hitam".to_owned()),
        unit_price: Some(50_000.to_string()),
        sizes: vec![size("M", 10, 0), size("xxl", 5, 10_000)],
        decorations: vec![DecorationDraft {
            kind: Some("Sablon".to_owned()),
            place: Some("dada kiri".to_owned()),
            size: Some("10x10 cm".to_owned()),
            colours: Some(2.to_string()),
            price: Some(5_000.to_string()),
        }],
    }
}

fn discount(rupiah: u64) -> AdjustmentDraft {
    AdjustmentDraft {
        kind: Some("diskon".to_owned()),
        description: Some("Pelanggan lama".to_owned()),
        amount: Some(rupiah.to_string()),
    }
}

fn read(draft: &GarmentsDraft) -> Result<Garments, Complaints> {
    Garments::default().changed_by(draft)
}

fn complaints(wrong: Complaints) -> Vec<String> {
    wrong.into_errors().into_iter().map(|error| format!("{}{}", error.field, error.path)).collect()
}

/// Some good garments of 15 pieces for 825,000.
pub(crate) fn garments() -> Garments {
    read(&GarmentsDraft { items: Some(vec![shirt()]), adjustments: Some(vec![discount(50_000)]) })
        .unwrap()
}

#[test]
fn a_matrix_is_read_and_added_up() {
    let garments = garments();
    assert_eq!(garments.quantity(), 15);
    // 10 x 55,000 + 5 x 65,000 - 50,000.
    assert_eq!(garments.total(), Decimal::from(825_000));
    assert_eq!(garments.items[0].sizes[1].size, "2XL");
    let mut wrong = Complaints::default();
    garments.agree_with(15, Money::from_rupiah(825_000).unwrap(), &mut wrong);
    assert!(wrong.is_empty());
}

#[test]
fn what_does_not_agree_is_named_with_both_numbers() {
    let mut wrong = Complaints::default();
    garments().agree_with(16, Money::from_rupiah(900_000).unwrap(), &mut wrong);
    let errors = wrong.into_errors();
    assert_eq!(errors[0].field, "quantity");
    assert_eq!(errors[0].message, "Jumlah pada items adalah 15, sedangkan quantity 16.");
    assert_eq!(errors[1].field, "total_price");
    assert_eq!(
        errors[1].message,
        "Total pada items adalah 825000.00, sedangkan total_price 900000.00."
    );
}

#[test]
fn every_wrong_line_is_named_in_its_place() {
    let item = ItemDraft {
        product_name: Some("K".to_owned()),
        unit_price: Some("12.50".to_owned()),
        sizes: vec![size("M", 0, 0), size("L", 1, 0), size("l", 2, 0), SizeDraft::default()],
        decorations: vec![DecorationDraft {
            kind: Some("cat".to_owned()),
            ..DecorationDraft::default()
        }],
        ..ItemDraft::default()
    };
    let draft = GarmentsDraft {
        items: Some(vec![shirt(), item]),
        adjustments: Some(vec![AdjustmentDraft::default()]),
    };
    assert_eq!(
        complaints(read(&draft).unwrap_err()),
        [
            "items[1].product_name",
            "items[1].unit_price",
            "items[1].sizes[0].quantity",
            "items[1].sizes[3].size",
            "items[1].sizes[3].quantity",
            "items[1].decorations[0].type",
            "items[1].decorations[0].place",
            "adjustments[0].type",
            "adjustments[0].description",
            "adjustments[0].amount",
        ]
    );
    let twice = ItemDraft { sizes: vec![size("L", 1, 0), size("l", 2, 0)], ..shirt() };
    let none = ItemDraft { sizes: Vec::new(), ..shirt() };
    let draft = GarmentsDraft { items: Some(vec![twice, none]), adjustments: None };
    assert_eq!(complaints(read(&draft).unwrap_err()), ["items[0].sizes[1].size", "items[1].sizes"]);
}

#[test]
fn lists_are_bounded() {
    let draft = GarmentsDraft { items: Some(vec![shirt(); 51]), adjustments: None };
    assert_eq!(complaints(read(&draft).unwrap_err()), ["items"]);
    let sizes = (0..41).map(|number| size(&format!("U{number}"), 1, 0)).collect();
    let many = ItemDraft { sizes, ..shirt() };
    let draft = GarmentsDraft { items: Some(vec![many]), adjustments: None };
    assert_eq!(complaints(read(&draft).unwrap_err()), ["items[0].sizes"]);
}

#[test]
fn adjustments_stand_only_beside_garments_and_go_with_the_last_one() {
    let alone = GarmentsDraft { items: None, adjustments: Some(vec![discount(1)]) };
    assert_eq!(complaints(read(&alone).unwrap_err()), ["adjustments"]);
    let emptied = GarmentsDraft { items: Some(Vec::new()), adjustments: None };
    assert_eq!(garments().changed_by(&emptied).unwrap(), Garments::default());
    let kept = garments().changed_by(&GarmentsDraft::default()).unwrap();
    assert_eq!(kept, garments());
}

#[test]
fn usual_sizes_have_one_spelling() {
    for (typed, kept) in [
        ("xs", "XS"),
        (" XXL ", "2XL"),
        ("xxxl", "3XL"),
        ("5xl", "5XL"),
        ("Anak 7-8", "Anak 7-8"),
        ("42", "42"),
    ] {
        assert_eq!(canonical_size(typed), kept, "{typed}");
    }
}

#[test]
fn every_word_round_trips() {
    for kind in DecorationKind::ALL {
        assert_eq!(DecorationKind::from_wire(kind.as_wire()), Some(kind));
    }
    for kind in AdjustmentKind::ALL {
        assert_eq!(AdjustmentKind::from_wire(kind.as_wire()), Some(kind));
    }
}

proptest! {
    #[test]
    fn the_matrix_sums_to_its_parts_and_agrees_with_nothing_else(
        items in proptest::collection::vec(
            (
                0_u64..500_000,
                proptest::collection::vec((1_i32..200, 0_u64..20_000), 1..9),
                proptest::collection::vec(0_u64..50_000, 0..4),
            ),
            1..6,
        ),
        fee in 1_u64..1_000_000,
        off in 1_i32..50,
    ) {
        let (mut pieces, mut rupiah) = (0_i64, 0_u64);
        let mut drafts = Vec::new();
        for (unit, sizes, prints) in &items {
            let printed: u64 = prints.iter().sum();
            let mut item = ItemDraft {
                product_name: Some("Kaos".to_owned()),
                unit_price: Some(unit.to_string()),
                ..ItemDraft::default()
            };
            for (index, (quantity, surcharge)) in sizes.iter().enumerate() {
                pieces += i64::from(*quantity);
                rupiah += u64::try_from(*quantity).unwrap() * (unit + surcharge + printed);
                item.sizes.push(size(&format!("U{index}"), *quantity, *surcharge));
            }
            for price in prints {
                item.decorations.push(DecorationDraft {
                    kind: Some("dtf".to_owned()),
                    place: Some("punggung".to_owned()),
                    price: Some(price.to_string()),
                    ..DecorationDraft::default()
                });
            }
            drafts.push(item);
        }
        let adjustment = AdjustmentDraft {
            kind: Some("biaya".to_owned()),
            description: Some("Ongkos kirim".to_owned()),
            amount: Some(fee.to_string()),
        };
        let draft = GarmentsDraft { items: Some(drafts), adjustments: Some(vec![adjustment]) };
        let garments = read(&draft).unwrap();
        prop_assert_eq!(garments.quantity(), pieces);
        prop_assert_eq!(garments.total(), Decimal::from(rupiah + fee));
        let total = Money::from_rupiah(rupiah + fee).unwrap();
        let quantity = i32::try_from(pieces).unwrap();
        let mut wrong = Complaints::default();
        garments.agree_with(quantity, total, &mut wrong);
        prop_assert!(wrong.is_empty());
        garments.agree_with(quantity + off, total, &mut wrong);
        prop_assert_eq!(complaints(wrong), vec!["quantity".to_owned()]);
    }
}
