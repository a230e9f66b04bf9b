//! Plans that add up and plans that do not.

use chrono::{Duration, TimeZone as _};
use proptest::prelude::*;

use super::*;

fn at(day: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2025, 7, 1, 0, 0, 0).unwrap() + Duration::days(day)
}

fn rupiah(amount: u64) -> Money {
    Money::from_rupiah(amount).unwrap()
}

fn parts(amounts: &[u64]) -> Vec<Part> {
    let days = (0..).step_by(14).map(at);
    amounts
        .iter()
        .zip(days)
        .map(|(&amount, due_at)| Part {
            amount: rupiah(amount),
            due_at,
            description: String::new(),
        })
        .collect()
}

#[test]
fn every_word_reads_back() {
    for form in PlanForm::ALL {
        assert_eq!(PlanForm::from_wire(form.as_wire()), Some(form));
    }
    for state in PlanState::ALL {
        assert_eq!(PlanState::from_wire(state.as_wire()), Some(state));
    }
}

#[test]
fn the_specs_three_parts_are_a_plan_even_when_their_days_have_passed() {
    let spec = parts(&[2_500_000, 2_500_000, 2_500_000]);
    assert_eq!(check(&spec, rupiah(7_500_000), at(0)), Ok(()));
    assert_eq!(check(&spec, rupiah(7_500_000), at(500)), Ok(()));
}

#[test]
fn a_rupiah_more_or_less_is_no_plan() {
    let three = parts(&[2_500_000, 2_500_000, 2_500_000]);
    for left in [7_499_999, 7_500_001] {
        let refused = check(&three, rupiah(left), at(0));
        assert!(matches!(refused, Err(PlanError::Sum { .. })), "{refused:?}");
    }
}

#[test]
fn what_makes_no_plan_is_named_by_its_place() {
    let now = at(0);
    assert_eq!(check(&[], rupiah(1), now), Err(PlanError::Count(0)));
    let thirteen = parts(&[1; 13]);
    assert_eq!(check(&thirteen, rupiah(13), now), Err(PlanError::Count(13)));
    assert_eq!(check(&parts(&[5, 0]), rupiah(5), now), Err(PlanError::Amount(1)));
    let mut sen = parts(&[5, 5]);
    sen[0].amount = Money::from_sen(550).unwrap();
    assert_eq!(check(&sen, rupiah(10), now), Err(PlanError::Amount(0)));
    let mut same_day = parts(&[5, 5]);
    same_day[1].due_at = same_day[0].due_at + Duration::hours(3);
    assert_eq!(check(&same_day, rupiah(10), now), Err(PlanError::Order(1)));
    let mut far = parts(&[5, 5]);
    far[1].due_at = at(FURTHEST_DAYS + 1);
    assert_eq!(check(&far, rupiah(10), now), Err(PlanError::TooFar(1)));
}

#[test]
fn a_day_is_a_day_in_jakarta() {
    // 16:59 and 17:01 UTC stand on two days there.
    let mut two = parts(&[5, 5]);
    two[0].due_at = Utc.with_ymd_and_hms(2025, 7, 1, 16, 59, 0).unwrap();
    two[1].due_at = Utc.with_ymd_and_hms(2025, 7, 1, 17, 1, 0).unwrap();
    assert_eq!(check(&two, rupiah(10), at(0)), Ok(()));
}

#[test]
fn half_of_an_odd_sum_leaves_the_odd_rupiah_to_the_end() {
    let two = two_step(rupiah(333_333), Decimal::from(50), [at(0), at(14)]).unwrap();
    assert_eq!((two[0].amount, two[1].amount), (rupiah(166_666), rupiah(166_667)));
}

proptest! {
    #[test]
    fn made_parts_always_make_the_sum(
        left in 12_u64..1_000_000_000_000, count in 1_i64..=12, percent in 1_u32..=99,
    ) {
        let days: Vec<_> = (0..count).map(|day| at(day * 7)).collect();
        let same = equal(rupiah(left), &days).unwrap();
        prop_assert_eq!(check(&same, rupiah(left), at(0)), Ok(()));
        let two = two_step(rupiah(left), Decimal::from(percent), [at(0), at(1)]).unwrap();
        let sum = two[0].amount.plus(two[1].amount).unwrap();
        prop_assert_eq!(sum, rupiah(left));
    }

    #[test]
    fn only_the_exact_sum_is_taken(
        amounts in proptest::collection::vec(1_u64..1_000_000, 1..=12), off in -3_i64..=3,
    ) {
        let sum: u64 = amounts.iter().sum();
        let left = rupiah(sum.saturating_add_signed(off));
        prop_assert_eq!(check(&parts(&amounts), left, at(0)).is_ok(), off == 0);
    }
}
