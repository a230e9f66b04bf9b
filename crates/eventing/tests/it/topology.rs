//! The broker looks like the table, and is made so again.

use konveksi_eventing::topology::{declare, differences, permissions};

use crate::support::{World, broker};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_declared_is_what_the_table_says() {
    let broker = broker().await;
    assert_eq!(differences(&broker.definitions().await), Vec::<String>::new());
    // A second declaration finds everything as it should be.
    declare(&broker.url()).await.unwrap();
    broker.delete_queue("kv.media").await;
    let told = differences(&broker.definitions().await);
    assert!(told.iter().any(|line| line.starts_with("missing: queue kv.media with")), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hearer_declares_its_lost_queue_again() {
    let world = World::new().await;
    let (_relay, _consumer) = (world.order.start(), world.payment.start());
    let orders = world.tell(1).await;
    world.each_applied_once(&orders).await;
    world.broker.delete_queue("kv.payment").await;
    konveksi_test_support::eventually(crate::support::SOON, async || {
        differences(&world.broker.definitions().await).is_empty().then_some(())
    })
    .await;
    let orders = world.tell(3).await;
    world.each_applied_once(&orders).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_services_own_rights_are_enough_for_telling_hearing_and_mending() {
    let mut world = World::new().await;
    let rights = permissions("payment");
    world.payment.amqp_url =
        world.broker.url_of_user(&rights.configure, &rights.write, &rights.read).await;
    let (_relay, consumer) = (world.order.start(), world.payment.start());
    let orders = world.tell(2).await;
    world.each_applied_once(&orders).await;
    assert!(consumer.status().is_well(), "{:?}", consumer.status());
    world.broker.delete_queue("kv.payment").await;
    konveksi_test_support::eventually(crate::support::SOON, async || {
        differences(&world.broker.definitions().await).is_empty().then_some(())
    })
    .await;
}
