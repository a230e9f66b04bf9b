//! The sweep that ends invoices, by the business clock.

use chrono::Duration;
use konveksi_sandbox::Payment;
use konveksi_test_support::eventually;
use serde_json::Value;

use crate::support::order::Order;
use crate::support::{PATIENCE, World};

async fn wait_for_status(world: &World, invoice: &Value, wanted: &str) {
    let path = format!("/internal/v1/invoices/{}", invoice["id"].as_str().unwrap());
    eventually(PATIENCE, async || {
        let body = world.look(&path).await;
        (body["invoice"]["invoice_status"] == wanted).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unpaid_invoice_expires_when_its_time_has_passed_and_not_before() {
    let world = World::start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    let other = Order::paid_at_once().first_invoice(&world).await;
    // After 49 hours the two days are over, the three are not.
    world.clock.advance(Duration::hours(49));
    wait_for_status(&world, &other, "kadaluarsa").await;
    let path = format!("/internal/v1/invoices/{}", invoice["id"].as_str().unwrap());
    assert_eq!(world.look(&path).await["invoice"]["invoice_status"], "belum dibayar");
    assert_eq!(world.told("invoice.expired.v1").await, 1);

    world.clock.advance(Duration::hours(24));
    wait_for_status(&world, &invoice, "kadaluarsa").await;
    assert_eq!(world.told("invoice.expired.v1").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_invoice_never_expires() {
    let world = World::start().await;
    world.open_callbacks();
    let paid = Order::with_deposit().first_invoice(&world).await;
    let unpaid = Order::with_deposit().first_invoice(&world).await;
    world.sandbox.pay(paid["xendit_invoice_id"].as_str().unwrap(), Payment::default()).unwrap();
    world.callbacks_done(1).await;
    world.clock.advance(Duration::days(5));
    wait_for_status(&world, &unpaid, "kadaluarsa").await;
    wait_for_status(&world, &paid, "sudah dibayar").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_whose_link_was_never_made_keeps_its_time() {
    let world = World::start().await;
    world.sandbox.set_switches(|switches| switches.xendit_create.fail_next.count = 1_000);
    let order = Order::with_deposit();
    let body = order.ask_first_invoice(&world).await.expect(200);
    assert_eq!(body["payment_url"], Value::Null);
    let witness = Order::with_deposit();
    world.sandbox.reset_switches();
    let expiring = witness.first_invoice(&world).await;
    world.sandbox.set_switches(|switches| switches.xendit_create.fail_next.count = 1_000);
    world.clock.advance(Duration::days(4));
    wait_for_status(&world, &expiring, "kadaluarsa").await;
    let money = order.money(&world).await;
    assert_eq!(money["invoices"][0]["invoice_status"], "belum dibayar");
}
