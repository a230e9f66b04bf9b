//! Who gets what of money that came.

use super::super::invoice::tests::{invoice, rupiah};
use super::*;

fn paid(amount: u64) -> Invoice {
    let mut invoice = invoice(amount);
    let at = invoice.created_at;
    invoice.receive(rupiah(amount), at).unwrap();
    invoice
}

#[test]
fn what_the_first_cannot_use_goes_to_others_in_turn_and_the_rest_is_credit() {
    let first = invoice(100);
    let at = first.created_at;
    let shares = allocate(rupiah(250), at, first, vec![invoice(100), invoice(20)]).unwrap();
    let parts: Vec<_> = shares.iter().map(|share| (share.amount, share.allocated)).collect();
    assert_eq!(
        parts,
        [(rupiah(100), rupiah(100)), (rupiah(100), rupiah(100)), (rupiah(50), rupiah(20))]
    );
}

#[test]
fn late_money_that_others_take_whole_leaves_the_first_no_share_of_nothing() {
    let first = paid(100);
    let (paid_before, at) = (first.id, first.created_at);
    let shares = allocate(rupiah(100), at, first, vec![invoice(100)]).unwrap();
    assert_eq!(shares.len(), 1);
    assert_ne!(shares[0].invoice.id, paid_before);
    assert_eq!((shares[0].amount, shares[0].allocated), (rupiah(100), rupiah(100)));
    assert!(shares[0].late, "it came for an invoice that waited for nothing");
}

#[test]
fn money_that_nobody_can_use_is_credit_of_the_first() {
    let first = paid(100);
    let at = first.created_at;
    let shares = allocate(rupiah(70), at, first, Vec::new()).unwrap();
    assert_eq!(shares.len(), 1);
    assert_eq!((shares[0].amount, shares[0].allocated), (rupiah(70), Money::ZERO));
}
