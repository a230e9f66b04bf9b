//! Links on demand (contract row 24, answer C).

use chrono::Duration;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::order::Order;
use crate::support::{Answer, World};

async fn ask(world: &World, order: &Order, wish: Value) -> Answer {
    let mut body = json!({ "snapshot": order.snapshot() });
    for (key, value) in wish.as_object().unwrap() {
        body[key] = value.clone();
    }
    world.compose(&format!("/internal/v1/orders/{}/payment-link", order.id), body).await
}

async fn pay(world: &World, invoice: &Value) {
    let body = json!({
        "invoice_id": invoice["id"], "payment_method": "CASH", "amount": invoice["amount_due"],
    });
    world.staff(Method::POST, "/api/v1/payment/manual/", Some(body)).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_invoice_is_answered_again() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let first = order.first_invoice(&world).await;
    let body = ask(&world, &order, json!({ "payment_type": "dp", "dp_percent": 60 })).await;
    let body = body.expect(201);
    assert_eq!(body["reused"], true);
    assert_eq!(body["invoice"]["id"], first["id"]);
    assert_eq!(body["payment_url"], first["payment_url"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_asked_of_an_order_paid_at_once_is_the_whole() {
    let world = World::start().await;
    let order = Order::paid_at_once();
    let body = ask(&world, &order, json!({ "payment_type": "dp", "dp_percent": 60 })).await;
    let body = body.expect(201);
    assert_eq!(body["reused"], false);
    assert_eq!(body["invoice"]["payment_type"], "full");
    assert_eq!(body["invoice"]["invoice_amount"], "7500000.00");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_of_another_share_is_what_was_asked_for() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let wish =
        json!({ "payment_type": "dp", "dp_percent": "50.00", "notification_channel": "email" });
    let body = ask(&world, &order, wish).await.expect(201);
    assert_eq!(body["invoice"]["invoice_amount"], "3750000.00");
    assert_eq!(body["invoice"]["notification_channel"], "email");
    assert_eq!(world.db().await.text("SELECT notify FROM invoices").await, "false");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_deposit_only_the_rest_is_asked_for() {
    let world = World::start().await;
    let order = Order::with_deposit();
    pay(&world, &order.first_invoice(&world).await).await;
    let refused = ask(&world, &order, json!({ "payment_type": "dp" })).await.expect(400);
    assert_eq!(refused["error_code"], "DEPOSIT_PAID");
    let refused = ask(&world, &order, json!({ "payment_type": "full" })).await.expect(400);
    assert_eq!(refused["error_code"], "PARTLY_PAID");
    let body = ask(&world, &order, json!({})).await.expect(201);
    assert_eq!(body["invoice"]["payment_type"], "pelunasan");
    assert_eq!(body["invoice"]["invoice_amount"], "3000000.00");
    pay(&world, &body["invoice"]).await;
    let refused = ask(&world, &order, json!({})).await.expect(400);
    assert_eq!(refused["error_code"], "NOTHING_LEFT");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_invoice_lives_again() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let first = order.first_invoice(&world).await;
    world.clock.advance(Duration::days(4));
    let body = ask(&world, &order, json!({})).await.expect(201);
    assert_eq!(body["reused"], false);
    assert_eq!(body["invoice"]["id"], first["id"]);
    assert_eq!(body["invoice"]["invoice_status"], "belum dibayar");
    assert_ne!(body["payment_url"], first["payment_url"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_is_refused() {
    let world = World::start().await;
    let order = Order::with_deposit();
    for wish in [
        json!({ "payment_type": "lunas" }),
        json!({ "dp_percent": 49 }),
        json!({ "dp_percent": "many" }),
        json!({ "notification_channel": "sms" }),
    ] {
        ask(&world, &order, wish).await.expect(400);
    }
    assert_eq!(world.db().await.number("SELECT count(*) FROM invoices").await, 0);
}
