//! Events that fail now and succeed later, or never.

use chrono::TimeDelta;

use crate::support::{Answer, PARKED, WAITING, World};

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_failed_is_tried_again_when_it_is_due() {
    let world = World::new().await;
    let (_relay, _consumer) = (world.order.start(), world.payment.start());
    let (first, _) = world.order.tell().await;
    world.payment.until_applied(first).await;
    world.payment.app.will_answer(first, &[Answer::Retry]);
    world.order.tell_about(first, 2).await;
    world.payment.until(WAITING, 1).await;
    world.until_empty("kv.payment").await;
    assert_eq!(world.payment.effects(first).await, 1, "the failed try was rolled back");
    world.payment.clock.advance(TimeDelta::seconds(6));
    world.payment.until(WAITING, 0).await;
    assert_eq!(world.payment.effects(first).await, 2);
    assert_eq!(world.payment.number(PARKED).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_always_fails_is_parked_after_eight_tries() {
    let world = World::new().await;
    let (_relay, _consumer) = (world.order.start(), world.payment.start());
    let (order, _) = world.order.tell().await;
    world.payment.until_applied(order).await;
    world.payment.app.will_answer(order, &[Answer::Retry; 20]);
    world.order.tell_about(order, 2).await;
    world.payment.until(WAITING, 1).await;
    for tries in 2..=8 {
        world.payment.clock.advance(TimeDelta::hours(1));
        world.payment.until("SELECT attempts FROM inbox_retry", tries).await;
    }
    world.payment.until(PARKED, 1).await;
    assert_eq!(world.payment.app.tries(order), 1 + 8, "one good event and eight tries");
    assert_eq!(world.payment.number("SELECT attempts FROM inbox_retry").await, 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_event_is_parked_at_once_and_others_go_on() {
    let world = World::new().await;
    let (_relay, _consumer) = (world.order.start(), world.payment.start());
    let (refused, _) = world.order.tell().await;
    world.payment.until_applied(refused).await;
    // It may come in a batch with the other, and is tried alone then.
    world.payment.app.will_answer(refused, &[Answer::Refuse; 2]);
    world.order.tell_about(refused, 2).await;
    let (other, _) = world.order.tell().await;
    world.payment.until(PARKED, 1).await;
    world.payment.until_applied(other).await;
    assert_eq!(
        world.payment.text("SELECT last_error FROM inbox_retry").await,
        "refused: the test says never"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_succeeds_meanwhile_settles_the_waiting_one() {
    let world = World::new().await;
    let (_relay, _consumer) = (world.order.start(), world.payment.start());
    let (order, _) = world.order.tell().await;
    world.payment.until_applied(order).await;
    world.payment.app.will_answer(order, &[Answer::Retry]);
    let told = world.order.tell_about(order, 2).await;
    world.payment.until(WAITING, 1).await;
    let express = world.payment.start();
    assert_eq!(express.accept(vec![told]).await.unwrap().applied, 1);
    world.payment.clock.advance(TimeDelta::seconds(6));
    world.payment.until(WAITING, 0).await;
    assert_eq!(world.payment.effects(order).await, 2, "one for each version");
}
