//! What may be changed of a payment (contract rows 45-49), and lists by what staff look for.

use konveksi_contracts::v1::OrderStatus;
use konveksi_sandbox::Payment;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::World;
use crate::support::order::Order;

async fn pay(world: &World, invoice: &Value, amount: i64) -> Value {
    let body = json!({
        "invoice_id": invoice["id"], "payment_method": "BANK_TRANSFER", "amount": amount,
    });
    // Row 45 is row 50.
    world.staff(Method::POST, "/api/v1/payment/", Some(body)).await.expect(201)
}

fn path(payment: &Value) -> String {
    format!("/api/v1/payment/{}/", payment["id"].as_str().unwrap())
}

async fn invoice_of(world: &World, invoice: &Value) -> Value {
    let path = format!("/api/v1/invoice/{}/", invoice["id"].as_str().unwrap());
    world.staff(Method::GET, &path, None).await.expect(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_note_may_be_changed_and_nothing_else() {
    let world = World::start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    let payment = pay(&world, &invoice, 4_500_000).await;
    let edit = json!({ "notes": "cek ulang", "contact_info": "0812", "amount": "4500000" });
    let edited = world.staff(Method::PATCH, &path(&payment), Some(edit)).await.expect(200);
    assert_eq!((&edited["notes"], &edited["contact_info"]), (&json!("cek ulang"), &json!("0812")));
    let put = json!({ "notes": "", "contact_info": "0813" });
    let replaced = world.staff(Method::PUT, &path(&payment), Some(put)).await.expect(200);
    assert_eq!((&replaced["notes"], &replaced["contact_info"]), (&Value::Null, &json!("0813")));
    for (field, value) in [
        ("amount", json!("4500001")),
        ("invoice", json!("01935e6c-7b1f-7d30-8c5e-0123456789ab")),
        ("payment_method", json!("CASH")),
        ("payment_time", json!("2020-01-01T00:00:00Z")),
    ] {
        for method in [Method::PATCH, Method::PUT] {
            let body = Some(json!({ field: value }));
            let refused = world.staff(method, &path(&payment), body).await.expect(400);
            assert!(refused["details"][field].is_array(), "{field}: {refused}");
        }
    }
    let mut db = world.db().await;
    assert_eq!(db.number("SELECT sum(amount) FROM payments").await, 4_500_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manual_entry_is_taken_back_by_a_transfer_of_its_own() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    let payment = pay(&world, &invoice, 4_500_000).await;
    for _ in 0..2 {
        let gone = world.staff(Method::DELETE, &path(&payment), None).await;
        assert_eq!(gone.status.as_u16(), 204, "the second time changes nothing");
    }
    let mut db = world.db().await;
    assert_eq!(db.balances().await, Vec::<String>::new());
    assert_eq!(db.number("SELECT count(*) FROM payments").await, 1, "the row stays");
    assert_eq!(db.number("SELECT count(*) FROM transfer WHERE reverses IS NOT NULL").await, 1);
    let after = invoice_of(&world, &invoice).await;
    assert_eq!(after["invoice_status"], "belum dibayar");
    assert_eq!(after["amount_due"], "4500000.00");
    assert_eq!(order.money(&world).await["total_paid"], "0.00");
    assert_eq!(world.told("refund.completed.v1").await, 1);
    let read = world.staff(Method::GET, &path(&payment), None).await.expect(200);
    assert_eq!(read["status"], "reversed");
    let refund = json!({ "payment_id": payment["id"], "refund_amount": 1, "reason": "x" });
    let refused = world.staff(Method::POST, "/api/v1/payment/refund/", Some(refund)).await;
    assert_eq!(refused.expect(400)["error_code"], "PAYMENT_NOT_REFUNDABLE");
    let receipt = format!("{}receipt/", path(&payment));
    let refused = world.staff(Method::GET, &receipt, None).await.expect(400);
    assert_eq!(refused["error_code"], "NO_RECEIPT");
    pay(&world, &invoice, 4_500_000).await;
    assert_eq!(invoice_of(&world, &invoice).await["invoice_status"], "sudah dibayar");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_of_a_cancelled_order_is_not_asked_for_again() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    let payment = pay(&world, &invoice, 4_500_000).await;
    let cancelled = Order { status: OrderStatus::Cancelled, ..order.next() };
    cancelled.tell_cancelled(&world).await;
    world.settle(1).await;
    let gone = world.staff(Method::DELETE, &path(&payment), None).await;
    assert_eq!(gone.status.as_u16(), 204);
    assert_eq!(invoice_of(&world, &invoice).await["invoice_status"], "dibatalkan");
    assert_eq!(world.db().await.balances().await, Vec::<String>::new());
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn money_that_a_provider_confirmed_or_that_went_back_is_not_deleted() {
    let world = World::start().await;
    world.open_callbacks();
    let invoice = Order::with_deposit().first_invoice(&world).await;
    world.sandbox.pay(invoice["xendit_invoice_id"].as_str().unwrap(), Payment::default()).unwrap();
    world.callbacks_done(1).await;
    let list = world.staff(Method::GET, "/api/v1/payment/", None).await.expect(200);
    let refused = world.staff(Method::DELETE, &path(&list["results"][0]), None).await.expect(400);
    assert_eq!(refused["error_code"], "PAYMENT_NOT_MANUAL");

    let invoice = Order::with_deposit().first_invoice(&world).await;
    let payment = pay(&world, &invoice, 4_500_000).await;
    let refund = json!({ "payment_id": payment["id"], "refund_amount": 1, "reason": "x" });
    world.staff(Method::POST, "/api/v1/payment/refund/", Some(refund)).await.expect(201);
    let refused = world.staff(Method::DELETE, &path(&payment), None).await.expect(400);
    assert_eq!(refused["error_code"], "PAYMENT_IN_USE");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_filtered_by_status_day_customer_and_order() {
    let world = World::start().await;
    let (one, two) = (Order::with_deposit(), Order::with_deposit());
    let first = one.first_invoice(&world).await;
    two.first_invoice(&world).await;
    pay(&world, &first, 4_500_000).await;
    let count = async |path: String| {
        world.staff(Method::GET, &path, None).await.expect(200)["count"].as_i64().unwrap()
    };
    for (query, payments, invoices) in [
        (String::new(), 1, 2),
        (format!("?order={}", one.id), 1, 1),
        (format!("?order={}", two.id), 0, 1),
        (format!("?customer={}", one.customer), 1, 1),
        ("?date_from=2020-01-01&date_to=2020-01-02".to_owned(), 0, 0),
        ("?date_from=2020-01-01&date_to=2099-12-31".to_owned(), 1, 2),
    ] {
        assert_eq!(count(format!("/api/v1/payment/{query}")).await, payments, "{query}");
        assert_eq!(count(format!("/api/v1/invoice/{query}")).await, invoices, "{query}");
    }
    assert_eq!(count("/api/v1/payment/?status=success".to_owned()).await, 1);
    assert_eq!(count("/api/v1/payment/?status=suspended".to_owned()).await, 0);
    assert_eq!(count("/api/v1/invoice/?status=sudah%20dibayar".to_owned()).await, 1);
    for (query, field) in [
        ("?status=lunas", "status"),
        ("?order=x", "order"),
        ("?customer=x", "customer"),
        ("?date_from=30-11-2026", "date_from"),
        ("?date_from=2026-12-01&date_to=2026-11-01", "date_to"),
    ] {
        for list in ["payment", "invoice"] {
            let path = format!("/api/v1/{list}/{query}");
            let refused = world.staff(Method::GET, &path, None).await.expect(400);
            assert!(refused["details"][field].is_array(), "{path}: {refused}");
        }
    }
}

/// Pages are found by the days that were counted ahead; the whole list is not.
#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_a_list_are_the_list_whatever_days_they_lie_in() {
    let world = World::start().await;
    for number in 0..13 {
        let invoice = Order::with_deposit().first_invoice(&world).await;
        if number % 3 > 0 {
            pay(&world, &invoice, 4_500_000).await;
        }
        world.advance(std::time::Duration::from_hours(7)).await;
    }
    let ids = async |path: String| -> Vec<Value> {
        let list = world.staff(Method::GET, &path, None).await.expect(200);
        list["results"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect()
    };
    let days = "date_from=2000-01-01&date_to=2100-01-01";
    for list in [
        "invoice/?".to_owned(),
        "invoice/?status=sudah%20dibayar&".to_owned(),
        format!("invoice/?{days}&"),
        "payment/?".to_owned(),
        "payment/?status=success&".to_owned(),
        format!("payment/?{days}&"),
        format!("payment/?status=success&{days}&"),
    ] {
        let whole = ids(format!("/api/v1/{list}page_size=100")).await;
        assert!(whole.len() >= 8, "{list}: {}", whole.len());
        let mut paged = Vec::new();
        for page in 1..=whole.len().div_ceil(3) {
            paged.extend(ids(format!("/api/v1/{list}page_size=3&page={page}")).await);
        }
        assert_eq!(paged, whole, "{list}");
    }
    let mut db = world.db().await;
    for (list, table) in [("invoice", "invoices"), ("payment", "payments")] {
        let newest = ids(format!("/api/v1/{list}/?page_size=100")).await;
        let expected =
            format!("SELECT id::text FROM {table} ORDER BY created_at DESC, id DESC LIMIT 1");
        assert_eq!(newest[0], db.text(&expected).await);
    }
}
