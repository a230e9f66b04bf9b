//! With callbacks switched off everything ends as it would with them, only later.

use chrono::Duration;
use konveksi_sandbox::Payment;
use konveksi_test_support::eventually;
use reqwest::Method;
use serde_json::Value;

use crate::support::order::Order;
use crate::support::{PATIENCE, World};

async fn status(world: &World, invoice: &Value) -> String {
    let path = format!("/api/v1/invoice/{}/", invoice["id"].as_str().unwrap());
    let read = world.staff(Method::GET, &path, None).await.expect(200);
    read["invoice_status"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn payments_nobody_told_of_are_found_by_asking() {
    for provider in ["xendit", "midtrans"] {
        let world = World::start_with(&[("KONVEKSI_PAYMENT_PROVIDER", provider)]).await;
        let invoice = Order::with_deposit().first_invoice(&world).await;
        let code = invoice["invoice_code"].as_str().unwrap();
        let link = world.sandbox.invoices_of(code).pop().unwrap();
        world.sandbox.pay(&link.id, Payment::default()).unwrap();
        world.clock.advance(Duration::minutes(1));
        eventually(PATIENCE, async || {
            (status(&world, &invoice).await == "sudah dibayar").then_some(())
        })
        .await;
        let mut db = world.db().await;
        assert_eq!(db.number("SELECT count(*) FROM webhook_inbox").await, 0, "nobody told");
        assert_eq!(db.number("SELECT count(*) FROM payments").await, 1);
        let polls = "SELECT count(*) FROM invoice_links WHERE poll_due_at IS NOT NULL";
        assert_eq!(db.number(polls).await, 0, "what is known for good is asked no more");
        assert_eq!(world.told("payment.received.v1").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_link_is_asked_about_ever_more_rarely() {
    let world = World::start().await;
    Order::with_deposit().first_invoice(&world).await;
    let mut db = world.db().await;
    for (polls, minutes) in [(1, 1), (2, 5), (3, 15), (4, 60)] {
        world.clock.advance(Duration::minutes(minutes));
        eventually(PATIENCE, async || {
            let asked = "SELECT polls FROM invoice_links WHERE poll_due_at IS NOT NULL";
            (db.number(asked).await == polls).then_some(())
        })
        .await;
        let lease = "SELECT extract(epoch FROM poll_due_at)::bigint FROM invoice_links";
        eventually(PATIENCE, async || {
            // Past its claim: the answer was stored and the next time set.
            let due = db.number(lease).await;
            (due > konveksi_kernel::Clock::now(&*world.clock).timestamp() + 60).then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_nobody_told_of_is_found_and_money_after_it_is_late() {
    let world = World::start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    let id = invoice["xendit_invoice_id"].as_str().unwrap();
    world.sandbox.expire(id).unwrap();
    world.clock.advance(Duration::minutes(1));
    eventually(PATIENCE, async || (status(&world, &invoice).await == "kadaluarsa").then_some(()))
        .await;
    // A transfer that was under way arrives; this time the provider tells of it.
    world.open_callbacks();
    world.sandbox.pay(id, Payment { late: true, ..Payment::default() }).unwrap();
    world.callbacks_done(1).await;
    assert_eq!(status(&world, &invoice).await, "sudah dibayar");
    let mut db = world.db().await;
    assert_eq!(db.text("SELECT late FROM payments").await, "true");
}

#[tokio::test(flavor = "multi_thread")]
async fn money_on_a_replaced_link_is_found_too() {
    let world = World::start().await;
    // The old link cannot be taken down, and nobody tells that it was paid.
    world.sandbox.set_switches(|switches| switches.xendit_expire.fail_next.count = 1_000);
    let invoice = Order::with_deposit().first_invoice(&world).await;
    let path = format!(
        "/api/v1/admin/invoice/{}/regenerate-payment-link/",
        invoice["id"].as_str().unwrap()
    );
    world.staff(Method::POST, &path, None).await.expect(200);
    let old = invoice["xendit_invoice_id"].as_str().unwrap();
    world.sandbox.pay(old, Payment::default()).unwrap();
    world.clock.advance(Duration::minutes(1));
    eventually(PATIENCE, async || {
        (status(&world, &invoice).await == "sudah dibayar").then_some(())
    })
    .await;
    assert_eq!(world.db().await.text("SELECT late FROM payments").await, "true");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_provider_is_away_it_is_asked_again_later() {
    let world = World::start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    world.sandbox.set_switches(|switches| switches.xendit_get.fail_next.count = 1);
    world.sandbox.pay(invoice["xendit_invoice_id"].as_str().unwrap(), Payment::default()).unwrap();
    eventually(PATIENCE, async || {
        world.clock.advance(Duration::minutes(1));
        (status(&world, &invoice).await == "sudah dibayar").then_some(())
    })
    .await;
}
