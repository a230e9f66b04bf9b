//! Payments that clerks saw (contract rows 44, 46, 50).

use konveksi_eventing::Envelope;
use konveksi_test_support::eventually;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::order::Order;
use crate::support::{Answer, PATIENCE, World};

async fn pay(world: &World, invoice: &Value, amount: Value) -> Answer {
    let body = json!({
        "invoice_id": invoice["id"], "payment_method": "BANK_TRANSFER", "amount": amount,
        "contact_info": "0812", "notes": "mutasi BCA",
    });
    world.staff(Method::POST, "/api/v1/payment/manual/", Some(body)).await
}

async fn read(world: &World, invoice: &Value) -> Value {
    let path = format!("/api/v1/invoice/{}/", invoice["id"].as_str().unwrap());
    world.staff(Method::GET, &path, None).await.expect(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_amount_pays_the_invoice_and_kills_its_link() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    let answer = pay(&world, &invoice, json!("4500000.00")).await;
    let packed = answer.headers["x-kv-express"].to_str().unwrap().to_owned();
    let payment = answer.expect(201);
    assert_eq!(payment["amount"], "4500000.00");
    assert_eq!(payment["invoice_code"], invoice["invoice_code"]);
    assert_eq!(payment["payment_type"], "dp");
    assert_eq!(payment["status"], "success");
    assert_eq!(payment["paid_at"], payment["payment_time"]);
    assert_eq!(payment["notes"], "mutasi BCA");
    let told = Envelope::decode_all(&packed).unwrap();
    assert_eq!(told[0].attributes.event_type, "payment.received.v1");
    assert_eq!(told[0].attributes.actor.as_deref(), Some("staff:7"));

    assert_eq!(read(&world, &invoice).await["invoice_status"], "sudah dibayar");
    let mut db = world.db().await;
    assert_eq!(db.balances().await, ["bank: 4500000", "deposits: 4500000"]);
    let id = invoice["xendit_invoice_id"].as_str().unwrap();
    eventually(PATIENCE, async || {
        (world.sandbox.invoice(id).unwrap().status.as_wire() == "EXPIRED").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_leaves_a_remainder_with_a_link_for_exactly_that() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    pay(&world, &invoice, json!(1_000_000)).await.expect(201);
    let after = read(&world, &invoice).await;
    assert_eq!(after["invoice_status"], "belum dibayar");
    assert_eq!(after["amount_paid"], "1000000.00");
    assert_eq!(after["amount_due"], "3500000.00");
    assert_eq!(order.money(&world).await["total_paid"], "1000000.00");
    let new_id = eventually(PATIENCE, async || {
        let id = read(&world, &invoice).await["xendit_invoice_id"].as_str()?.to_owned();
        (id != invoice["xendit_invoice_id"]).then_some(id)
    })
    .await;
    assert_eq!(world.sandbox.invoice(&new_id).unwrap().amount, 3_500_000);

    pay(&world, &invoice, json!("3500000")).await.expect(201);
    assert_eq!(read(&world, &invoice).await["invoice_status"], "sudah dibayar");
    let list = format!("/api/v1/payment/?invoice={}", invoice["id"].as_str().unwrap());
    let list = world.staff(Method::GET, &list, None).await.expect(200);
    assert_eq!(list["count"], 2);
    let one = format!("/api/v1/payment/{}/", list["results"][0]["id"].as_str().unwrap());
    assert_eq!(world.staff(Method::GET, &one, None).await.expect(200)["amount"], "3500000.00");
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_becomes_the_customers_credit() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    pay(&world, &invoice, json!("5000000.00")).await.expect(201);
    assert_eq!(order.money(&world).await["total_paid"], "4500000.00");
    let mut db = world.db().await;
    assert_eq!(db.balances().await, ["bank: 5000000", "credit: 500000", "deposits: 4500000"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clerks_at_once_cannot_pay_one_invoice_twice() {
    let world = World::start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    let (one, two) = tokio::join!(
        pay(&world, &invoice, json!("4500000.00")),
        pay(&world, &invoice, json!("4500000.00")),
    );
    let mut codes = [one.status.as_u16(), two.status.as_u16()];
    codes.sort_unstable();
    assert_eq!(codes, [201, 400]);
    let mut db = world.db().await;
    assert_eq!(db.balances().await, ["bank: 4500000", "deposits: 4500000"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_payment_is_refused_and_nothing_is_booked() {
    let world = World::start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    for amount in [json!("0"), json!("-5"), json!("10.50"), json!("abc"), json!(null)] {
        let answer = pay(&world, &invoice, amount.clone()).await;
        let body = answer.expect(400);
        assert!(body["details"]["amount"].is_array(), "{amount}: {body}");
    }
    let path = "/api/v1/payment/manual/";
    for body in [
        json!({ "payment_method": "CASH", "amount": 5 }),
        json!({ "invoice_id": invoice["id"], "payment_method": " ", "amount": 5 }),
        json!({ "invoice_id": "x", "payment_method": "CASH", "amount": 5 }),
    ] {
        world.staff(Method::POST, path, Some(body)).await.expect(400);
    }
    assert_eq!(world.db().await.number("SELECT count(*) FROM transfer").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_invoice_takes_late_money_a_cancelled_one_does_not() {
    let world = World::start().await;
    world.open_callbacks();
    let expired = Order::with_deposit().first_invoice(&world).await;
    world.sandbox.expire(expired["xendit_invoice_id"].as_str().unwrap()).unwrap();
    world.callbacks_done(1).await;
    pay(&world, &expired, json!("4500000.00")).await.expect(201);
    assert_eq!(read(&world, &expired).await["invoice_status"], "sudah dibayar");

    let cancelled = Order::with_deposit().first_invoice(&world).await;
    let path = format!("/api/v1/invoice/{}/", cancelled["id"].as_str().unwrap());
    world.staff(Method::DELETE, &path, None).await;
    let body = pay(&world, &cancelled, json!("4500000.00")).await.expect(400);
    assert_eq!(body["current_status"], "dibatalkan");
}
