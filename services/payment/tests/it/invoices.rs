//! Rows 34-39 and 43 of the contract.

use chrono::{DateTime, Duration, Utc};
use konveksi_kernel::Clock as _;
use konveksi_sandbox::Payment;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::World;
use crate::support::order::Order;

fn path(invoice: &Value) -> String {
    format!("/api/v1/invoice/{}/", invoice["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn invoices_are_listed_newest_first_with_filters_and_pages() {
    let world = World::start().await;
    let orders = [Order::with_deposit(), Order::paid_at_once(), Order::with_deposit()];
    for order in &orders {
        order.first_invoice(&world).await;
    }
    let all = world.staff(Method::GET, "/api/v1/invoice/?page_size=2", None).await.expect(200);
    assert_eq!(all["count"], 3);
    assert_eq!(all["results"].as_array().unwrap().len(), 2);
    assert_eq!(all["results"][0]["order"], orders[2].id.to_string());
    assert!(all["next"].as_str().unwrap().contains("page=2"), "{}", all["next"]);
    assert_eq!(all["previous"], Value::Null);

    let one = format!("/api/v1/invoice/?order={}&status=belum%20dibayar", orders[1].id);
    let one = world.staff(Method::GET, &one, None).await.expect(200);
    assert_eq!(one["count"], 1);
    assert_eq!(one["results"][0]["payment_type"], "full");
    assert!(one["results"][0]["payment_url"].is_string());

    let none = world.staff(Method::GET, "/api/v1/invoice/?status=sudah%20dibayar", None).await;
    assert_eq!(none.expect(200)["count"], 0);
    for query in ["status=paid", "order=x", "page=0"] {
        let answer = world.staff(Method::GET, &format!("/api/v1/invoice/?{query}"), None).await;
        assert_eq!(answer.expect(400)["error_code"], "VALIDATION_ERROR", "{query}");
    }
    world.staff(Method::GET, "/api/v1/invoice/?page=9", None).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_invoices_are_not_found() {
    let world = World::start().await;
    let unknown = format!("/api/v1/invoice/{}/", Uuid::nil());
    for method in [Method::GET, Method::DELETE] {
        let answer = world.staff(method, &unknown, None).await;
        assert_eq!(answer.expect(404)["error_code"], "INVOICE_NOT_FOUND");
    }
    world.staff(Method::PATCH, &unknown, Some(json!({}))).await.expect(404);
    world.staff(Method::GET, "/api/v1/invoice/nonsense/", None).await.expect(404);
    let path = format!("/api/v1/admin/invoice/{}/regenerate-payment-link/", Uuid::nil());
    let body = world.staff(Method::POST, &path, None).await.expect(404);
    assert_eq!(body["invoice_id"], Uuid::nil().to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_change_channel_and_end_and_nothing_else() {
    let world = World::start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    let later: DateTime<Utc> = world.clock.now() + Duration::days(10);
    let edit = json!({
        "notification_channel": "both", "invoice_expired_at": later,
        "invoice_amount": "1.00", "invoice_status": "belum dibayar",
    });
    let body = world.staff(Method::PATCH, &path(&invoice), Some(edit)).await.expect(200);
    assert_eq!(body["notification_channel"], "both");
    assert_eq!(body["expired_at"], serde_json::to_value(later).unwrap());
    assert_eq!(body["invoice_amount"], invoice["invoice_amount"]);
    // The old link ends by itself at the old time, so there is a new one.
    assert!(body["payment_url"].is_string());
    assert_ne!(body["payment_url"], invoice["payment_url"]);

    for (edit, code) in [
        (json!({ "notification_channel": "sms" }), "VALIDATION_ERROR"),
        (json!({ "invoice_status": "sudah dibayar" }), "VALIDATION_ERROR"),
        (json!({ "expired_at": world.clock.now() - Duration::days(1) }), "EXPIRY_PASSED"),
    ] {
        let answer = world.staff(Method::PUT, &path(&invoice), Some(edit)).await;
        assert_eq!(answer.expect(400)["error_code"], code);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_invoice_is_cancelled_and_its_link_dies() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    let answer = world.staff(Method::DELETE, &path(&invoice), None).await;
    assert_eq!(answer.status, 204);
    let body = world.staff(Method::GET, &path(&invoice), None).await.expect(200);
    assert_eq!(body["invoice_status"], "dibatalkan");
    assert_eq!(body["payment_url"], Value::Null);
    assert_eq!(world.told("invoice.cancelled.v1").await, 1);
    // Again is as good as once.
    assert_eq!(world.staff(Method::DELETE, &path(&invoice), None).await.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_invoice_is_neither_deleted_nor_regenerated() {
    let world = World::start().await;
    world.open_callbacks();
    let invoice = Order::with_deposit().first_invoice(&world).await;
    world.sandbox.pay(invoice["xendit_invoice_id"].as_str().unwrap(), Payment::default()).unwrap();
    world.callbacks_done(1).await;
    let answer = world.staff(Method::DELETE, &path(&invoice), None).await;
    assert_eq!(answer.expect(400)["error_code"], "INVOICE_INVALID_STATE");
    let regenerate = format!(
        "/api/v1/admin/invoice/{}/regenerate-payment-link/",
        invoice["id"].as_str().unwrap()
    );
    let body = world.staff(Method::POST, &regenerate, None).await.expect(400);
    assert_eq!(body["invoice_code"], invoice["invoice_code"]);
    assert_eq!(body["current_status"], "sudah dibayar");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_regenerated_link_is_new_and_says_what_it_replaced() {
    let world = World::start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    world.clock.advance(Duration::days(4));
    let regenerate = format!(
        "/api/v1/admin/invoice/{}/regenerate-payment-link/",
        invoice["id"].as_str().unwrap()
    );
    let body = world.staff(Method::POST, &regenerate, None).await.expect(200);
    assert_eq!(body["success"], true);
    assert_eq!(body["invoice"]["status"], "belum dibayar");
    assert_ne!(body["invoice"]["payment_url"], invoice["payment_url"]);
    assert_eq!(body["previous_data"]["payment_url"], invoice["payment_url"]);
    assert_eq!(body["previous_data"]["xendit_invoice_id"], invoice["xendit_invoice_id"]);
    assert!(body["next_steps"]["note"].is_string());
    let expires: DateTime<Utc> =
        serde_json::from_value(body["invoice"]["expires_at"].clone()).unwrap();
    assert!(expires > world.clock.now() + Duration::days(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_made_by_hand_follows_the_rules_of_links() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let ask = json!({ "order": order.id, "payment_type": "dp" });
    let create = |body: Value| world.staff(Method::POST, "/api/v1/invoice/", Some(body));
    create(ask.clone()).await.expect(404);
    let first = order.first_invoice(&world).await;
    let again = create(ask).await.expect(201);
    assert_eq!(again["id"], first["id"]);
    let full = create(json!({ "order": order.id, "payment_type": "full" })).await.expect(201);
    assert_eq!(full["invoice_amount"], "7500000.00");
    let replaced = world.staff(Method::GET, &path(&first), None).await.expect(200);
    assert_eq!(replaced["invoice_status"], "dibatalkan", "nobody is asked twice");
    for wrong in [
        json!({ "order": order.id }),
        json!({ "order": order.id, "payment_type": "lunas" }),
        json!({ "order": order.id, "payment_type": "dp", "dp_percent": 40 }),
    ] {
        assert_eq!(create(wrong).await.expect(400)["error_code"], "VALIDATION_ERROR");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_reads_an_invoice_with_its_order_and_marks_it_told() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    let code = invoice["invoice_code"].as_str().unwrap();
    let body = world.look(&format!("/internal/v1/invoices/by-code/{code}")).await;
    assert_eq!(body["invoice"]["id"], invoice["id"]);
    assert_eq!(body["order"]["order_code"], order.code);
    assert_eq!(body["order"]["customer_name"], "Budi Santoso");
    assert_eq!(body["order"]["quantity"], 100);
    let blasted = format!("/internal/v1/invoices/{}/blasted", invoice["id"].as_str().unwrap());
    let body = world.compose(&blasted, json!({})).await.expect(200);
    assert_eq!(body["invoice"]["blast_notification"], true);
}
