//! The machine as a whole: no sequence of moves leaves it, and facts commute.

use konveksi_kernel::Money;
use proptest::prelude::*;

use super::*;

fn rupiah(amount: u64) -> Money {
    Money::from_rupiah(amount).unwrap()
}

const TOTAL: u64 = 1_000;

/// Anything that can be done to an order.
#[derive(Debug, Clone)]
enum Action {
    Link,
    FinalMessage,
    Money(MoneyReceived),
    Status(OrderStatus),
    Production(ProductionStatus),
    FinalPayment,
    Pieces(ProductionStatus, ProductionStatus),
}

/// What counts of pieces can say.
const COUNTED: [ProductionStatus; 3] =
    [ProductionStatus::Waiting, ProductionStatus::InProgress, ProductionStatus::Finished];

fn money() -> impl Strategy<Value = MoneyReceived> {
    let kind =
        prop_oneof![Just(InvoiceKind::Deposit), Just(InvoiceKind::Final), Just(InvoiceKind::Full)];
    (kind, any::<bool>(), 0..=TOTAL * 2, 1_i64..20).prop_map(
        |(kind, invoice_settled, paid, money_version)| MoneyReceived {
            kind,
            invoice_settled,
            order_total: rupiah(TOTAL),
            order_paid: rupiah(paid),
            money_version,
        },
    )
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        Just(Action::Link),
        Just(Action::FinalMessage),
        money().prop_map(Action::Money),
        proptest::sample::select(OrderStatus::ALL.to_vec()).prop_map(Action::Status),
        proptest::sample::select(ProductionStatus::ALL.to_vec()).prop_map(Action::Production),
        Just(Action::FinalPayment),
        (proptest::sample::select(COUNTED.to_vec()), proptest::sample::select(COUNTED.to_vec()))
            .prop_map(|(before, after)| Action::Pieces(before, after)),
    ]
}

fn perform(standing: &mut Standing, action: &Action) -> Result<Change, Refusal> {
    match action {
        Action::Link => Ok(standing.link_created()),
        Action::FinalMessage => Ok(standing.final_message_sent()),
        Action::Money(fact) => Ok(standing.money_received(rupiah(TOTAL), fact)),
        Action::Status(to) => standing.staff_status(*to),
        Action::Production(to) => standing.staff_production(*to),
        Action::FinalPayment => standing.ask_final_payment(rupiah(TOTAL)),
        Action::Pieces(before, after) => standing.pieces_reported(*before, *after),
    }
}

/// How far a status is on the way; cancelled is off the way.
fn rank(status: OrderStatus) -> Option<usize> {
    (status != OrderStatus::Cancelled)
        .then(|| OrderStatus::ALL.iter().position(|&other| other == status).unwrap())
}

proptest! {
    #[test]
    fn no_sequence_of_moves_leaves_the_machine(
        actions in proptest::collection::vec(action(), 0..40),
    ) {
        let mut standing = Standing::NEW;
        for action in &actions {
            let before = standing;
            match perform(&mut standing, action) {
                Err(_) => prop_assert_eq!(standing, before, "a refused move changes nothing"),
                Ok(change) => {
                    prop_assert_eq!(change.status.is_some(), standing.status() != before.status());
                    prop_assert_eq!(
                        change.production.is_some(),
                        standing.production() != before.production()
                    );
                }
            }
            // Statuses never step back, and an end is an end.
            match (rank(before.status()), rank(standing.status())) {
                (Some(from), Some(to)) => prop_assert!(to >= from, "{action:?} stepped back"),
                (None, after) => prop_assert_eq!(after, None, "a cancelled order came back"),
                (Some(_), None) => prop_assert_ne!(before.status(), OrderStatus::PaidInFull),
            }
            if before.status() != standing.status()
                && matches!(standing.status(), OrderStatus::DepositPaid | OrderStatus::PaidInFull)
            {
                prop_assert!(matches!(action, Action::Money(_)), "only money makes it paid");
            }
            prop_assert!(standing.money_version() >= before.money_version());
        }
    }

    #[test]
    fn facts_in_any_order_and_twice_leave_the_same(
        // What payment says of one order: versions differ, as its own row lock makes sure.
        amounts in proptest::collection::vec((1_u64..600, any::<bool>()), 1..5),
        link in any::<bool>(),
        message in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let mut paid = 0;
        let mut facts: Vec<Action> = Vec::new();
        for (index, (amount, settled)) in amounts.into_iter().enumerate() {
            paid += amount;
            facts.push(Action::Money(MoneyReceived {
                kind: InvoiceKind::Deposit,
                invoice_settled: settled,
                order_total: rupiah(TOTAL),
                order_paid: rupiah(paid),
                money_version: i64::try_from(index).unwrap() + 1,
            }));
        }
        facts.extend(link.then_some(Action::Link));
        facts.extend(message.then_some(Action::FinalMessage));
        let apply = |order: &[Action]| {
            let mut standing = Standing::NEW;
            for action in order {
                perform(&mut standing, action).unwrap();
            }
            standing
        };
        let expected = apply(&facts);
        let mut shuffled = [facts.clone(), facts].concat();
        let length = shuffled.len();
        for index in 0..length {
            let other = usize::try_from(seed.rotate_left(u32::try_from(index).unwrap() * 7)
                % u64::try_from(length).unwrap()).unwrap();
            shuffled.swap(index, other);
        }
        prop_assert_eq!(apply(&shuffled), expected);
    }

    #[test]
    fn what_is_paid_is_what_the_newest_fact_says(facts in proptest::collection::vec(money(), 1..10)) {
        let mut standing = Standing::NEW;
        for fact in &facts {
            standing.money_received(rupiah(TOTAL), fact);
        }
        let newest = facts.iter().map(|fact| fact.money_version).max().unwrap();
        let first_of_it = facts.iter().find(|fact| fact.money_version == newest).unwrap();
        prop_assert_eq!(standing.paid(), first_of_it.order_paid);
        prop_assert_eq!(
            standing.is_fully_paid(rupiah(TOTAL)),
            first_of_it.order_paid >= rupiah(TOTAL)
        );
    }
}

