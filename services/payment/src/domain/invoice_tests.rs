//! The invoice's moves, one by one and in random sequences.

use chrono::Duration;
use konveksi_kernel::{Clock as _, SystemClock};
use proptest::prelude::*;

use super::*;

pub(crate) fn rupiah(amount: u64) -> Money {
    Money::from_rupiah(amount).unwrap()
}

pub(crate) fn invoice(amount: u64) -> Invoice {
    let now = SystemClock.now();
    Invoice {
        id: InvoiceId::generate(&SystemClock),
        code: InvoiceCode::from_stored("INV-000001-AAA"),
        order_id: OrderId::generate(&SystemClock),
        kind: InvoiceKind::Deposit,
        seq: 1,
        installment_id: None,
        deposit_percent: None,
        amount: rupiah(amount),
        amount_paid: Money::ZERO,
        status: InvoiceStatus::Unpaid,
        channel: Channel::Whatsapp,
        notify: true,
        blast_notification: false,
        late: false,
        created_at: now,
        expires_at: now + Duration::days(3),
        paid_at: None,
        version: 1,
    }
}

#[test]
fn the_exact_amount_pays_it() {
    let mut invoice = invoice(100);
    let receipt = invoice.receive(rupiah(100), SystemClock.now()).unwrap();
    assert!(receipt.completed && !receipt.late && receipt.excess.is_zero());
    assert_eq!(invoice.status, InvoiceStatus::Paid);
    assert!(invoice.paid_at.is_some());
}

#[test]
fn a_part_leaves_a_remainder_and_too_much_becomes_credit() {
    let mut invoice = invoice(100);
    let first = invoice.receive(rupiah(30), SystemClock.now()).unwrap();
    assert!(!first.completed);
    assert_eq!(invoice.amount_due(), rupiah(70));
    let second = invoice.receive(rupiah(100), SystemClock.now()).unwrap();
    assert!(second.completed);
    assert_eq!((second.allocated, second.excess), (rupiah(70), rupiah(30)));
}

#[test]
fn money_after_expiry_is_accepted_and_flagged() {
    let mut invoice = invoice(100);
    invoice.expire().unwrap();
    let receipt = invoice.receive(rupiah(100), SystemClock.now()).unwrap();
    assert!(receipt.late && receipt.completed && invoice.late);
}

#[test]
fn money_for_a_cancelled_invoice_is_credit() {
    let mut invoice = invoice(100);
    invoice.cancel().unwrap();
    let receipt = invoice.receive(rupiah(100), SystemClock.now()).unwrap();
    assert_eq!(receipt.excess, rupiah(100));
    assert_eq!(invoice.status, InvoiceStatus::Cancelled);
}

#[test]
fn a_late_expiry_never_unpays() {
    let mut invoice = invoice(100);
    invoice.receive(rupiah(100), SystemClock.now()).unwrap();
    assert!(invoice.expire().is_err());
    assert!(invoice.reissue(SystemClock.now()).is_err());
    assert!(invoice.cancel().is_err());
    assert_eq!(invoice.status, InvoiceStatus::Paid);
}

#[test]
fn a_regenerated_invoice_lives_again_for_its_whole_lifetime() {
    let mut invoice = invoice(100);
    invoice.expire().unwrap();
    let later = SystemClock.now() + Duration::days(10);
    invoice.reissue(later).unwrap();
    assert_eq!(invoice.status, InvoiceStatus::Unpaid);
    assert_eq!(invoice.expires_at, later + Duration::days(3));
}

#[test]
fn an_amount_lowered_to_what_came_pays_it() {
    let mut invoice = invoice(100);
    invoice.receive(rupiah(40), SystemClock.now()).unwrap();
    invoice.change_amount(rupiah(30), SystemClock.now()).unwrap();
    assert_eq!((invoice.amount, invoice.status), (rupiah(40), InvoiceStatus::Paid));
}

#[derive(Debug, Clone)]
enum Move {
    Receive(u64),
    Expire,
    Cancel,
    Reissue,
    ChangeAmount(u64),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let step = prop_oneof![
        (1_u64..500).prop_map(Move::Receive),
        Just(Move::Expire),
        Just(Move::Cancel),
        Just(Move::Reissue),
        (1_u64..500).prop_map(Move::ChangeAmount),
    ];
    prop::collection::vec(step, 0..20)
}

proptest! {
    #[test]
    fn no_sequence_of_moves_breaks_an_invoice(amount in 1_u64..500, moves in moves()) {
        let mut invoice = invoice(amount);
        let now = SystemClock.now();
        let (mut came, mut used, mut credited) = (Money::ZERO, Money::ZERO, Money::ZERO);
        for step in moves {
            let (status, version) = (invoice.status, invoice.version);
            let refused = match step {
                Move::Receive(amount) => {
                    let receipt = invoice.receive(rupiah(amount), now).unwrap();
                    came = came.plus(rupiah(amount)).unwrap();
                    used = used.plus(receipt.allocated).unwrap();
                    credited = credited.plus(receipt.excess).unwrap();
                    false
                }
                Move::Expire => invoice.expire().is_err(),
                Move::Cancel => invoice.cancel().is_err(),
                Move::Reissue => invoice.reissue(now).is_err(),
                Move::ChangeAmount(amount) => invoice.change_amount(rupiah(amount), now).is_err(),
            };
            prop_assert_eq!(invoice.version, version + i64::from(!refused));
            if status == InvoiceStatus::Paid {
                prop_assert_eq!(invoice.status, InvoiceStatus::Paid, "paid is for ever");
            }
            prop_assert_eq!(used.plus(credited).unwrap(), came);
            prop_assert_eq!(invoice.amount_paid, used);
            prop_assert!(invoice.amount_paid <= invoice.amount);
            prop_assert_eq!(invoice.status == InvoiceStatus::Paid, invoice.paid_at.is_some());
            if invoice.status == InvoiceStatus::Paid {
                prop_assert!(invoice.amount_due().is_zero());
            }
        }
    }
}
