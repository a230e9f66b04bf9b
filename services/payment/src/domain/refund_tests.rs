//! The moves of a refund, alone and in every order.

use konveksi_kernel::{Clock as _, SystemClock};
use proptest::prelude::*;

use super::*;

fn refund(provider: Option<PaymentSource>, needs_second: bool) -> Refund {
    let now = SystemClock.now();
    let amount = Money::from_rupiah(1_000_000).unwrap();
    Refund {
        id: RefundId::generate(&SystemClock),
        payment_id: PaymentId::generate(&SystemClock),
        invoice_id: InvoiceId::generate(&SystemClock),
        order_id: OrderId::generate(&SystemClock),
        amount,
        parts: RefundParts { credit: Money::ZERO, order: amount, from_revenue: false },
        reason: "Order cancelled by customer".to_owned(),
        method: provider.map_or(RefundMethod::BankTransfer, |_provider| RefundMethod::Original),
        provider,
        state: if needs_second { RefundState::Requested } else { RefundState::Approved },
        requested_by: "7".to_owned(),
        needs_second,
        approved_by: None,
        same_person: false,
        provider_ref: None,
        reference: None,
        proof_file_id: None,
        failure: None,
        due_at: None,
        attempts: 0,
        version: 1,
        created_at: now,
        updated_at: now,
        completed_at: None,
    }
}

fn actor(name: &str, is_owner: bool) -> Actor {
    Actor { name: name.to_owned(), is_owner }
}

#[test]
fn every_word_reads_back() {
    for state in RefundState::ALL {
        assert_eq!(RefundState::from_wire(state.as_wire()), Some(state));
    }
    for method in RefundMethod::ALL {
        assert_eq!(RefundMethod::from_wire(method.as_wire()), Some(method));
    }
}

#[test]
fn who_asked_may_not_agree_unless_they_own_the_workshop() {
    let now = SystemClock.now();
    let mut one = refund(None, true);
    assert_eq!(one.approve(&actor("7", false), now), Err(RefundError::SecondPerson));
    one.approve(&actor("8", false), now).unwrap();
    assert!(!one.same_person);

    let mut own = refund(None, true);
    own.approve(&actor("7", true), now).unwrap();
    assert!(own.same_person, "the owner's second call is noted");
}

#[test]
fn what_the_provider_pays_no_clerk_completes() {
    let now = SystemClock.now();
    let mut one = refund(Some(PaymentSource::Xendit), false);
    let by_hand = one.paid_by_hand("TRX-1".to_owned(), None, now);
    assert_eq!(by_hand, Err(RefundError::ProviderDecides));
    one.begin(now).unwrap();
    let cancelled = one.cancel("changed my mind".to_owned(), now);
    assert!(matches!(cancelled, Err(RefundError::Refused { .. })), "it may be paid already");
    one.paid_by_provider(now, now).unwrap();
    assert_eq!(one.state, RefundState::Completed);
}

#[test]
fn asking_again_comes_ever_later() {
    let delays: Vec<i64> = (1..9).map(poll_delay_seconds).collect();
    assert_eq!(delays, [60, 300, 900, 3_600, 21_600, 86_400, 86_400, 86_400]);
}

proptest! {
    #[test]
    fn no_sequence_of_moves_leaves_an_end(moves in prop::collection::vec(0_u8..6, 0..12), by_provider: bool, second: bool) {
        let now = SystemClock.now();
        let mut one = refund(by_provider.then_some(PaymentSource::Xendit), second);
        for step in moves {
            let before = one.clone();
            let moved = match step {
                0 => one.approve(&actor("8", false), now),
                1 => one.begin(now),
                2 => one.paid_by_hand("r".to_owned(), None, now),
                3 => one.paid_by_provider(now, now),
                4 => one.fail("x".to_owned(), now),
                _ => one.cancel("x".to_owned(), now),
            };
            if moved.is_err() {
                prop_assert_eq!(&one, &before, "a refusal changes nothing");
            }
            let ended = matches!(
                before.state,
                RefundState::Completed | RefundState::Failed | RefundState::Cancelled
            );
            if ended {
                prop_assert!(moved.is_err());
            }
            prop_assert_eq!(one.state == RefundState::Completed, one.completed_at.is_some());
            prop_assert!(one.state == RefundState::Requested || one.state == RefundState::Cancelled
                || !one.needs_second || one.approved_by.is_some());
        }
    }
}
