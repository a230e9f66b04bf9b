//! What this service tells reaches the broker, carries the whole order and no person.

use konveksi_contracts::EventMessage as _;
use konveksi_contracts::v1::{
    CustomerChanged, OrderCreated, OrderStatus, OrderUpdated, PaymentPlan, ProductionStatus,
};
use serde_json::json;

use crate::support::{ADMIN, World, path};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_order_reaches_its_hearers() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let keys = world
        .eventually(async || {
            let messages = world.broker.peek("kv.payment").await;
            let mut keys: Vec<_> =
                messages.iter().map(|message| message.routing_key.clone()).collect();
            keys.sort_unstable();
            (keys.len() == 2).then_some(keys)
        })
        .await;
    assert_eq!(keys, [CustomerChanged::TYPE, OrderCreated::TYPE]);
    let told: Vec<OrderCreated> = world.told_as().await;
    let state = told[0].order.as_ref().unwrap();
    assert_eq!(state.order_id, order["id"].as_str().unwrap());
    assert_eq!(state.order_code, order["order_code"].as_str().unwrap());
    assert_eq!((state.quantity, state.total_sen, state.paid_sen), (24, 100_000_000, 0));
    assert_eq!(state.payment_plan, i32::from(PaymentPlan::Deposit));
    assert_eq!(state.deposit_percent_hundredths, 6_000);
    assert_eq!(state.status, i32::from(OrderStatus::AwaitingLink));
    assert_eq!(state.production_status, i32::from(ProductionStatus::Waiting));
    assert!(told[0].notify && state.created_at.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_customer_changed_carries_a_person() {
    let world = World::start().await;
    let order = world.order(json!({ "design_notes": "Catatan Rahasia" })).await;
    let body = json!({
        "production_status": "selesai", "notes": "Catatan Staf", "customer_name": "Siti Aminah",
        "design_notes": "Catatan Lain",
    });
    assert_eq!(world.patch(ADMIN, &path(&order), &body).await.status, 200);
    let told = "SELECT encode(payload, 'escape') || headers::text AS word FROM outbox
                WHERE event_type <> 'customer.changed.v1'";
    let told = world.words(told).await;
    assert_eq!(told.len(), 3);
    for private in ["Budi", "Siti", "81234567890", "Catatan"] {
        assert!(!told.iter().any(|event| event.contains(private)), "{private} travels");
    }
    let actor = world.words("SELECT headers ->> 'actor' AS word FROM outbox ORDER BY seq").await;
    assert_eq!(actor, ["customer", "customer", "staff:7", "staff:7", "staff:7"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_fact_of_one_version_is_told_once() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    for quantity in [25, 26] {
        let body = json!({ "quantity": quantity });
        assert_eq!(world.patch(ADMIN, &path(&order), &body).await.status, 200);
    }
    let versions = world
        .words(
            "SELECT aggregate_version::text AS word FROM outbox
             WHERE aggregate_type = 'order' ORDER BY seq",
        )
        .await;
    assert_eq!(versions, ["1", "2", "3"]);
    assert_eq!(world.told_as::<OrderUpdated>().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_are_taken_while_the_broker_is_away() {
    let world = World::start().await;
    world.proxy.cut();
    for _ in 0..3 {
        world.order(json!({})).await;
    }
    let pending = "SELECT count(*) AS number FROM outbox WHERE published_at IS NULL";
    assert_eq!(world.number(pending).await, 4);
    world.proxy.mend();
    world.eventually(async || (world.broker.count("kv.payment").await >= 4).then_some(())).await;
}
