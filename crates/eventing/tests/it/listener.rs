//! A gateway replica hears events as they pass.

use std::sync::{Arc, Mutex};

use konveksi_contracts::v1::OrderCreated;
use konveksi_eventing::topology::permissions;
use konveksi_eventing::{Heard, Listener, ListenerSettings};
use konveksi_test_support::{TestProxy, eventually, random_word};
use secrecy::SecretString;

use crate::support::{SOON, World};

#[tokio::test(flavor = "multi_thread")]
async fn each_replica_hears_every_event_and_learns_of_a_gap() {
    let world = World::new().await;
    let rights = permissions("gateway");
    let url = world.broker.url_of_user(&rights.configure, &rights.write, &rights.read).await;
    let proxy = TestProxy::before(&url).await;
    let (one, heard_by_one) = listen(&proxy.url(&url));
    let (two, heard_by_two) = listen(&url);
    for heard in [&heard_by_one, &heard_by_two] {
        eventually(SOON, async || (connections(heard) == 1).then_some(())).await;
    }
    let _relay = world.order.start();
    let (order, _) = world.order.tell().await;
    for heard in [&heard_by_one, &heard_by_two] {
        eventually(SOON, async || (orders(heard) == [order.to_string()]).then_some(())).await;
    }
    proxy.drop_connections();
    eventually(SOON, async || (connections(&heard_by_one) == 2).then_some(())).await;
    assert!(one.is_connected());
    world.order.tell().await;
    eventually(SOON, async || (orders(&heard_by_one).len() == 2).then_some(())).await;
    assert_eq!(connections(&heard_by_two), 1);
    one.shutdown().await;
    two.shutdown().await;
}

type Log = Arc<Mutex<Vec<Heard>>>;

fn listen(url: &str) -> (Listener, Log) {
    let log = Log::default();
    let settings = ListenerSettings { amqp_url: SecretString::from(url), instance: random_word() };
    let written = log.clone();
    let listener = Listener::start(settings, move |heard| written.lock().unwrap().push(heard));
    (listener, log)
}

fn connections(log: &Log) -> usize {
    log.lock().unwrap().iter().filter(|heard| matches!(heard, Heard::Connected)).count()
}

fn orders(log: &Log) -> Vec<String> {
    let log = log.lock().unwrap();
    log.iter()
        .filter_map(|heard| match heard {
            Heard::Connected => None,
            Heard::Event(event) => event.decode::<OrderCreated>().ok(),
        })
        .map(|event| event.message.order.unwrap_or_default().order_id)
        .collect()
}
