//! The broker or the database goes away and comes back; nothing of ours is restarted.

use std::time::Duration;

use konveksi_test_support::eventually;

use crate::support::{Answer, PENDING, SOON, World, broker_proxy, database_proxy};

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_break_in_mid_flight_lose_and_double_nothing() {
    let mut world = World::new().await;
    let to_relay = broker_proxy(&mut world.order).await;
    let to_consumer = broker_proxy(&mut world.payment).await;
    let (_relay, _consumer) = (world.order.start(), world.payment.start());
    let mut orders = Vec::new();
    for round in 0..8 {
        orders.extend(world.tell(40).await);
        if round % 2 == 0 {
            to_relay.drop_connections();
        } else {
            to_consumer.drop_connections();
        }
    }
    world.order.until(PENDING, 0).await;
    world.each_applied_once(&orders).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_closed_by_the_broker_are_opened_again() {
    let world = World::new().await;
    let (_relay, _consumer) = (world.order.start(), world.payment.start());
    let mut orders = world.tell(20).await;
    // The management API knows new connections only after some seconds.
    eventually(SOON, async || (world.broker.close_connections().await > 0).then_some(())).await;
    orders.extend(world.tell(20).await);
    world.each_applied_once(&orders).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_commit_while_the_broker_is_down_and_are_told_after() {
    let mut world = World::new().await;
    let proxy = broker_proxy(&mut world.order).await;
    proxy.cut();
    let (relay, _consumer) = (world.order.start(), world.payment.start());
    let orders = world.tell(50).await;
    eventually(SOON, async || relay.status().last_error).await;
    assert!(!relay.status().is_well());
    assert_eq!(world.order.number(PENDING).await, 50);
    proxy.mend();
    world.each_applied_once(&orders).await;
    eventually(SOON, async || relay.status().is_well().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_database_stops_the_consumer_and_costs_no_event() {
    let world = World::new().await;
    let (database, pool) = database_proxy(&world.payment).await;
    let (_relay, consumer) = (world.order.start(), world.payment.start_on(&pool));
    let mut orders = world.tell(10).await;
    world.each_applied_once(&orders).await;
    database.cut();
    orders.extend(world.tell(10).await);
    eventually(SOON, async || consumer.status().waits_for_database.then_some(())).await;
    database.mend();
    world.each_applied_once(&orders).await;
    assert_eq!(world.broker.count("kv.payment.dead").await, 0);
    eventually(SOON, async || (!consumer.status().waits_for_database).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_cannot_mark_what_it_published_repeats_it_without_a_second_effect() {
    let world = World::new().await;
    let (database, pool) = database_proxy(&world.order).await;
    let orders = world.tell(30).await;
    let (_relay, _consumer) = (world.order.start_on(&pool), world.payment.start());
    // Somewhere between publish and mark, as often as it takes.
    for _ in 0..20 {
        database.drop_connections();
        // Pace: between publish and mark, wherever that falls.
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
    world.order.until(PENDING, 0).await;
    world.each_applied_once(&orders).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_finishes_what_was_begun_and_a_start_goes_on() {
    let world = World::new().await;
    let (relay, consumer) = (world.order.start(), world.payment.start());
    let mut orders = world.tell(60).await;
    relay.shutdown().await;
    consumer.shutdown().await;
    orders.extend(world.tell(20).await);
    let _again = (world.order.start(), world.payment.start());
    world.each_applied_once(&orders).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_kills_its_consumer_each_time_dies_alone() {
    let mut world = World::new().await;
    let relay = world.order.start();
    let mut orders = world.tell(40).await;
    world.until_holds("kv.payment", 40).await;
    relay.shutdown().await;
    let killer = orders.remove(7);
    world.payment.app.will_answer(killer, &[Answer::Hang; 30]);
    let broker = broker_proxy(&mut world.payment).await;
    while world.broker.count("kv.payment.dead").await == 0 {
        let (database, pool) = database_proxy(&world.payment).await;
        let tried = world.payment.app.tries(killer);
        let consumer = world.payment.start_on(&pool);
        eventually(SOON, async || {
            let tried_again = world.payment.app.tries(killer) > tried;
            (tried_again || world.broker.count("kv.payment.dead").await > 0).then_some(())
        })
        .await;
        // All that others see of a killed process: its connections are gone.
        drop(consumer);
        database.cut();
        broker.drop_connections();
    }
    let _consumer = world.payment.start();
    world.each_applied_once(&orders).await;
    assert_eq!(world.broker.count("kv.payment.dead").await, 1);
    assert_eq!(world.payment.effects(killer).await, 0);
}
