//! The provider's callbacks: who may send them, what they change, how often.

use chrono::Duration;
use futures_util::future::join_all;
use konveksi_sandbox::{Payment, ReleaseOrder};
use konveksi_test_support::eventually;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::order::Order;
use crate::support::{PATIENCE, World};

/// A callback as the sandbox would send it for its invoice, with some fields of our own.
fn body_of(world: &World, invoice: &Value, own: &Value) -> Vec<u8> {
    let id = invoice["xendit_invoice_id"].as_str().unwrap();
    let mut body = serde_json::to_value(world.sandbox.invoice(id).unwrap()).unwrap();
    for (key, value) in own.as_object().unwrap() {
        body[key] = value.clone();
    }
    serde_json::to_vec(&body).unwrap()
}

fn pay_quietly(world: &World, invoice: &Value, payment: Payment<'_>) {
    world.sandbox.set_switches(|switches| switches.callbacks.enabled = false);
    world.sandbox.pay(invoice["xendit_invoice_id"].as_str().unwrap(), payment).unwrap();
}

async fn invoice_status(world: &World, invoice: &Value) -> Value {
    let path = format!("/internal/v1/invoices/{}", invoice["id"].as_str().unwrap());
    world.look(&path).await["invoice"]["invoice_status"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_at_the_provider_pays_the_invoice_and_is_booked() {
    let world = World::start().await;
    world.open_callbacks();
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    let id = invoice["xendit_invoice_id"].as_str().unwrap();
    world.sandbox.pay(id, Payment::default()).unwrap();
    world.callbacks_done(1).await;

    assert_eq!(invoice_status(&world, &invoice).await, "sudah dibayar");
    let money = order.money(&world).await;
    assert_eq!(money["total_paid"], "4500000.00");
    assert_eq!(money["payments"][0]["status"], "success");
    assert_eq!(money["payments"][0]["payment_method"], "BANK_TRANSFER");
    assert_eq!(world.told("payment.received.v1").await, 1);
    let mut db = world.db().await;
    assert_eq!(db.balances().await, ["clearing: 4500000", "deposits: 4500000"]);
    let log = world.look(&format!("/internal/v1/orders/{}/webhook-logs", order.id)).await;
    assert_eq!(log[0]["source"], "xendit");
    assert_eq!(log[0]["webhook_type"], "invoice.paid");
    assert_eq!(log[0]["status"], "processed");
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_identical_callbacks_at_once_are_one_payment() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    pay_quietly(&world, &invoice, Payment::default());
    let body = body_of(&world, &invoice, &json!({}));
    let token = world.sandbox.callback_token();
    let calls = (0..20).map(|_| world.callback(Some(&token), body.clone()));
    for answer in join_all(calls).await {
        assert_eq!(answer.expect(200)["status"], "success");
    }
    world.callbacks_done(1).await;
    let mut db = world.db().await;
    assert_eq!(db.number("SELECT count(*) FROM payments").await, 1);
    assert_eq!(world.told("payment.received.v1").await, 1);
    assert_eq!(db.balances().await, ["clearing: 4500000", "deposits: 4500000"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn different_callbacks_about_one_payment_at_once_are_one_payment() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    pay_quietly(&world, &invoice, Payment::default());
    let token = world.sandbox.callback_token();
    let bodies: Vec<_> =
        (0..12).map(|note| body_of(&world, &invoice, &json!({ "note": note }))).collect();
    let calls = bodies.into_iter().map(|body| world.callback(Some(&token), body));
    for answer in join_all(calls).await {
        answer.expect(200);
    }
    world.callbacks_done(12).await;
    let mut db = world.db().await;
    assert_eq!(db.number("SELECT count(*) FROM payments").await, 1);
    assert_eq!(world.told("payment.received.v1").await, 1);
    assert_eq!(order.money(&world).await["total_paid"], "4500000.00");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_callback_token_is_refused_and_nothing_is_stored() {
    let world = World::start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    pay_quietly(&world, &invoice, Payment::default());
    let body = body_of(&world, &invoice, &json!({}));
    for token in [None, Some(""), Some("guess"), Some("another-live-token,")] {
        let answer = world.callback(token, body.clone()).await;
        assert_eq!(answer.expect(401)["error_code"], "INVALID_CALLBACK_TOKEN", "{token:?}");
    }
    let mut db = world.db().await;
    assert_eq!(db.number("SELECT count(*) FROM webhook_inbox").await, 0);
    assert_eq!(invoice_status(&world, &invoice).await, "belum dibayar");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_live_token_is_accepted_too() {
    let world = World::start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    pay_quietly(&world, &invoice, Payment::default());
    let body = body_of(&world, &invoice, &json!({}));
    world.callback(Some("another-live-token"), body).await.expect(200);
    world.callbacks_done(1).await;
    assert_eq!(invoice_status(&world, &invoice).await, "sudah dibayar");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrapped_callback_is_understood() {
    let world = World::start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    pay_quietly(&world, &invoice, Payment::default());
    let inner: Value = serde_json::from_slice(&body_of(&world, &invoice, &json!({}))).unwrap();
    let body = json!({ "event": "invoice.paid", "data": inner }).to_string().into_bytes();
    world.callback(Some(&world.sandbox.callback_token()), body).await.expect(200);
    world.callbacks_done(1).await;
    assert_eq!(invoice_status(&world, &invoice).await, "sudah dibayar");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_for_an_unknown_invoice_is_answered_and_ignored() {
    let world = World::start().await;
    let body = json!({
        "id": "64f0000000000000000000aa", "external_id": "INV-999999-ZZZ", "status": "PAID",
        "amount": 1000, "paid_amount": 1000, "currency": "IDR",
    });
    let token = world.sandbox.callback_token();
    world.callback(Some(&token), body.to_string().into_bytes()).await.expect(200);
    world.callbacks_done(1).await;
    let mut db = world.db().await;
    assert_eq!(db.text("SELECT status FROM webhook_inbox").await, "ignored");
    assert_eq!(db.number("SELECT count(*) FROM payments").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_that_claims_more_than_the_provider_says_pays_nothing() {
    let world = World::start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    let lie = body_of(&world, &invoice, &json!({ "status": "PAID", "paid_amount": 4_500_000 }));
    world.callback(Some(&world.sandbox.callback_token()), lie).await.expect(200);
    // It is asked about again for a while, in case the provider is slow.
    let mut db = world.db().await;
    eventually(PATIENCE, async || {
        world.clock.advance(Duration::minutes(3));
        (db.text("SELECT status FROM webhook_inbox").await == "failed").then_some(())
    })
    .await;
    assert_eq!(db.number("SELECT count(*) FROM payments").await, 0);
    assert_eq!(invoice_status(&world, &invoice).await, "belum dibayar");
}

#[tokio::test(flavor = "multi_thread")]
async fn too_low_an_amount_waits_in_suspense() {
    let world = World::start().await;
    world.open_callbacks();
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    let payment = Payment { amount: Some(1_000_000), ..Payment::default() };
    world.sandbox.pay(invoice["xendit_invoice_id"].as_str().unwrap(), payment).unwrap();
    world.callbacks_done(1).await;

    assert_eq!(invoice_status(&world, &invoice).await, "belum dibayar");
    let money = order.money(&world).await;
    assert_eq!(money["total_paid"], "0.00");
    assert_eq!(money["payments"][0]["status"], "suspended");
    assert_eq!(world.told("payment.rejected.v1").await, 1);
    assert_eq!(world.told("payment.received.v1").await, 0);
    let mut db = world.db().await;
    assert_eq!(db.balances().await, ["clearing: 1000000", "suspense: 1000000"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_becomes_the_customers_credit() {
    let world = World::start().await;
    world.open_callbacks();
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    let payment = Payment { amount: Some(4_600_000), ..Payment::default() };
    world.sandbox.pay(invoice["xendit_invoice_id"].as_str().unwrap(), payment).unwrap();
    world.callbacks_done(1).await;
    assert_eq!(order.money(&world).await["total_paid"], "4500000.00");
    let mut db = world.db().await;
    assert_eq!(db.balances().await, ["clearing: 4600000", "credit: 100000", "deposits: 4500000"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expiry_told_after_the_payment_never_unpays() {
    let world = World::start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    pay_quietly(&world, &invoice, Payment::default());
    let token = world.sandbox.callback_token();
    let paid = body_of(&world, &invoice, &json!({}));
    world.callback(Some(&token), paid).await.expect(200);
    world.callbacks_done(1).await;
    let expired = body_of(&world, &invoice, &json!({ "status": "EXPIRED" }));
    world.callback(Some(&token), expired).await.expect(200);
    world.callbacks_done(2).await;
    assert_eq!(invoice_status(&world, &invoice).await, "sudah dibayar");
    assert_eq!(world.told("invoice.expired.v1").await, 0);
    assert_eq!(world.db().await.number("SELECT count(*) FROM payments").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn money_after_expiry_is_accepted_and_flagged() {
    let world = World::start().await;
    world.open_callbacks();
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    let id = invoice["xendit_invoice_id"].as_str().unwrap();
    world.sandbox.expire(id).unwrap();
    world.callbacks_done(1).await;
    assert_eq!(invoice_status(&world, &invoice).await, "kadaluarsa");
    assert_eq!(world.told("invoice.expired.v1").await, 1);

    world.sandbox.pay(id, Payment { late: true, ..Payment::default() }).unwrap();
    world.callbacks_done(2).await;
    assert_eq!(invoice_status(&world, &invoice).await, "sudah dibayar");
    let mut db = world.db().await;
    assert_eq!(db.text("SELECT late FROM payments").await, "true");
    assert_eq!(db.text("SELECT late FROM invoices").await, "true");
    assert_eq!(order.money(&world).await["total_paid"], "4500000.00");
}

#[tokio::test(flavor = "multi_thread")]
async fn callbacks_in_reverse_order_end_the_same() {
    let world = World::start().await;
    world.open_callbacks();
    world.sandbox.set_switches(|switches| switches.callbacks.held = true);
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    let id = invoice["xendit_invoice_id"].as_str().unwrap();
    world.sandbox.expire(id).unwrap();
    world.sandbox.pay(id, Payment { late: true, ..Payment::default() }).unwrap();
    world.sandbox.settle(id).unwrap();
    assert_eq!(world.sandbox.release_callbacks(ReleaseOrder::Reversed), 3);
    world.callbacks_done(3).await;
    assert_eq!(invoice_status(&world, &invoice).await, "sudah dibayar");
    let mut db = world.db().await;
    assert_eq!(db.number("SELECT count(*) FROM payments").await, 1);
    assert_eq!(db.balances().await, ["clearing: 4500000", "deposits: 4500000"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn money_on_a_replaced_link_is_accepted_and_flagged_and_its_expiry_ignored() {
    let world = World::start().await;
    world.open_callbacks();
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    let old = invoice["xendit_invoice_id"].as_str().unwrap().to_owned();
    let path = format!(
        "/api/v1/admin/invoice/{}/regenerate-payment-link/",
        invoice["id"].as_str().unwrap()
    );
    world.staff(Method::POST, &path, None).await.expect(200);
    // The old link is taken down at the provider, which tells so: that ends nothing.
    world.callbacks_done(1).await;
    assert_eq!(invoice_status(&world, &invoice).await, "belum dibayar");

    world.sandbox.pay(&old, Payment { late: true, ..Payment::default() }).unwrap();
    world.callbacks_done(2).await;
    assert_eq!(invoice_status(&world, &invoice).await, "sudah dibayar");
    assert_eq!(world.db().await.text("SELECT late FROM payments").await, "true");
    // The link nobody needs any more is taken down too.
    eventually(PATIENCE, async || {
        let open =
            world.sandbox.invoices().into_iter().any(|one| one.status.as_wire() == "PENDING");
        (!open).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_no_callbacks_are_refused() {
    let world = World::start().await;
    let token = world.sandbox.callback_token();
    for body in ["", "{", "[]", "{\"id\":1}", "{\"id\":\"x\"}"] {
        let answer = world.callback(Some(&token), body.as_bytes().to_vec()).await;
        assert_eq!(answer.expect(400)["error_code"], "UNREADABLE_CALLBACK", "{body}");
    }
    let big = format!("{{\"id\":\"{}\"}}", "x".repeat(300 * 1024));
    let answer = world.callback(Some(&token), big.into_bytes()).await;
    assert!(answer.expect(413)["error"].is_string());
    assert_eq!(world.db().await.number("SELECT count(*) FROM webhook_inbox").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_provider_adds_for_itself_is_no_overpayment() {
    let world = World::start().await;
    world.open_callbacks();
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    let payment = Payment { method: Some("QRIS"), fee: 4_000, ..Payment::default() };
    world.sandbox.pay(invoice["xendit_invoice_id"].as_str().unwrap(), payment).unwrap();
    world.callbacks_done(1).await;
    let money = order.money(&world).await;
    assert_eq!(money["total_paid"], "4500000.00");
    assert_eq!(money["invoices"][0]["invoice_status"], "sudah dibayar");
    let balances = world.db().await.balances().await;
    assert_eq!(balances, ["clearing: 4504000", "deposits: 4500000", "fees: -4000"], "no credit");
    world.assert_sound().await;
}
