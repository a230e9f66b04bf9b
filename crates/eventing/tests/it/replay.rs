//! Telling again what was told.

use konveksi_eventing::ops::{ReplayError, ReplayFilter, replay};

use crate::support::{PENDING, Side, World};

const LOGGED: &str = "SELECT count(*) FROM event_log";

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_changes_nothing_for_a_hearer_that_knows_it_all() {
    let world = World::new().await;
    let (_relay, _consumer) = (world.order.start(), world.payment.start());
    let orders = world.tell(30).await;
    world.each_applied_once(&orders).await;
    world.order.until(LOGGED, 30).await;
    let sent = replay_to_payment(&world, &ReplayFilter::default()).await;
    assert_eq!(sent, 30);
    world.each_applied_once(&orders).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_rebuilds_a_hearer_that_lost_everything() {
    let world = World::new().await;
    let relay = world.order.start();
    let orders = world.tell(10).await;
    world.order.until(PENDING, 0).await;
    relay.shutdown().await;
    assert_eq!(world.broker.take("kv.payment").await.len(), 10);
    // Rows that are published and not swept yet are told again as well.
    let sent = replay_to_payment(&world, &ReplayFilter::default()).await;
    assert_eq!(sent, 10);
    let _consumer = world.payment.start();
    world.each_applied_once(&orders).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_can_be_narrowed_by_subject_type_and_time() {
    let world = World::new().await;
    let _relay = world.order.start();
    let orders = world.tell(5).await;
    world.order.until(PENDING, 0).await;
    let subject = ReplayFilter { subject: Some(orders[2]), ..ReplayFilter::default() };
    assert_eq!(replay_to_payment(&world, &subject).await, 1);
    let types =
        ReplayFilter { types: vec!["order.deleted.v1".to_owned()], ..ReplayFilter::default() };
    assert_eq!(replay_to_payment(&world, &types).await, 0);
    let now = konveksi_kernel::Clock::now(&*world.order.clock);
    let past = ReplayFilter { until: Some(now), ..ReplayFilter::default() };
    assert_eq!(replay_to_payment(&world, &past).await, 5);
    let future = ReplayFilter { from: Some(now), ..ReplayFilter::default() };
    assert_eq!(replay_to_payment(&world, &future).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_to_a_queue_that_does_not_exist_is_refused() {
    let world = World::new().await;
    let _relay = world.order.start();
    world.tell(1).await;
    world.order.until(PENDING, 0).await;
    let mut conn = world.order.pool.get().await.unwrap();
    let url = world.broker.url();
    let refused = replay(&mut conn, &url, &ReplayFilter::default(), "kv.nobody").await.unwrap_err();
    assert!(matches!(refused, ReplayError::Broker(_)), "{refused}");
}

async fn replay_to_payment(world: &World, filter: &ReplayFilter) -> u64 {
    let order: &Side = &world.order;
    let mut conn = order.pool.get().await.unwrap();
    replay(&mut conn, &world.broker.url(), filter, "kv.payment").await.unwrap()
}
