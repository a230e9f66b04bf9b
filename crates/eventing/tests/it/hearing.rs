//! From the queue to the effect, once.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use konveksi_contracts::v1::{OrderCreated, PaymentReceived};
use konveksi_db::Connection;
use konveksi_eventing::outbox::{self, Subject};
use konveksi_eventing::{HandlerFuture, Handlers, Received};
use konveksi_test_support::{BrokerMessage, eventually};
use serde_json::json;

use crate::support::{
    Answer, App, EFFECTS_COUNT, PARKED, SOON, World, broker_proxy, database_proxy,
};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_has_its_effect() {
    let world = World::new().await;
    let (_relay, _consumer) = (world.order.start(), world.payment.start());
    let orders = world.tell(100).await;
    world.each_applied_once(&orders).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_copies_have_one_effect() {
    let world = World::new().await;
    let (_relay, _consumer) = (world.order.start(), world.payment.start());
    let orders = world.tell(5).await;
    // Analytics' copies lie still, to be sent to payment three times more.
    world.until_holds("kv.analytics", 5).await;
    let copies = world.broker.peek("kv.analytics").await;
    for _ in 0..3 {
        for copy in &copies {
            assert!(send_to_payment(&world, copy).await);
        }
    }
    world.each_applied_once(&orders).await;
}

async fn send_to_payment(world: &World, message: &BrokerMessage) -> bool {
    let copy = BrokerMessage { routing_key: "kv.payment".to_owned(), ..message.clone() };
    world.broker.publish_again("", &copy).await
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_within_one_batch_have_one_effect() {
    let world = World::new().await;
    let _relay = world.order.start();
    let orders = world.tell(2).await;
    world.until_holds("kv.payment", 2).await;
    for copy in world.broker.peek("kv.payment").await {
        assert!(send_to_payment(&world, &copy).await);
    }
    // All four lie there when the consumer comes, and arrive as one batch.
    let _consumer = world.payment.start();
    world.each_applied_once(&orders).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_commit_and_acknowledgement_has_one_effect() {
    let mut world = World::new().await;
    let proxy = broker_proxy(&mut world.payment).await;
    let cutting = proxy.clone();
    world.payment.app.once_after_commit(move || cutting.cut());
    let (_relay, consumer) = (world.order.start(), world.payment.start());
    let (order, _) = world.order.tell().await;
    world.payment.until_applied(order).await;
    eventually(SOON, async || (!consumer.status().consumer_connected).then_some(())).await;
    // The broker still has it: it was never acknowledged.
    world.until_holds("kv.payment", 1).await;
    proxy.mend();
    world.each_applied_once(&[order]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_that_dies_before_its_commit_leaves_the_event_to_the_next() {
    let world = World::new().await;
    let (database, pool) = database_proxy(&world.payment).await;
    let cutting = database.clone();
    world.payment.app.once_while_handling(move || cutting.cut());
    let (_relay, consumer) = (world.order.start(), world.payment.start_on(&pool));
    let (order, _) = world.order.tell().await;
    eventually(SOON, async || consumer.status().waits_for_database.then_some(())).await;
    consumer.shutdown().await;
    assert_eq!(world.payment.effects(order).await, 0, "its transaction was rolled back");
    let _next = world.payment.start();
    world.each_applied_once(&[order]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_poisonous_event_does_not_stop_its_batch() {
    let world = World::new().await;
    let _relay = world.order.start();
    let mut orders = world.tell(20).await;
    world.until_holds("kv.payment", 20).await;
    let poison = orders.remove(10);
    world.payment.app.will_answer(poison, &[Answer::Refuse; 2]);
    let _consumer = world.payment.start();
    world.each_applied_once(&orders).await;
    world.payment.until(PARKED, 1).await;
    assert_eq!(world.payment.effects(poison).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_panics_parks_its_event_and_others_go_on() {
    let world = World::new().await;
    let (_relay, _consumer) = (world.order.start(), world.payment.start());
    let (poison, _) = {
        let told = world.order.tell();
        let (order, event) = told.await;
        (order, event)
    };
    world.payment.until_applied(poison).await;
    // The next event about the same order makes the handler panic.
    world.payment.app.will_answer(poison, &[Answer::Panic; 2]);
    world.order.tell_about(poison, 2).await;
    world.payment.until(PARKED, 1).await;
    assert_eq!(
        world.payment.text("SELECT last_error FROM inbox_retry").await,
        "refused: the handler panicked: the test says panic"
    );
    let (order, _) = world.order.tell().await;
    world.each_applied_once(&[order, poison]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_event_ends_in_the_dead_queue_and_others_go_on() {
    let world = World::new().await;
    let (_relay, _consumer) = (world.order.start(), world.payment.start());
    let (first, _) = world.order.tell().await;
    world.until_holds("kv.analytics", 1).await;
    let whole = world.broker.peek("kv.analytics").await.remove(0);
    let broken_body = BrokerMessage {
        payload_base64: BASE64.encode([0xff; 7]),
        properties: with_new_id(&whole),
        ..whole.clone()
    };
    assert!(send_to_payment(&world, &broken_body).await);
    assert!(world.broker.publish("", "kv.payment", &json!({}), &BASE64.encode("hello")).await);
    let (second, _) = world.order.tell().await;
    world.until_holds("kv.payment.dead", 2).await;
    world.each_applied_once(&[first, second]).await;
    assert_eq!(world.payment.number(PARKED).await, 0);
}

/// The properties of `message` under another event's id.
fn with_new_id(message: &BrokerMessage) -> serde_json::Value {
    let mut properties = message.properties.clone();
    let id = konveksi_kernel::EventId::generate(&konveksi_kernel::SystemClock).to_string();
    properties["headers"]["cloudEvents_id"] = json!(id);
    properties["message_id"] = json!(id);
    properties
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_nobody_here_knows_is_acknowledged() {
    let world = World::new().await;
    let (_relay, _consumer) = (world.order.start(), world.payment.start());
    let (first, _) = world.order.tell().await;
    world.until_holds("kv.analytics", 1).await;
    let mut strange = world.broker.peek("kv.analytics").await.remove(0);
    strange.properties["headers"]["cloudEvents_type"] = json!("order.painted.v1");
    assert!(send_to_payment(&world, &strange).await);
    let (second, _) = world.order.tell().await;
    world.each_applied_once(&[first, second]).await;
    assert_eq!(world.broker.count("kv.payment.dead").await, 0);
    assert_eq!(world.payment.number(PARKED).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_handler_tells_names_its_cause_and_is_published() {
    fn tell_payment<'a>(
        _app: &'a App,
        tx: &'a mut Connection,
        event: &'a Received<OrderCreated>,
    ) -> HandlerFuture<'a> {
        Box::pin(async move {
            let subject = Subject { kind: "order", id: event.subject, version: event.version };
            let message = PaymentReceived::default();
            outbox::append(tx, event.occurred_at, subject, &message).await?;
            Ok(())
        })
    }
    let world = World::new().await;
    let handlers = Handlers::new().on::<OrderCreated>(tell_payment);
    let _messaging = (world.order.start(), world.payment.start_with(&world.payment.pool, handlers));
    let (_, told) = world.order.tell().await;
    world.until_holds("kv.analytics", 2).await;
    let second = world.broker.peek("kv.analytics").await.remove(1);
    let headers = &second.properties["headers"];
    assert_eq!(headers["cloudEvents_type"], "payment.received.v1");
    assert_eq!(headers["cloudEvents_causationid"], told.attributes.id.to_string());
    assert_eq!(headers["cloudEvents_correlationid"], told.attributes.id.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_consumers_at_once_share_the_work_and_double_nothing() {
    let world = World::new().await;
    let _relay = world.order.start();
    let orders = world.tell(200).await;
    let _consumers = [world.payment.start(), world.payment.start()];
    world.each_applied_once(&orders).await;
    assert_eq!(world.payment.number(EFFECTS_COUNT).await, 200);
}
