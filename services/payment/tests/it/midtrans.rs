//! Midtrans as the provider of links and money: pages, signed notifications, asking before
//! believing.

use konveksi_sandbox::{Payment, ProviderKind};
use konveksi_test_support::eventually;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha512};

use crate::support::order::Order;
use crate::support::{PATIENCE, World};

async fn start() -> World {
    World::start_with(&[("KONVEKSI_PAYMENT_PROVIDER", "midtrans")]).await
}

/// The sandbox's id of an invoice's link.
fn link(world: &World, invoice: &Value) -> String {
    let found = world.sandbox.invoices_of(invoice["invoice_code"].as_str().unwrap());
    assert_eq!(found[0].backstage.provider, ProviderKind::Midtrans);
    found[0].id.clone()
}

async fn read(world: &World, invoice: &Value) -> Value {
    let path = format!("/api/v1/invoice/{}/", invoice["id"].as_str().unwrap());
    world.staff(Method::GET, &path, None).await.expect(200)
}

fn notice(order_id: &Value, key: &str) -> Value {
    let (code, gross) = ("200", "4500000.00");
    let signed = format!("{}{code}{gross}{key}", order_id.as_str().unwrap());
    json!({
        "order_id": order_id, "status_code": code, "gross_amount": gross,
        "signature_key": hex::encode(Sha512::digest(signed)),
        "transaction_status": "settlement", "transaction_id": "t", "fraud_status": "accept",
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_is_told_by_notification_and_booked_to_its_own_clearing_account() {
    let world = start().await;
    world.open_midtrans();
    let invoice = Order::with_deposit().first_invoice(&world).await;
    let payment = Payment { method: Some("GOPAY"), ..Payment::default() };
    world.sandbox.pay(&link(&world, &invoice), payment).unwrap();
    world.callbacks_done(1).await;
    assert_eq!(read(&world, &invoice).await["invoice_status"], "sudah dibayar");
    let mut db = world.db().await;
    assert_eq!(
        db.text("SELECT code FROM account WHERE kind = 'clearing'").await,
        "clearing:midtrans"
    );
    assert_eq!(db.balances().await, ["clearing: 4500000", "deposits: 4500000"]);
    let list = world.staff(Method::GET, "/api/v1/payment/", None).await.expect(200);
    assert_eq!(list["results"][0]["payment_method"], "gopay");
    assert_eq!(
        db.text("SELECT status || ' ' || webhook_type FROM webhook_inbox").await,
        "processed payment.settlement"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fee_that_the_customer_paid_on_top_is_no_overpayment() {
    let world = start().await;
    world.open_midtrans();
    let invoice = Order::with_deposit().first_invoice(&world).await;
    let with_fee = Payment { method: Some("GOPAY"), amount: Some(4_504_000), ..Payment::default() };
    world.sandbox.pay(&link(&world, &invoice), with_fee).unwrap();
    world.callbacks_done(1).await;
    let mut db = world.db().await;
    let held = ["clearing: 4504000", "deposits: 4500000", "fees: -4000"];
    assert_eq!(db.balances().await, held, "the provider holds its fee until it pays out");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_notification_is_401_and_nothing_is_stored() {
    let world = start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    let order_id = &invoice["invoice_code"];
    let good = world.sandbox.midtrans_server_key();
    let mut altered = notice(order_id, &good);
    altered["gross_amount"] = json!("1.00");
    let mut unsigned = notice(order_id, &good);
    unsigned.as_object_mut().unwrap().remove("signature_key");
    for forged in
        [notice(order_id, "guess"), notice(order_id, ""), altered, unsigned, json!({}), json!([])]
    {
        let refused = world.midtrans_callback(&forged).await.expect(401);
        assert_eq!(refused["error_code"], "INVALID_CALLBACK_TOKEN", "{forged}");
    }
    let mut db = world.db().await;
    assert_eq!(db.number("SELECT count(*) FROM webhook_inbox").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_notification_that_the_provider_does_not_confirm_pays_nothing() {
    let world = start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    // Both live keys sign, while they are changed.
    for key in [world.sandbox.midtrans_server_key(), "another-live-key".to_owned()] {
        let told = notice(&invoice["invoice_code"], &key);
        world.midtrans_callback(&told).await.expect(200);
    }
    let mut db = world.db().await;
    eventually(PATIENCE, async || {
        world.clock.advance(chrono::Duration::minutes(10));
        let open = db.number("SELECT count(*) FROM webhook_inbox WHERE status = 'received'").await;
        (open == 0).then_some(())
    })
    .await;
    assert_eq!(db.texts("SELECT status FROM webhook_inbox").await, ["failed", "failed"]);
    assert_eq!(db.number("SELECT count(*) FROM payments").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_copies_in_any_order_are_one_payment() {
    let world = start().await;
    world.open_midtrans();
    world.sandbox.set_switches(|switches| {
        switches.callbacks.duplicates = 9;
        switches.callbacks.concurrent = true;
        switches.callbacks.held = true;
    });
    let invoice = Order::with_deposit().first_invoice(&world).await;
    let id = link(&world, &invoice);
    world.sandbox.choose(&id, Some("BCA")).unwrap();
    world.sandbox.pay(&id, Payment::default()).unwrap();
    world.sandbox.release_callbacks(konveksi_sandbox::ReleaseOrder::Reversed);
    // The notice that it waits comes after the one that it was paid, and un-pays nothing.
    world.callbacks_done(2).await;
    assert_eq!(read(&world, &invoice).await["invoice_status"], "sudah dibayar");
    let mut db = world.db().await;
    assert_eq!(db.number("SELECT count(*) FROM payments").await, 1);
    assert_eq!(db.balances().await, ["clearing: 4500000", "deposits: 4500000"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_made_elsewhere_stays_there_when_the_setting_changes() {
    let world = World::start().await;
    world.open_callbacks();
    let invoice = Order::with_deposit().first_invoice(&world).await;
    let mut db = world.db().await;
    assert_eq!(db.text("SELECT provider FROM invoice_links").await, "xendit");
    world.sandbox.pay(invoice["xendit_invoice_id"].as_str().unwrap(), Payment::default()).unwrap();
    world.callbacks_done(1).await;
    assert_eq!(read(&world, &invoice).await["invoice_status"], "sudah dibayar");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_provider_links_lead_to_the_invoice_itself() {
    let world = World::start_with(&[("KONVEKSI_PAYMENT_PROVIDER", "manual")]).await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    let url = invoice["payment_url"].as_str().unwrap();
    let code = invoice["invoice_code"].as_str().unwrap();
    assert_eq!(url, format!("http://localhost:8000/api/v1/invoice/detail/{code}/"));
    assert!(world.sandbox.requests().is_empty(), "nobody is asked");
}
