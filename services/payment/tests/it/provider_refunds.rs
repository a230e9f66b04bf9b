//! Refunds that a provider pays: at once, later, never, or with an answer that got lost.

use konveksi_sandbox::{Payment, RefundOutcome};
use konveksi_test_support::eventually;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::order::Order;
use crate::support::{PATIENCE, World};

/// Both providers, as the setting names them.
const PROVIDERS: [&str; 2] = ["xendit", "midtrans"];

async fn start(provider: &'static str) -> World {
    World::start_with(&[("KONVEKSI_PAYMENT_PROVIDER", provider)]).await
}

/// A deposit of Rp 3.750.000 paid by QRIS.
async fn paid(world: &World) -> (Order, Value) {
    world.open_callbacks();
    world.open_midtrans();
    let order = Order { percent: 5_000, ..Order::with_deposit() };
    let invoice = order.first_invoice(world).await;
    let code = invoice["invoice_code"].as_str().unwrap();
    let link = world.sandbox.invoices_of(code).pop().unwrap();
    let payment = Payment { method: Some("QRIS"), ..Payment::default() };
    world.sandbox.pay(&link.id, payment).unwrap();
    let list = format!("/api/v1/payment/?invoice={}", invoice["id"].as_str().unwrap());
    let payment = eventually(PATIENCE, async || {
        let list = world.staff(Method::GET, &list, None).await.expect(200);
        list["results"].get(0).cloned()
    })
    .await;
    (order, payment)
}

async fn ask(world: &World, payment: &Value) -> Value {
    let body = json!({
        "payment_id": payment["id"], "refund_amount": "1000000.00", "reason": "Salah ukuran",
    });
    let refund = world.staff(Method::POST, "/api/v1/payment/refund/", Some(body)).await.expect(201);
    assert_eq!(refund["refund_method"], "original", "the provider can, so it does");
    refund
}

async fn read(world: &World, refund: &Value) -> Value {
    let path = format!("/api/v1/admin/payment/refunds/{}/", refund["id"].as_str().unwrap());
    world.staff(Method::GET, &path, None).await.expect(200)
}

async fn wait_for(world: &World, refund: &Value, status: &str) -> Value {
    eventually(PATIENCE, async || {
        let now = read(world, refund).await;
        (now["status"] == status).then_some(now)
    })
    .await
}

