//! From the business transaction to the broker.

use std::collections::HashSet;

use konveksi_contracts::EventMessage as _;
use konveksi_contracts::v1::{MediaStored, OrderCreated};
use konveksi_db::{DbError, transaction};
use konveksi_eventing::outbox::{self, Subject};
use konveksi_eventing::topology;
use konveksi_kernel::{Clock as _, FileId, OrderId};
use konveksi_test_support::eventually;

use crate::support::{PENDING, SOON, Side, World, broker, broker_proxy};

#[tokio::test(flavor = "multi_thread")]
async fn a_committed_event_is_published_with_its_attributes() {
    let world = World::new().await;
    let _relay = world.order.start();
    let (order, told) = world.order.tell().await;
    world.until_holds("kv.payment", 1).await;
    let message = world.broker.peek("kv.payment").await.remove(0);
    assert_eq!(message.routing_key, "order.created.v1");
    let properties = &message.properties;
    assert_eq!(properties["message_id"], told.attributes.id.to_string());
    assert_eq!(properties["content_type"], "application/protobuf");
    assert_eq!(properties["delivery_mode"], 2);
    assert_eq!(properties["type"], OrderCreated::TYPE);
    assert_eq!(properties["app_id"], "order");
    let headers = &properties["headers"];
    assert_eq!(headers["cloudEvents_specversion"], "1.0");
    assert_eq!(headers["cloudEvents_id"], told.attributes.id.to_string());
    assert_eq!(headers["cloudEvents_source"], "/konveksi/order");
    assert_eq!(headers["cloudEvents_subject"], order.to_string());
    assert_eq!(headers["cloudEvents_sequence"], "1");
    assert_eq!(headers["cloudEvents_dataschema"], "konveksi.events.v1.OrderCreated");
    world.order.until(PENDING, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolled_back_change_tells_nothing() {
    let world = World::new().await;
    let relay = world.order.start();
    let mut conn = world.order.pool.get().await.unwrap();
    let order = OrderId::generate(&*world.order.clock).as_uuid();
    let refused: Result<(), DbError> = transaction(&mut conn, async |tx| {
        world.order.append(tx, order, 1).await?;
        Err(DbError::Corrupt("the rule says no".to_owned()))
    })
    .await;
    assert!(refused.is_err());
    drop(conn);
    relay.wake();
    // An event told later arrives alone: the first one was never there.
    let (_, told) = world.order.tell().await;
    world.until_holds("kv.payment", 1).await;
    let message = world.broker.peek("kv.payment").await.remove(0);
    assert_eq!(message.properties["message_id"], told.attributes.id.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_fact_about_a_version_cannot_be_told_twice() {
    let side = Side::new("order", broker().await.url()).await;
    let (order, _) = side.tell().await;
    let mut conn = side.pool.get().await.unwrap();
    let again = side.append(&mut conn, order, 1).await.unwrap_err();
    assert!(again.violates_unique("outbox_one_fact_per_version"), "{again}");
    side.append(&mut conn, order, 2).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_larger_than_256_kib_is_refused_before_it_is_told() {
    let side = Side::new("order", broker().await.url()).await;
    let mut conn = side.pool.get().await.unwrap();
    let subject =
        Subject { kind: "file", id: FileId::generate(&*side.clock).as_uuid(), version: 1 };
    let huge = MediaStored { url: "x".repeat(300_000), ..MediaStored::default() };
    let error = outbox::append(&mut conn, side.clock.now(), subject, &huge).await.unwrap_err();
    assert!(matches!(error, DbError::CheckViolation { .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_without_a_queue_is_kept_for_a_person() {
    let world = World::new().await;
    let media = Side::new("media", world.broker.url()).await;
    let _relay = media.start();
    for queue in ["kv.order", "kv.payment", "kv.automation"] {
        world.broker.delete_queue(queue).await;
    }
    tell_media_stored(&media).await;
    world.until_holds("kv.unrouted", 1).await;
    media.until(PENDING, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unroutable_event_stays_pending_until_it_can_be_routed() {
    let world = World::new().await;
    let media = Side::new("media", world.broker.url()).await;
    let _relay = media.start();
    for queue in ["kv.order", "kv.payment", "kv.automation", "kv.unrouted"] {
        world.broker.delete_queue(queue).await;
    }
    tell_media_stored(&media).await;
    media.until("SELECT count(*) FROM outbox WHERE attempts > 1", 1).await;
    assert_eq!(media.text("SELECT last_error FROM outbox").await, "NO_ROUTE");
    assert_eq!(media.number(PENDING).await, 1);
    topology::declare(&world.broker.url()).await.unwrap();
    media.until(PENDING, 0).await;
    assert_eq!(world.broker.count("kv.order").await, 1);
}

async fn tell_media_stored(media: &Side) {
    let mut conn = media.pool.get().await.unwrap();
    let subject =
        Subject { kind: "file", id: FileId::generate(&*media.clock).as_uuid(), version: 1 };
    outbox::append(&mut conn, media.clock.now(), subject, &MediaStored::default()).await.unwrap();
    media.app.wake.relay();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_relays_at_once_publish_everything() {
    const EVENTS: usize = 400;
    let world = World::new().await;
    world.tell(EVENTS).await;
    let _relays = [world.order.start(), world.order.start(), world.order.start()];
    world.order.until(PENDING, 0).await;
    let published = world.broker.peek("kv.payment").await;
    let ids: HashSet<String> =
        published.iter().map(|message| message.properties["message_id"].to_string()).collect();
    assert_eq!(ids.len(), EVENTS);
    assert_eq!(published.len(), EVENTS, "rows are locked, so no relay repeats another");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_broker_confirms_nothing_so_nothing_counts_as_published() {
    let mut world = World::new().await;
    let proxy = broker_proxy(&mut world.order).await;
    let relay = world.order.start();
    eventually(SOON, async || relay.status().relay_connected.then_some(())).await;
    proxy.freeze();
    world.order.tell().await;
    world.order.until("SELECT count(*) FROM outbox WHERE last_error IS NOT NULL", 1).await;
    assert_eq!(world.order.number(PENDING).await, 1);
    assert_eq!(world.broker.count("kv.payment").await, 0);
    // What the broker never saw is gone with the connection, and told again.
    proxy.drop_connections();
    proxy.mend();
    world.order.until(PENDING, 0).await;
    assert_eq!(world.broker.count("kv.payment").await, 1);
}
