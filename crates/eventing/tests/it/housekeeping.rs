//! The tables stay small and the log stays whole.

use chrono::{DateTime, TimeDelta, Utc};
use konveksi_test_support::eventually;

use crate::support::{PENDING, SOON, Side, World};

const LOGGED: &str = "SELECT count(*) FROM event_log";
const IN_DEFAULT: &str = "SELECT count(*) FROM event_log_default";
const PARTITIONS: &str = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'event_log'::regclass";

#[tokio::test(flavor = "multi_thread")]
async fn published_rows_move_to_the_log_and_pending_ones_stay() {
    let world = World::new().await;
    let relay = world.order.start();
    world.tell(7).await;
    world.order.until(LOGGED, 7).await;
    assert_eq!(world.order.number("SELECT count(*) FROM outbox").await, 0);
    relay.shutdown().await;
    world.tell(2).await;
    assert_eq!(world.order.number(PENDING).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_gets_its_months_and_gives_up_the_oldest() {
    let side = Side::new("order", String::new()).await;
    let june: DateTime<Utc> = "2026-06-15T12:00:00Z".parse().unwrap();
    maintain(&side, june).await;
    assert_eq!(side.number(PARTITIONS).await, 1 + 3, "the default one and three months");
    maintain(&side, june).await;
    assert_eq!(side.number(PARTITIONS).await, 1 + 3);
    // Fourteen months later June's has gone, July's is the oldest that is kept.
    maintain(&side, june + TimeDelta::days(14 * 30 + 10)).await;
    assert_eq!(side.number("SELECT count(to_regclass('event_log_2026_06'))").await, 0);
    assert_eq!(side.number("SELECT count(to_regclass('event_log_2026_07'))").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_came_before_their_month_are_moved_into_it() {
    let world = World::new().await;
    let far = TimeDelta::days(400);
    let relay = world.order.start();
    // The sweeper has made the present months; this event lies beyond them.
    eventually(SOON, async || (world.order.number(PARTITIONS).await == 4).then_some(())).await;
    let order = konveksi_kernel::OrderId::generate(&*world.order.clock).as_uuid();
    world.order.clock.advance(far);
    world.order.tell_about(order, 1).await;
    world.order.until(LOGGED, 1).await;
    relay.shutdown().await;
    let now = konveksi_kernel::Clock::now(&*world.order.clock);
    maintain(&world.order, now).await;
    assert_eq!(world.order.number(IN_DEFAULT).await, 0);
    assert_eq!(world.order.number(LOGGED).await, 1);
}

/// Calls the maintenance as the service's own role.
async fn maintain(side: &Side, now: DateTime<Utc>) {
    side.number(&format!("SELECT event_log_maintain('{}', 13)", now.to_rfc3339())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn old_inbox_rows_go_and_young_ones_stay() {
    let world = World::new().await;
    let relay = world.order.start();
    let consumer = world.payment.start();
    let orders = world.tell(3).await;
    world.each_applied_once(&orders).await;
    consumer.shutdown().await;
    relay.shutdown().await;
    world.payment.clock.advance(TimeDelta::days(29));
    let consumer = world.payment.start();
    // The first sweep of a start looks at the inbox too and makes the months.
    world.payment.until(PARTITIONS, 4).await;
    assert_eq!(world.payment.number("SELECT count(*) FROM inbox").await, 3);
    consumer.shutdown().await;
    world.payment.clock.advance(TimeDelta::days(2));
    let _consumer = world.payment.start();
    world.payment.until("SELECT count(*) FROM inbox", 0).await;
}
