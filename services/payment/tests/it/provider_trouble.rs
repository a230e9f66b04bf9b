//! The provider fails, is slow, or is asked by somebody who dies.

use chrono::Duration;
use konveksi_sandbox::Payment;
use konveksi_test_support::eventually;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::order::Order;
use crate::support::{PATIENCE, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_down_delays_the_link_and_nothing_else() {
    let world = World::start().await;
    world.sandbox.set_switches(|switches| switches.xendit_create.fail_next.count = 2);
    let order = Order::with_deposit();
    let body = order.ask_first_invoice(&world).await.expect(200);
    assert_eq!(body["invoice"]["invoice_status"], "belum dibayar");
    assert_eq!(body["payment_url"], Value::Null);
    assert_eq!(world.told("invoice.created.v1").await, 0);
    // Retries wait by the business clock: 5 s, then 30 s.
    eventually(PATIENCE, async || {
        world.clock.advance(Duration::seconds(31));
        order.money(&world).await["invoices"][0]["payment_url"].is_string().then_some(())
    })
    .await;
    assert_eq!(world.told("invoice.created.v1").await, 1);
    assert_eq!(world.sandbox.invoices().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_on_demand_says_that_the_provider_failed() {
    let world = World::start().await;
    world.sandbox.set_switches(|switches| switches.xendit_create.fail_next.count = 1);
    let order = Order::with_deposit();
    let path = format!("/internal/v1/orders/{}/payment-link", order.id);
    let answer = world.compose(&path, json!({ "snapshot": order.snapshot() })).await;
    let body = answer.expect(500);
    assert_eq!(body["error_code"], "PAYMENT_PROVIDER_FAILED");
    assert!(body["error"].is_string());
    // Asking again asks the provider again.
    let again = world.compose(&path, json!({ "snapshot": order.snapshot() })).await;
    assert!(again.expect(201)["payment_url"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_made_but_never_heard_of_is_found_not_made_again() {
    let world = World::start().await;
    // The provider acts, and the answer is lost: as when the asker dies.
    world.sandbox.set_switches(|switches| {
        switches.xendit_create.fail_next.count = 1;
        switches.xendit_create.fail_next.after_effect = true;
    });
    let order = Order::with_deposit();
    let body = order.ask_first_invoice(&world).await.expect(200);
    assert_eq!(body["payment_url"], Value::Null);
    assert_eq!(world.sandbox.invoices().len(), 1);
    let again = order.first_invoice(&world).await;
    assert_eq!(world.sandbox.invoices().len(), 1, "asked for by our name, not made twice");
    assert_eq!(again["xendit_invoice_id"], world.sandbox.invoices()[0].id);
}

#[tokio::test(flavor = "multi_thread")]
async fn money_on_a_link_whose_answer_was_lost_is_recognised_by_our_name() {
    let world = World::start().await;
    world.open_callbacks();
    world.sandbox.set_switches(|switches| {
        switches.xendit_create.fail_next.count = 1;
        switches.xendit_create.fail_next.after_effect = true;
    });
    let order = Order::with_deposit();
    order.ask_first_invoice(&world).await.expect(200);
    let id = world.sandbox.invoices()[0].id.clone();
    world.sandbox.pay(&id, Payment::default()).unwrap();
    world.callbacks_done(1).await;
    let money = order.money(&world).await;
    assert_eq!(money["invoices"][0]["invoice_status"], "sudah dibayar");
    assert_eq!(money["total_paid"], "4500000.00");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_waits_while_the_provider_cannot_confirm_it() {
    let world = World::start().await;
    world.open_callbacks();
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    world.sandbox.set_switches(|switches| switches.xendit_get.fail_next.count = 2);
    let id = invoice["xendit_invoice_id"].as_str().unwrap();
    world.sandbox.pay(id, Payment::default()).unwrap();
    let mut db = world.db().await;
    eventually(PATIENCE, async || {
        world.clock.advance(Duration::seconds(31));
        (db.texts("SELECT status FROM webhook_inbox").await == ["processed"]).then_some(())
    })
    .await;
    assert_eq!(db.number("SELECT count(*) FROM payments").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_regeneration_leaves_the_old_link_dead_and_names_the_invoice() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    world.sandbox.set_switches(|switches| switches.xendit_create.fail_next.count = 1);
    let id = invoice["id"].as_str().unwrap();
    let path = format!("/api/v1/admin/invoice/{id}/regenerate-payment-link/");
    let body = world.staff(Method::POST, &path, None).await.expect(500);
    assert_eq!(body["invoice_id"], id);
    eventually(PATIENCE, async || {
        world.clock.advance(Duration::seconds(6));
        let now = order.money(&world).await["invoices"][0].clone();
        (now["payment_url"].is_string() && now["payment_url"] != invoice["payment_url"])
            .then_some(())
    })
    .await;
}
