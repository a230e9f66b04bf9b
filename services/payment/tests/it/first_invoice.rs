//! An order's first invoice: by the composition, by the event, and by both at once.

use chrono::{DateTime, Duration, Utc};
use futures_util::future::join_all;
use konveksi_eventing::Envelope;
use konveksi_kernel::Clock as _;
use konveksi_test_support::eventually;
use serde_json::Value;

use crate::support::order::Order;
use crate::support::{PATIENCE, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_invoice_is_made_with_its_link_and_told_at_once() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let answer = order.ask_first_invoice(&world).await;
    let packed = answer.headers["x-kv-express"].to_str().unwrap().to_owned();
    let body = answer.expect(200);
    let invoice = &body["invoice"];
    assert_eq!(invoice["payment_type"], "dp");
    assert_eq!(invoice["invoice_amount"], "4500000.00");
    assert_eq!(invoice["amount_due"], "4500000.00");
    assert_eq!(invoice["dp_percent"], "60.00");
    assert_eq!(invoice["invoice_status"], "belum dibayar");
    assert_eq!(invoice["payment_url"], body["payment_url"]);
    assert_eq!(invoice["order"], order.id.to_string());
    assert_eq!(invoice["expired_at"], invoice["invoice_expired_at"]);
    let expires: DateTime<Utc> = serde_json::from_value(invoice["expired_at"].clone()).unwrap();
    assert!((expires - world.clock.now() - Duration::days(3)).abs() < Duration::minutes(1));

    let told = Envelope::decode_all(&packed).unwrap();
    assert_eq!(told[0].attributes.event_type, "invoice.created.v1");
    let at_provider = world.sandbox.invoices_of(invoice["invoice_code"].as_str().unwrap());
    assert_eq!(at_provider.len(), 1);
    assert_eq!(at_provider[0].amount, 4_500_000);
    assert_eq!(at_provider[0].id, invoice["xendit_invoice_id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_paid_at_once_is_asked_for_everything_for_two_days() {
    let world = World::start().await;
    let invoice = Order::paid_at_once().first_invoice(&world).await;
    assert_eq!(invoice["payment_type"], "full");
    assert_eq!(invoice["invoice_amount"], "7500000.00");
    assert_eq!(invoice["dp_percent"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_again_answers_the_same_invoice() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let first = order.first_invoice(&world).await;
    let second = order.first_invoice(&world).await;
    assert_eq!(first, second);
    assert_eq!(world.sandbox.invoices().len(), 1);
    assert_eq!(world.told("invoice.created.v1").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_event_makes_the_invoice_when_no_composition_does() {
    let world = World::start().await;
    let order = Order::with_deposit();
    order.tell_created(&world).await;
    eventually(PATIENCE, async || {
        let money = order.money(&world).await;
        money["invoices"][0]["payment_url"].is_string().then_some(())
    })
    .await;
    assert_eq!(world.told("invoice.created.v1").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn gateway_and_event_at_once_call_the_provider_once() {
    let world = World::start().await;
    world.sandbox.set_switches(|switches| switches.xendit_create.delay_ms = 300);
    let order = Order::with_deposit();
    order.tell_created(&world).await;
    let answers = join_all((0..8).map(|_| order.ask_first_invoice(&world))).await;
    let codes: Vec<Value> = answers
        .into_iter()
        .map(|answer| {
            let body = answer.expect(200);
            assert!(body["payment_url"].is_string(), "{body}");
            body["invoice"]["invoice_code"].clone()
        })
        .collect();
    assert!(codes.iter().all(|code| *code == codes[0]), "{codes:?}");
    world.settle(1).await;
    assert_eq!(world.sandbox.invoices().len(), 1);
    assert_eq!(world.told("invoice.created.v1").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_snapshot_makes_nothing() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let mut snapshot = order.snapshot();
    snapshot["payment_type"] = "lunas".into();
    let path = format!("/internal/v1/orders/{}/first-invoice", order.id);
    let answer = world.compose(&path, serde_json::json!({ "snapshot": snapshot })).await;
    assert_eq!(answer.expect(400)["error_code"], "VALIDATION_ERROR");
    assert_eq!(world.db().await.number("SELECT count(*) FROM order_projection").await, 0);
}