fn settled(kind: InvoiceKind, paid: u64, money_version: i64) -> MoneyReceived {
    MoneyReceived {
        kind,
        invoice_settled: true,
        order_total: rupiah(TOTAL),
        order_paid: rupiah(paid),
        money_version,
    }
}

#[test]
fn a_deposit_then_the_rest_reach_lunas() {
    let mut standing = Standing::NEW;
    standing.link_created();
    standing.money_received(rupiah(TOTAL), &settled(InvoiceKind::Deposit, 600, 1));
    assert_eq!(standing.status(), OrderStatus::DepositPaid);
    standing.ask_final_payment(rupiah(TOTAL)).unwrap();
    standing.final_message_sent();
    assert_eq!(standing.status(), OrderStatus::AwaitingFinalPayment);
    let change = standing.money_received(rupiah(TOTAL), &settled(InvoiceKind::Final, 1_000, 2));
    assert_eq!(
        change.status,
        Some(Step { from: OrderStatus::AwaitingFinalPayment, to: OrderStatus::PaidInFull })
    );
    assert!(standing.is_fully_paid(rupiah(TOTAL)));
}

#[test]
fn part_of_an_invoice_moves_no_status() {
    let mut standing = Standing::NEW;
    standing.link_created();
    let part = MoneyReceived { invoice_settled: false, ..settled(InvoiceKind::Deposit, 100, 1) };
    let change = standing.money_received(rupiah(TOTAL), &part);
    assert_eq!(change, Change { details: true, ..Change::default() });
    assert_eq!(standing.status(), OrderStatus::LinkCreated);
    assert_eq!(standing.paid(), rupiah(100));
}

#[test]
fn a_full_invoice_over_an_older_smaller_total_is_not_everything() {
    let mut standing = Standing::NEW;
    let fact = settled(InvoiceKind::Full, 1_000, 1);
    standing.money_received(rupiah(2_000), &fact);
    assert_eq!(standing.status(), OrderStatus::DepositPaid);
    assert!(!standing.is_fully_paid(rupiah(2_000)));
}

#[test]
fn money_for_a_cancelled_order_is_counted_and_leaves_it_cancelled() {
    let mut standing = Standing::NEW;
    standing.staff_status(OrderStatus::Cancelled).unwrap();
    let change = standing.money_received(rupiah(TOTAL), &settled(InvoiceKind::Full, 1_000, 1));
    assert_eq!(change, Change { details: true, ..Change::default() });
    assert_eq!(standing.status(), OrderStatus::Cancelled);
    assert_eq!(standing.paid(), rupiah(1_000));
}

#[test]
fn cancelling_ends_unfinished_work_and_leaves_finished_work() {
    let mut waiting = Standing::NEW;
    let change = waiting.staff_status(OrderStatus::Cancelled).unwrap();
    assert_eq!(change.production.map(|step| step.to), Some(ProductionStatus::Cancelled));
    assert_eq!(
        waiting.staff_production(ProductionStatus::InProgress),
        Err(Refusal::OrderCancelled)
    );

    let mut finished = Standing::NEW;
    finished.staff_production(ProductionStatus::Finished).unwrap();
    finished.staff_status(OrderStatus::Cancelled).unwrap();
    assert_eq!(finished.production(), ProductionStatus::Finished);
}

