//! Events that come with an answer, before the broker's copy.

use konveksi_eventing::{AcceptError, Accepted, Envelope};

use crate::support::{Answer, World, database_proxy};

#[tokio::test(flavor = "multi_thread")]
async fn an_express_event_and_the_brokers_copy_have_one_effect() {
    let world = World::new().await;
    let consumer = world.payment.start();
    let (order, told) = world.order.tell().await;
    let packed = Envelope::encode_all(&[told]);
    let accepted = consumer.accept(Envelope::decode_all(&packed).unwrap()).await.unwrap();
    assert_eq!(accepted, Accepted { applied: 1, ..Accepted::default() });
    assert_eq!(world.payment.effects(order).await, 1, "before the broker saw it");
    let _relay = world.order.start();
    world.until_holds("kv.analytics", 1).await;
    world.each_applied_once(&[order]).await;
    let again = consumer.accept(Envelope::decode_all(&packed).unwrap()).await.unwrap();
    assert_eq!(again, Accepted { duplicates: 1, ..Accepted::default() });
}

#[tokio::test(flavor = "multi_thread")]
async fn an_express_event_that_fails_is_left_to_the_brokers_copy() {
    let world = World::new().await;
    let consumer = world.payment.start();
    let (order, told) = world.order.tell().await;
    world.payment.app.will_answer(order, &[Answer::Retry]);
    let accepted = consumer.accept(vec![told]).await.unwrap();
    assert_eq!(accepted, Accepted { failed: 1, ..Accepted::default() });
    assert_eq!(world.payment.number("SELECT count(*) FROM inbox_retry").await, 0);
    let _relay = world.order.start();
    world.each_applied_once(&[order]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_express_event_without_a_database_is_refused() {
    let world = World::new().await;
    let (database, pool) = database_proxy(&world.payment).await;
    let consumer = world.payment.start_on(&pool);
    let (_, told) = world.order.tell().await;
    database.cut();
    let refused = consumer.accept(vec![told]).await.unwrap_err();
    assert!(matches!(refused, AcceptError::Db(_)), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_express_event_with_a_broken_body_is_refused() {
    let world = World::new().await;
    let consumer = world.payment.start();
    let (_, told) = world.order.tell().await;
    let broken = Envelope { body: vec![0xff; 7], ..told };
    let refused = consumer.accept(vec![broken]).await.unwrap_err();
    assert!(matches!(refused, AcceptError::Envelope(_)), "{refused}");
}
