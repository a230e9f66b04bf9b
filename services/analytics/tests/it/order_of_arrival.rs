//! Events may come in any order and more than once; the figures must not notice.

use chrono::{TimeZone as _, Utc};
use konveksi_contracts::v1::{
    OrderCancelled, OrderCreated, OrderDeleted, OrderStatus, OrderStatusChanged, OrderUpdated,
    RefundCompleted,
};
use konveksi_kernel::{RefundId, SystemClock};
use konveksi_test_support::permutations;
use serde_json::json;

use crate::support::events::Order;
use crate::support::{World, number};

/// Tells the `step`th event of an order's life: made, linked, paid and edited, and the last two of
/// one version, as a cancellation is told.
async fn tell(world: &World, order: &Order, step: usize) {
    let id = order.id.as_uuid();
    match step {
        0 => {
            let order = order.state(OrderStatus::AwaitingLink, 0);
            world.tell(id, 1, &OrderCreated { order, ..OrderCreated::default() }).await;
        }
        1 => {
            let order = order.state(OrderStatus::LinkCreated, 0);
            world.tell(id, 2, &OrderStatusChanged { order, ..Default::default() }).await;
        }
        2 => {
            let order = order.state(OrderStatus::DepositPaid, 500);
            world.tell(id, 3, &OrderUpdated { order }).await;
        }
        3 => {
            let order = order.state(OrderStatus::Cancelled, 500);
            world.tell(id, 4, &OrderStatusChanged { order, ..Default::default() }).await;
        }
        _ => {
            let order = order.state(OrderStatus::Cancelled, 500);
            world.tell(id, 4, &OrderCancelled { order, notify: false }).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_permutation_of_an_orders_events_leaves_the_same_fact() {
    let world = World::start().await;
    let created = Utc.with_ymd_and_hms(2026, 11, 23, 5, 0, 0).unwrap();
    let permutations = permutations(&[0, 1, 2, 3, 4]);
    assert_eq!(permutations.len(), 120);
    for permutation in permutations {
        let order = Order::new("ORD-20261123-PRM", 1_000, created);
        for step in permutation {
            tell(&world, &order, step).await;
        }
    }
    world.settle(600).await;
    let mut conn = world.connect().await;
    let kinds = number(
        &mut conn,
        "SELECT count(*) AS number FROM (SELECT DISTINCT version, status, paid_rupiah, is_deleted
         FROM order_facts) AS kinds",
    )
    .await;
    assert_eq!(kinds, 1);
    let board = world.dashboard().await;
    assert_eq!(board["total_orders"], 120);
    assert_eq!(board["status_distribution"]["dibatalkan"], 120);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_counts_wherever_it_comes_between_the_others() {
    let world = World::start().await;
    let created = Utc.with_ymd_and_hms(2026, 11, 23, 5, 0, 0).unwrap();
    for permutation in permutations(&[0, 1, 2]) {
        let order = Order::new("ORD-20261123-DEL", 1_000, created);
        let id = order.id.as_uuid();
        let state = order.state(OrderStatus::LinkCreated, 0);
        for step in permutation {
            let order = state.clone();
            match step {
                0 => world.tell(id, 1, &OrderCreated { order, ..OrderCreated::default() }).await,
                1 => world.tell(id, 2, &OrderUpdated { order }).await,
                _ => world.tell(id, 2, &OrderDeleted { order }).await,
            }
        }
    }
    world.settle(18).await;
    assert_eq!(world.dashboard().await["total_orders"], 0);
    assert_eq!(world.dashboard().await["status_distribution"]["link_dibuat"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_twice_counts_once() {
    let world = World::start().await;
    let now = Utc.with_ymd_and_hms(2026, 11, 23, 5, 0, 0).unwrap();
    world.clock.set(now);
    let order = Order::new("ORD-20261123-DUP", 1_000, now);
    tell(&world, &order, 0).await;
    let (id, payment) = order.payment(1_000, now);
    world.tell(id.as_uuid(), 1, &payment).await;
    world.settle(2).await;
    let before = world.dashboard().await;
    // The same events again, by their ids, and the same payment under a new event's id.
    world.repeat_everything().await;
    world.tell(id.as_uuid(), 2, &payment).await;
    world.settle(3).await;
    assert_eq!(world.dashboard().await, before);
    assert_eq!(before["total_revenue"], json!("1000.00"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_makes_no_sense_is_parked_and_the_next_one_counts() {
    let world = World::start().await;
    let now = Utc.with_ymd_and_hms(2026, 11, 23, 5, 0, 0).unwrap();
    let broken = Order::new("ORD-20261123-BAD", 1_000, now);
    let state = broken.state(OrderStatus::Unspecified, 0);
    world.tell(broken.id.as_uuid(), 1, &OrderUpdated { order: state }).await;
    world.tell(broken.id.as_uuid(), 2, &OrderUpdated { order: None }).await;
    let good = Order::new("ORD-20261123-GUT", 1_000, now);
    tell(&world, &good, 0).await;
    let mut conn = world.connect().await;
    konveksi_test_support::eventually(std::time::Duration::from_secs(30), async || {
        let parked = "SELECT count(*) AS number FROM inbox_retry WHERE parked_at IS NOT NULL";
        let told = world.dashboard().await["total_orders"] == 1;
        (told && number(&mut conn, parked).await == 2).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_lowers_its_payments_day_whichever_is_heard_first() {
    let world = World::start().await;
    let now = Utc.with_ymd_and_hms(2026, 11, 23, 5, 0, 0).unwrap();
    world.clock.set(now);
    for refund_first in [false, true] {
        let order = Order::new("ORD-20261123-RFD", 1_000, now);
        let (id, payment) = order.payment(1_000, now);
        let refund_id = RefundId::generate(&SystemClock);
        let refund = RefundCompleted {
            refund_id: refund_id.to_string(),
            payment_id: id.to_string(),
            amount_sen: 25_000,
            ..RefundCompleted::default()
        };
        if refund_first {
            world.tell(refund_id.as_uuid(), 1, &refund).await;
        }
        world.tell(id.as_uuid(), 1, &payment).await;
        world.tell(refund_id.as_uuid(), 2, &refund).await;
    }
    world.settle(5).await;
    assert_eq!(world.dashboard().await["total_revenue"], json!("1500.00"));
}