#[test]
fn a_final_payment_is_asked_for_only_after_the_deposit_and_again_without_effect() {
    let mut standing = Standing::NEW;
    assert_eq!(
        standing.ask_final_payment(rupiah(TOTAL)),
        Err(Refusal::FinalPayment { from: OrderStatus::AwaitingLink })
    );
    standing.money_received(rupiah(TOTAL), &settled(InvoiceKind::Deposit, 600, 1));
    assert!(standing.ask_final_payment(rupiah(TOTAL)).is_ok());
    assert!(standing.ask_final_payment(rupiah(TOTAL)).unwrap().is_nothing());
    standing.final_message_sent();
    assert_eq!(
        standing.ask_final_payment(rupiah(TOTAL)),
        Err(Refusal::FinalPayment { from: OrderStatus::AwaitingFinalPayment })
    );
}

/// An order that stands at this pair of states.
fn standing_at(status: OrderStatus, production: ProductionStatus) -> Standing {
    Standing::restore(status, production, Money::ZERO, 0)
}

#[test]
fn every_pair_of_states_answers_every_target() {
    for status in OrderStatus::ALL {
        for production in ProductionStatus::ALL {
            for to in OrderStatus::ALL {
                let mut standing = standing_at(status, production);
                let moved = standing.staff_status(to);
                let allowed = to == status || status.staff_move(to).is_ok();
                assert_eq!(moved.is_ok(), allowed, "{status:?} {production:?} to {to:?}");
                let expected = match moved {
                    // Cancelling ends unfinished work, and only that.
                    Ok(change) if !change.is_nothing() && to == OrderStatus::Cancelled => {
                        let ended = matches!(
                            production,
                            ProductionStatus::Waiting | ProductionStatus::InProgress
                        );
                        let work = if ended { ProductionStatus::Cancelled } else { production };
                        standing_at(to, work)
                    }
                    Ok(_) => standing_at(to, production),
                    Err(_) => standing_at(status, production),
                };
                assert_eq!(standing, expected, "{status:?} {production:?} to {to:?}");
            }
            for to in ProductionStatus::ALL {
                let mut standing = standing_at(status, production);
                let cancelled =
                    status == OrderStatus::Cancelled && to != ProductionStatus::Cancelled;
                let allowed = to == production || (!cancelled && production.staff_move(to).is_ok());
                let moved = standing.staff_production(to);
                assert_eq!(moved.is_ok(), allowed, "{status:?} {production:?} to {to:?}");
                let expected = if allowed { to } else { production };
                assert_eq!(standing, standing_at(status, expected));
            }
        }
    }
}

#[test]
fn production_follows_the_counts_on_and_back_but_not_behind_the_staff() {
    use ProductionStatus::{Finished, InProgress, Shipped, Waiting};
    for (stands, before, after, expected) in [
        (Waiting, Waiting, InProgress, InProgress),
        (InProgress, InProgress, Finished, Finished),
        (Waiting, InProgress, Finished, Finished),
        // Sent back.
        (Finished, Finished, InProgress, InProgress),
        (InProgress, InProgress, Waiting, Waiting),
        // Staff were ahead of the counts.
        (Finished, Waiting, InProgress, Finished),
        (Finished, InProgress, InProgress, Finished),
        // And behind them.
        (Waiting, InProgress, InProgress, InProgress),
    ] {
        let mut standing = standing_at(OrderStatus::DepositPaid, stands);
        standing.pieces_reported(before, after).unwrap();
        assert_eq!(standing.production(), expected, "{stands:?}: {before:?} to {after:?}");
    }
    let mut shipped = standing_at(OrderStatus::PaidInFull, Shipped);
    assert_eq!(
        shipped.pieces_reported(Finished, InProgress),
        Err(Refusal::Production { from: Shipped, to: InProgress })
    );
    let mut cancelled = standing_at(OrderStatus::Cancelled, Waiting);
    assert_eq!(cancelled.pieces_reported(Waiting, InProgress), Err(Refusal::OrderCancelled));
}

#[test]
fn asking_for_the_present_state_changes_nothing() {
    let mut standing = Standing::NEW;
    assert!(standing.staff_status(OrderStatus::AwaitingLink).unwrap().is_nothing());
    assert!(standing.staff_production(ProductionStatus::Waiting).unwrap().is_nothing());
}
