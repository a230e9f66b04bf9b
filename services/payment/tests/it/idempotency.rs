//! `Idempotency-Key` on every write of money: one effect, equal answers.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::World;
use crate::support::order::Order;

/// Fifty at once with one key: every answer is the same; all but one say that they are replayed.
async fn fifty(world: &World, path: &str, body: &Value, status: u16) -> Value {
    let answers = join_all((0..50).map(|_| world.keyed("once", path, body))).await;
    let fresh = answers.iter().filter(|one| !one.headers.contains_key("idempotent-replayed"));
    assert_eq!(fresh.count(), 1);
    let mut bodies: Vec<Value> = answers.into_iter().map(|one| one.expect(status)).collect();
    let first = bodies.pop().unwrap();
    assert!(bodies.iter().all(|body| *body == first));
    first
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_equal_manual_payments_are_one() {
    let world = World::start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    let body =
        json!({ "invoice_id": invoice["id"], "payment_method": "CASH", "amount": 1_000_000 });
    fifty(&world, "/api/v1/payment/manual/", &body, 201).await;
    let mut db = world.db().await;
    assert_eq!(db.number("SELECT count(*) FROM payments").await, 1);
    assert_eq!(db.balances().await, ["bank: 1000000", "deposits: 1000000"]);
    let mut other = body.clone();
    other["amount"] = json!(2_000_000);
    let refused = world.keyed("once", "/api/v1/payment/manual/", &other).await.expect(400);
    assert_eq!(refused["error_code"], "IDEMPOTENCY_KEY_REUSED");
    // Another person's key of the same name is another key.
    world.keyed("another", "/api/v1/payment/manual/", &body).await.expect(201);
    assert_eq!(db.number("SELECT count(*) FROM payments").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_equal_plans_are_one() {
    let world = World::start().await;
    let order = Order::with_deposit();
    order.first_invoice(&world).await;
    let body = json!({
        "order_id": order.id, "plan": "equal", "parts": 3,
        "first_due_date": "2027-01-04T00:00:00Z",
    });
    fifty(&world, "/api/v1/payment/create-plan/", &body, 201).await;
    let mut db = world.db().await;
    assert_eq!(db.number("SELECT count(*) FROM payment_plans").await, 1);
    assert_eq!(
        db.number("SELECT count(*) FROM invoices WHERE installment_id IS NOT NULL").await,
        3
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_equal_verifications_are_one() {
    let world = World::start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    let body = json!({
        "invoice_id": invoice["id"], "bank_statement": "mutasi 12", "bank_name": "BCA",
        "transfer_amount": "4500000.00", "transfer_date": "2025-06-30T14:30:00Z",
        "account_name": "John Doe", "notes": "Transfer sesuai nominal",
    });
    fifty(&world, "/api/v1/payment/verify-manual/", &body, 200).await;
    assert_eq!(world.db().await.number("SELECT count(*) FROM payments").await, 1);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_equal_invoices_are_one_with_one_link() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    let path = format!("/api/v1/invoice/{}/", invoice["id"].as_str().unwrap());
    world.staff(Method::DELETE, &path, None).await;
    let body = json!({ "order": order.id, "payment_type": "dp" });
    let made = fifty(&world, "/api/v1/invoice/", &body, 201).await;
    assert!(made["payment_url"].is_string(), "{made}");
    let mut db = world.db().await;
    assert_eq!(db.number("SELECT count(*) FROM invoices").await, 2);
    let path =
        format!("/api/v1/admin/invoice/{}/regenerate-payment-link/", made["id"].as_str().unwrap());
    let again = fifty(&world, &path, &json!({}), 200).await;
    assert_eq!(again["previous_data"]["payment_url"], made["payment_url"]);
    assert_ne!(again["invoice"]["payment_url"], made["payment_url"]);
    let links = "SELECT count(*) FROM invoice_links WHERE generation = 2";
    assert_eq!(db.number(links).await, 1);
}
