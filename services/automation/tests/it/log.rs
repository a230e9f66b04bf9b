//! What is heard is seen, once, and goes when it is old.

use std::time::Duration as StdDuration;

use chrono::Duration;
use konveksi_contracts::v1::{
    InvoiceCreated, InvoiceState, MediaStored, NotificationSent, OrderCreated, OrderState,
    PaymentReceived,
};
use konveksi_kernel::{InvoiceId, OrderId, PaymentId, SystemClock};
use konveksi_test_support::eventually;
use serde_json::{Value, json};

use crate::support::{World, number};

const CODE: &str = "ORD-20261123-LOG";

fn order(id: OrderId) -> OrderCreated {
    let order = OrderState {
        order_id: id.to_string(),
        order_code: CODE.to_owned(),
        ..OrderState::default()
    };
    OrderCreated { order: Some(order), ..OrderCreated::default() }
}

#[expect(clippy::unnecessary_wraps, reason = "as the generated field wants it")]
fn invoice(id: OrderId) -> Option<InvoiceState> {
    Some(InvoiceState {
        order_id: id.to_string(),
        order_code: CODE.to_owned(),
        ..InvoiceState::default()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_event_becomes_an_entry_that_names_its_order() {
    let world = World::start().await;
    let id = OrderId::generate(&SystemClock);
    world.tell(id.as_uuid(), 1, &order(id)).await;
    let event = InvoiceCreated { invoice: invoice(id), notify: true };
    world.tell(InvoiceId::generate(&SystemClock).as_uuid(), 1, &event).await;
    let event = PaymentReceived { invoice: invoice(id), ..PaymentReceived::default() };
    world.tell(PaymentId::generate(&SystemClock).as_uuid(), 1, &event).await;
    let event = NotificationSent {
        order_id: id.to_string(),
        order_code: CODE.to_owned(),
        ..NotificationSent::default()
    };
    world.tell(PaymentId::generate(&SystemClock).as_uuid(), 1, &event).await;
    world.tell(PaymentId::generate(&SystemClock).as_uuid(), 1, &MediaStored::default()).await;
    world.settle(5).await;

    let (status, body) = world.log("").await;
    assert_eq!(status, 200);
    assert_eq!(body["count"], 5);
    assert_eq!((&body["next"], &body["previous"]), (&Value::Null, &Value::Null));
    let types: Vec<_> =
        body["results"].as_array().unwrap().iter().map(|row| row["type"].clone()).collect();
    assert_eq!(
        types,
        [
            "media.stored.v1",
            "notification.sent.v1",
            "payment.received.v1",
            "invoice.created.v1",
            "order.created.v1"
        ],
        "newest first"
    );
    let first = &body["results"][4];
    assert_eq!(first["order_id"], json!(id));
    assert_eq!(first["order_code"], CODE);
    assert_eq!(first["subject_id"], json!(id));
    assert_eq!(first["subject_version"], 1);
    assert!(first["occurred_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(body["results"][3]["order_code"], CODE);
    assert_eq!(body["results"][2]["order_code"], CODE);
    assert_eq!(body["results"][0]["order_id"], Value::Null, "a draft belongs to no order");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_comes_again_is_one_entry() {
    let world = World::start().await;
    let id = OrderId::generate(&SystemClock);
    world.tell(id.as_uuid(), 1, &order(id)).await;
    world.settle(1).await;
    // Once with the inbox remembering it, once after the inbox has forgotten.
    world.repeat_everything().await;
    world.settle(1).await;
    let mut conn = world.connect().await;
    number(
        &mut conn,
        "WITH gone AS (DELETE FROM inbox RETURNING 1) SELECT count(*) AS number FROM gone",
    )
    .await;
    world.repeat_everything().await;
    world.settle(1).await;
    assert_eq!(world.log("").await.1["count"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_paged_and_filtered_and_its_links_keep_the_filter() {
    let world = World::start().await;
    for _ in 0..5 {
        let id = OrderId::generate(&SystemClock);
        world.tell(id.as_uuid(), 1, &order(id)).await;
    }
    let other = PaymentId::generate(&SystemClock);
    world.tell(other.as_uuid(), 1, &MediaStored::default()).await;
    world.settle(6).await;
    let (_, body) = world.log("?type=order.created.v1&page_size=2&page=2").await;
    assert_eq!(body["count"], 5);
    assert_eq!(body["results"].as_array().unwrap().len(), 2);
    let next = body["next"].as_str().unwrap();
    assert!(next.starts_with("http://"), "{next}");
    assert!(next.ends_with("/events/?page=3&type=order.created.v1&page_size=2"), "{next}");
    assert!(body["previous"].as_str().unwrap().contains("page=1&type=order.created.v1"));
    let (_, last) = world.log("?type=order.created.v1&page_size=2&page=3").await;
    assert_eq!((last["results"].as_array().unwrap().len(), &last["next"]), (1, &Value::Null));
    assert_eq!(world.log("?type=media.stored.v1").await.1["count"], 1);
    assert_eq!(world.log("?type=invoice.expired.v1").await.1["count"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_go_after_ninety_days_and_not_before() {
    let world = World::start().await;
    let old = OrderId::generate(&SystemClock);
    world.tell(old.as_uuid(), 1, &order(old)).await;
    world.settle(1).await;
    world.clock.advance(Duration::days(89));
    let young = OrderId::generate(&SystemClock);
    world.tell(young.as_uuid(), 1, &order(young)).await;
    world.settle(2).await;
    assert_eq!(world.log("").await.1["count"], 2);
    world.clock.advance(Duration::days(2));
    let left = eventually(StdDuration::from_secs(10), async || {
        let (_, body) = world.log("").await;
        (body["count"] == 1).then_some(body)
    })
    .await;
    assert_eq!(left["results"][0]["order_id"], json!(young));
}
