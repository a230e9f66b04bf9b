//! When parts are told, and what a plan's parts say of the plan.

use super::*;

fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 7, number).unwrap()
}

#[test]
fn reminders_come_step_by_step_and_end() {
    let steps = [3, 0];
    assert_eq!(next_reminder(day(15), &steps, day(1)), Some((day(12), 3)));
    assert_eq!(next_reminder(day(15), &steps, day(12)), Some((day(12), 3)));
    assert_eq!(next_reminder(day(15), &steps, day(13)), Some((day(15), 0)));
    assert_eq!(next_reminder(day(15), &steps, day(16)), None);
    assert_eq!(next_reminder(day(15), &[], day(1)), None);
}

#[test]
fn a_service_that_slept_tells_the_latest_step_alone() {
    let steps = [7, 3, 0];
    assert_eq!(reached_step(day(15), &steps, day(1)), None);
    assert_eq!(reached_step(day(15), &steps, day(8)), Some(7));
    assert_eq!(reached_step(day(15), &steps, day(13)), Some(3));
    assert_eq!(reached_step(day(15), &steps, day(15)), Some(0));
    assert_eq!(reached_step(day(15), &steps, day(16)), None, "overdue is told another way");
}
