//! What waits for a person, and letting it go again.

use konveksi_eventing::ops::{
    Side, Which, broker_dead_count, broker_dead_requeue, dead_list, dead_requeue, status,
};
use konveksi_kernel::Clock as _;
use serde_json::json;

use crate::support::{Answer, PARKED, PENDING, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_parked_event_is_listed_and_can_be_tried_again() {
    let world = World::new().await;
    let (_relay, _consumer) = (world.order.start(), world.payment.start());
    let (order, _) = world.order.tell().await;
    world.payment.until_applied(order).await;
    world.payment.app.will_answer(order, &[Answer::Refuse]);
    let told = world.order.tell_about(order, 2).await;
    world.payment.until(PARKED, 1).await;

    let mut conn = world.payment.pool.get().await.unwrap();
    let dead = dead_list(&mut conn, 10).await.unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!((dead[0].side, dead[0].id), (Side::Inbox, told.attributes.id));
    assert_eq!(dead[0].event_type, "order.created.v1");
    assert_eq!(status(&mut conn).await.unwrap().dead, 1);

    let stranger = Which::One(konveksi_kernel::EventId::generate(&*world.payment.clock));
    let now = world.payment.clock.now();
    assert_eq!(dead_requeue(&mut conn, stranger, now).await.unwrap(), 0);
    let this = Which::One(told.attributes.id);
    assert_eq!(dead_requeue(&mut conn, this, now).await.unwrap(), 1);
    world.payment.until("SELECT count(*) FROM inbox_retry", 0).await;
    assert_eq!(world.payment.effects(order).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parked_outbox_row_is_listed_and_told_after_a_requeue() {
    let world = World::new().await;
    let (_, told) = world.order.tell().await;
    let mut conn = world.order.pool.get().await.unwrap();
    diesel_async::RunQueryDsl::execute(
        diesel::sql_query("UPDATE outbox SET parked_at = now(), last_error = 'NO_ROUTE'"),
        &mut conn,
    )
    .await
    .unwrap();
    let _relay = world.order.start();
    let dead = dead_list(&mut conn, 10).await.unwrap();
    assert_eq!((dead[0].side, dead[0].id), (Side::Outbox, told.attributes.id));
    assert_eq!(world.order.number(PENDING).await, 0);
    let now = world.order.clock.now();
    assert_eq!(dead_requeue(&mut conn, Which::All, now).await.unwrap(), 1);
    world.until_holds("kv.payment", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_messages_on_the_broker_are_counted_and_sent_again() {
    let world = World::new().await;
    let _relay = world.order.start();
    let (order, _) = world.order.tell().await;
    world.until_holds("kv.payment", 1).await;
    // The only copy lies dead: without its consumer it was moved by hand.
    let message = world.broker.take("kv.payment").await.remove(0);
    let properties = &message.properties;
    let body = &message.payload_base64;
    assert!(world.broker.publish("", "kv.payment.dead", properties, body).await);
    assert!(world.broker.publish("", "kv.payment.dead", &json!({}), "aGVsbG8=").await);
    let url = world.broker.url();
    assert_eq!(broker_dead_count(&url, "payment").await.unwrap(), 2);

    let _consumer = world.payment.start();
    assert_eq!(broker_dead_requeue(&url, "payment").await.unwrap(), 2);
    world.each_applied_once(&[order]).await;
    // What is no event comes back.
    world.until_holds("kv.payment.dead", 1).await;
}