/// Asked once and no answer that ends it: held, and asked about later.
async fn wait_until_asked(world: &World) {
    let mut db = world.db().await;
    eventually(PATIENCE, async || {
        let asked = "SELECT count(*) FROM refunds WHERE attempts = 1 AND due_at IS NOT NULL";
        (db.number(asked).await == 1 && !world.sandbox.requests().is_empty()).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_provider_pays_it_and_the_books_follow() {
    for provider in PROVIDERS {
        let world = start(provider).await;
        let (order, payment) = paid(&world).await;
        let refund = ask(&world, &payment).await;
        // The provider's word comes by callback or answer; by polling at the latest.
        let done = eventually(PATIENCE, async || {
            world.clock.advance(chrono::Duration::seconds(30));
            let now = read(&world, &refund).await;
            (now["status"] == "completed").then_some(now)
        })
        .await;
        assert_eq!(done["provider"], provider);
        let mut db = world.db().await;
        assert_eq!(db.balances().await, ["clearing: 2750000", "deposits: 2750000"], "{provider}");
        assert_eq!(order.money(&world).await["total_paid"], "2750000.00");
        assert_eq!(world.told("refund.completed.v1").await, 1);
        assert_eq!(world.sandbox.refunds().len(), 1);
        let by_hand =
            format!("/api/v1/admin/payment/refunds/{}/complete/", refund["id"].as_str().unwrap());
        let body = Some(json!({ "reference": "x" }));
        let refused = world.staff(Method::POST, &by_hand, body).await.expect(400);
        assert_eq!(refused["error_code"], "REFUND_BY_PROVIDER");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_holds_the_amount_until_the_provider_is_asked_again() {
    for provider in PROVIDERS {
        let world = start(provider).await;
        let (_, payment) = paid(&world).await;
        world.sandbox.set_switches(|switches| {
            switches.callbacks.enabled = false;
            for api in [&mut switches.xendit_refund, &mut switches.midtrans_refund] {
                api.fail_next.count = 1;
                api.fail_next.after_effect = true;
            }
        });
        let refund = ask(&world, &payment).await;
        wait_until_asked(&world).await;
        let unknown = wait_for(&world, &refund, "processing").await;
        assert_eq!(unknown["completed_at"], Value::Null);
        let mut db = world.db().await;
        let held = ["clearing: 3750000", "deposits: 2750000", "refunds: 1000000"];
        assert_eq!(db.balances().await, held, "{provider}: an unknown outcome keeps holding");
        eventually(PATIENCE, async || {
            world.clock.advance(chrono::Duration::minutes(1));
            (read(&world, &refund).await["status"] == "completed").then_some(())
        })
        .await;
        assert_eq!(world.sandbox.refunds().len(), 1, "{provider}: paid once");
        assert_eq!(db.balances().await, ["clearing: 2750000", "deposits: 2750000"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_under_way_ends_by_callback_or_by_polling() {
    for (provider, callbacks) in [("xendit", true), ("xendit", false), ("midtrans", true)] {
        let world = start(provider).await;
        let (_, payment) = paid(&world).await;
        world.sandbox.set_switches(|switches| {
            switches.refunds = RefundOutcome::Hold;
            switches.callbacks.enabled = callbacks;
        });
        let refund = ask(&world, &payment).await;
        wait_until_asked(&world).await;
        let id = eventually(PATIENCE, async || {
            world.sandbox.refunds().first().map(|one| one.id.clone())
        })
        .await;
        assert_eq!(wait_for(&world, &refund, "processing").await["provider"], provider);
        world.sandbox.end_refund(&id, true).unwrap();
        eventually(PATIENCE, async || {
            if !callbacks {
                world.clock.advance(chrono::Duration::minutes(1));
            }
            (read(&world, &refund).await["status"] == "completed").then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_provider_refuses_or_fails_is_free_again() {
    for provider in PROVIDERS {
        let world = start(provider).await;
        let (order, payment) = paid(&world).await;
        world.sandbox.set_switches(|switches| switches.refunds = RefundOutcome::Fail);
        let refund = ask(&world, &payment).await;
        let failed = eventually(PATIENCE, async || {
            world.clock.advance(chrono::Duration::seconds(30));
            let now = read(&world, &refund).await;
            (now["status"] == "failed").then_some(now)
        })
        .await;
        assert!(failed["failure_reason"].is_string(), "{failed}");
        let mut db = world.db().await;
        assert_eq!(db.balances().await, ["clearing: 3750000", "deposits: 3750000"], "{provider}");
        assert_eq!(order.money(&world).await["total_paid"], "3750000.00");
        assert_eq!(world.told("refund.completed.v1").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_virtual_account_is_paid_back_by_hand() {
    let world = World::start().await;
    world.open_callbacks();
    let invoice = Order::with_deposit().first_invoice(&world).await;
    world.sandbox.pay(invoice["xendit_invoice_id"].as_str().unwrap(), Payment::default()).unwrap();
    world.callbacks_done(1).await;
    let list = world.staff(Method::GET, "/api/v1/payment/", None).await.expect(200);
    let payment = &list["results"][0];
    let body = json!({ "payment_id": payment["id"], "refund_amount": 1_000, "reason": "x" });
    let refund = world.staff(Method::POST, "/api/v1/payment/refund/", Some(body)).await.expect(201);
    assert_eq!(refund["refund_method"], "bank_transfer");
    assert_eq!(refund["status"], "approved");
}
