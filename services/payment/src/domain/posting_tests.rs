//! The ledger's rules against a naive model of balances.

use std::collections::HashMap;

use konveksi_kernel::SystemClock;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;

fn rupiah(amount: u64) -> Money {
    Money::from_rupiah(amount).unwrap()
}

fn parties() -> Parties {
    Parties { order: OrderId::generate(&SystemClock), customer: CustomerId::generate(&SystemClock) }
}

fn sum(entries: &[Entry]) -> Decimal {
    entries.iter().map(|entry| entry.amount.as_decimal()).sum()
}

/// What we have grows on the debit side, what we owe or earned on the credit side.
fn grows_by_debit(account: Account) -> bool {
    match account {
        Account::Bank
        | Account::XenditClearing
        | Account::MidtransClearing
        | Account::Receivable(_)
        | Account::Fees => true,
        Account::Suspense
        | Account::Revenue
        | Account::UniqueCode
        | Account::RefundsPayable
        | Account::Deposits(_)
        | Account::Credit(_) => false,
    }
}

/// Balances seen from each account's own side.
#[derive(Default)]
struct Books(HashMap<Account, Decimal>);

impl Books {
    fn post(&mut self, entries: &[Entry]) {
        for entry in entries {
            let side = if grows_by_debit(entry.account) { Decimal::ONE } else { -Decimal::ONE };
            *self.0.entry(entry.account).or_default() += side * entry.amount.as_decimal();
        }
    }

    fn of(&self, account: Account) -> Money {
        Money::from_decimal(self.0.get(&account).copied().unwrap_or_default()).unwrap()
    }
}

#[test]
fn a_deposit_is_a_liability_until_delivery() {
    let (parties, mut books) = (parties(), Books::default());
    books.post(&payment_received(Account::XenditClearing, parties, rupiah(450), Money::ZERO, None));
    assert_eq!(books.of(Account::Deposits(parties.order)), rupiah(450));
    assert!(books.of(Account::Revenue).is_zero());

    books.post(&delivered(parties, rupiah(750), rupiah(450)));
    assert!(books.of(Account::Deposits(parties.order)).is_zero());
    assert_eq!(books.of(Account::Receivable(parties.order)), rupiah(300));
    assert_eq!(books.of(Account::Revenue), rupiah(750));

    books.post(&payment_received(
        Account::Bank,
        parties,
        rupiah(300),
        rupiah(50),
        Some(rupiah(300)),
    ));
    assert!(books.of(Account::Receivable(parties.order)).is_zero());
    assert_eq!(books.of(Account::Credit(parties.customer)), rupiah(50));
}

#[test]
fn nothing_is_booked_when_a_delivered_price_stays_the_same() {
    assert!(delivery_adjusted(parties(), rupiah(5), rupiah(5), rupiah(5)).is_empty());
}

#[derive(Debug, Clone)]
enum Step {
    Pay { allocated: u64, excess: u64 },
    Suspend(u64),
    Deliver(u64),
    Adjust(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0_u64..900, 0_u64..100)
            .prop_map(|(allocated, excess)| Step::Pay { allocated, excess: excess.max(1) }),
        (1_u64..900).prop_map(Step::Suspend),
        (1_u64..900).prop_map(Step::Deliver),
        (1_u64..900).prop_map(Step::Adjust),
    ];
    prop::collection::vec(step, 0..25)
}

proptest! {
    #[test]
    fn every_transfer_adds_up_and_nobody_is_owed_less_than_nothing(steps in steps()) {
        let (parties, mut books) = (parties(), Books::default());
        let (mut booked, mut came) = (None, Money::ZERO);
        for step in steps {
            let entries = match step {
                Step::Pay { allocated, excess } => {
                    came = came.plus(rupiah(allocated + excess)).unwrap();
                    let receivable =
                        booked.map(|_: Money| books.of(Account::Receivable(parties.order)));
                    payment_received(
                        Account::Bank, parties, rupiah(allocated), rupiah(excess), receivable,
                    )
                }
                Step::Suspend(amount) => {
                    came = came.plus(rupiah(amount)).unwrap();
                    payment_suspended(Account::Bank, rupiah(amount))
                }
                Step::Deliver(total) if booked.is_none() => {
                    booked = Some(rupiah(total));
                    let deposits = books.of(Account::Deposits(parties.order));
                    delivered(parties, rupiah(total), deposits)
                }
                Step::Adjust(total) if booked.is_some() => {
                    let receivable = books.of(Account::Receivable(parties.order));
                    let before = booked.replace(rupiah(total)).unwrap();
                    delivery_adjusted(parties, before, rupiah(total), receivable)
                }
                Step::Deliver(_) | Step::Adjust(_) => continue,
            };
            prop_assert!(sum(&entries).is_zero());
            prop_assert!(entries.iter().all(|entry| !entry.amount.is_zero()));
            prop_assert_ne!(entries.len(), 1);
            books.post(&entries);
            prop_assert!(books.0.values().all(|balance| *balance >= Decimal::ZERO));
            prop_assert_eq!(books.of(Account::Bank), came);
            prop_assert_eq!(books.of(Account::Revenue), booked.unwrap_or(Money::ZERO));
        }
    }
}

#[test]
fn what_comes_beside_an_invoice_is_neither_deposit_nor_credit() {
    let parties = parties();
    let rupiah = |amount| Money::from_rupiah(amount).unwrap();
    let mut entries =
        super::payment_received(Account::Bank, parties, rupiah(100), Money::ZERO, None);
    entries.extend(super::beside(Account::Bank, rupiah(5), rupiah(3)));
    assert!(sum(&entries).is_zero());
    let mut books = Books::default();
    books.post(&entries);
    assert_eq!(books.of(Account::Bank), rupiah(108));
    assert_eq!(books.of(Account::Deposits(parties.order)), rupiah(100));
    assert_eq!(books.of(Account::UniqueCode), rupiah(3));
    assert_eq!(books.of(Account::Credit(parties.customer)), Money::ZERO);
    assert!(super::beside(Account::Bank, Money::ZERO, Money::ZERO).is_empty());
}
