//! Proofs of transfers: what customers show, the queue of staff, and files that are scanned later.

use konveksi_contracts::v1::{CustomerChanged, MediaRejected, MediaStored};
use konveksi_identity::Role;
use konveksi_test_support::eventually;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::order::Order;
use crate::support::{Answer, PATIENCE, World};

fn file(number: u8, status: &str) -> Value {
    let sha256 = format!("{number:02x}").repeat(32);
    json!({ "id": Uuid::from_u128(u128::from(number)), "sha256": sha256, "status": status })
}

async fn show(world: &World, order: &Order, own: &Value) -> Answer {
    let mut body = json!({
        "file": file(1, "stored"), "transfer_amount": "4500000", "bank_name": "Mandiri",
        "transfer_date": "2025-06-30T14:30:00Z", "account_name": "Budi Santoso",
    });
    for (key, value) in own.as_object().unwrap() {
        body[key] = value.clone();
    }
    world.compose(&format!("/internal/v1/orders/{}/payment-proofs", order.id), body).await
}

async fn decide(world: &World, proof: &Value, action: &str, body: Value) -> Answer {
    let id = proof["id"].as_str().or(proof["proof_id"].as_str()).unwrap();
    let path = format!("/api/v1/admin/payment/proofs/{id}/{action}/");
    world.staff(Method::POST, &path, Some(body)).await
}

async fn queue(world: &World, status: &str) -> Value {
    let path = format!("/api/v1/admin/payment/proofs/?status={status}");
    world.staff(Method::GET, &path, None).await.expect(200)
}

async fn read(world: &World, proof: &Value) -> Value {
    let id = proof["id"].as_str().or(proof["proof_id"].as_str()).unwrap();
    let path = format!("/api/v1/admin/payment/proofs/{id}/");
    world.staff(Method::GET, &path, None).await.expect(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customers_proof_waits_for_staff_and_one_call_books_it_once() {
    let world = World::start().await;
    let order = Order::with_deposit();
    order.first_invoice(&world).await;
    let proof = show(&world, &order, &json!({})).await.expect(201);
    assert_eq!(proof["status"], "pending");
    let list = queue(&world, "in_review").await;
    assert_eq!((&list["count"], &list["results"][0]["id"]), (&json!(1), &proof["id"]));
    assert_eq!(list["results"][0]["origin"], "customer");

    let (one, two) = tokio::join!(
        decide(&world, &proof, "approve", json!({})),
        decide(&world, &proof, "approve", json!({})),
    );
    let (one, two) = (one.expect(200), two.expect(200));
    assert_eq!(one["payment"]["id"], two["payment"]["id"]);
    assert_eq!(one["invoice"]["invoice_status"], "sudah dibayar");
    let again = decide(&world, &proof, "approve", json!({})).await.expect(200);
    assert_eq!(again["payment"]["id"], one["payment"]["id"]);
    let refused = decide(&world, &proof, "reject", json!({ "reason": "x" })).await.expect(400);
    assert_eq!(refused["error_code"], "PROOF_DECIDED");
    let mut db = world.db().await;
    assert_eq!(db.balances().await, ["bank: 4500000", "deposits: 4500000"]);
    assert_eq!(world.told("payment.received.v1").await, 1);
    world.assert_sound().await;
}

/// A phone that lost the answer sends the form again: media keeps it as another file of the same
/// content.
#[tokio::test(flavor = "multi_thread")]
async fn a_proof_that_is_sent_again_with_its_key_is_one_proof() {
    let world = World::start().await;
    let order = Order::with_deposit();
    order.first_invoice(&world).await;
    let send = async |id: u8, reference: &str| {
        let mut file = file(1, "stored");
        file["id"] = json!(Uuid::from_u128(u128::from(id)));
        let body = json!({ "file": file, "reference": reference });
        let path = format!("/internal/v1/orders/{}/payment-proofs", order.id);
        world.compose_keyed("once", &path, body).await
    };
    let (first, again) = (send(1, "TRF-1").await, send(2, "TRF-1").await);
    assert!(again.headers.contains_key("idempotent-replayed"));
    assert_eq!(first.expect(201), again.expect(201));
    assert_eq!(queue(&world, "in_review").await["count"], 1);
    let other = send(3, "TRF-2").await.expect(400);
    assert_eq!(other["error_code"], "IDEMPOTENCY_KEY_REUSED");
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_book_what_really_came() {
    let world = World::start().await;
    let order = Order::with_deposit();
    order.first_invoice(&world).await;
    let proof = show(&world, &order, &json!({ "transfer_amount": null })).await.expect(201);
    let refused = decide(&world, &proof, "approve", json!({})).await.expect(400);
    assert!(refused["details"]["transfer_amount"].is_array());
    let part = json!({ "transfer_amount": "1000000" });
    let done = decide(&world, &proof, "approve", part).await.expect(200);
    assert_eq!(done["invoice"]["amount_due"], "3500000.00");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_proof_says_why_and_its_file_may_be_shown_again() {
    let world = World::start().await;
    let order = Order::with_deposit();
    order.first_invoice(&world).await;
    let proof = show(&world, &order, &json!({})).await.expect(201);
    let refused = show(&world, &order, &json!({ "file": file(1, "stored") })).await.expect(400);
    assert_eq!(refused["error_code"], "DUPLICATE_PROOF");
    decide(&world, &proof, "reject", json!({ "reason": " " })).await.expect(400);
    let why = json!({ "reason": "Nominal tidak terlihat" });
    let rejected = decide(&world, &proof, "reject", why.clone()).await.expect(200);
    assert_eq!((&rejected["status"], &rejected["reason"]), (&json!("rejected"), &why["reason"]));
    decide(&world, &proof, "reject", why).await.expect(200);
    let refused = decide(&world, &proof, "approve", json!({})).await.expect(400);
    assert_eq!(refused["error_code"], "PROOF_DECIDED");
    let mut other = file(1, "stored");
    other["id"] = json!(Uuid::from_u128(77));
    show(&world, &order, &json!({ "file": other })).await.expect(201);
    assert_eq!(world.db().await.number("SELECT count(*) FROM transfer").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn much_money_of_a_customer_takes_one_member_of_staff() {
    let world = World::start().await;
    let order = Order::paid_at_once();
    order.first_invoice(&world).await;
    let proof = show(&world, &order, &json!({ "transfer_amount": "7500000" })).await.expect(201);
    let path = format!("/api/v1/admin/payment/proofs/{}/approve/", proof["id"].as_str().unwrap());
    let viewer = world.as_staff((9, Role::Viewer), &path, json!({})).await;
    assert_eq!(viewer.status, 403);
    decide(&world, &proof, "approve", json!({})).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_proof_is_refused() {
    let world = World::start().await;
    let order = Order::with_deposit();
    assert_eq!(show(&world, &order, &json!({})).await.expect(404)["error_code"], "ORDER_NOT_FOUND");
    let invoice = order.first_invoice(&world).await;
    for (own, field) in [
        (json!({ "transfer_amount": "-1" }), "transfer_amount"),
        (json!({ "transfer_date": "2999-01-01T00:00:00Z" }), "transfer_date"),
        (json!({ "notes": "x".repeat(1_001) }), "notes"),
        (
            json!({ "file": { "id": Uuid::nil(), "sha256": "zz", "status": "stored" } }),
            "bank_statement",
        ),
    ] {
        let refused = show(&world, &order, &own).await.expect(400);
        assert!(refused["details"][field].is_array(), "{own}: {refused}");
    }
    let other = json!({ "invoice_code": "INV-000000-XXX" });
    show(&world, &order, &other).await.expect(404);
    for number in 1..=10 {
        show(&world, &order, &json!({ "file": file(number, "stored") })).await.expect(201);
    }
    let refused = show(&world, &order, &json!({ "file": file(11, "stored") })).await.expect(400);
    assert_eq!(refused["error_code"], "TOO_MANY_PROOFS");
    let path = format!("/api/v1/invoice/{}/", invoice["id"].as_str().unwrap());
    world.staff(Method::DELETE, &path, None).await;
    let refused = show(&world, &order, &json!({ "file": file(12, "stored") })).await.expect(400);
    assert_eq!(refused["error_code"], "NO_OPEN_INVOICE");
}

async fn staff_claim(world: &World, invoice: &Value, number: u8, amount: u64) -> Value {
    let body = json!({
        "invoice_id": invoice["id"], "transfer_amount": amount, "bank_name": "BCA",
        "transfer_date": "2025-06-30T14:30:00Z", "account_name": "John Doe",
        "bank_statement_file": file(number, "quarantined"),
    });
    let path = "/api/v1/payment/verify-manual/";
    world.staff(Method::POST, path, Some(body)).await.expect(202)
}

async fn judged(world: &World, number: u8, clean: bool) {
    let id = Uuid::from_u128(u128::from(number));
    let file_id = id.to_string();
    if clean {
        world.tell(id, 1, &MediaStored { file_id, ..MediaStored::default() }).await;
    } else {
        world.tell(id, 1, &MediaRejected { file_id, ..MediaRejected::default() }).await;
    }
}

async fn becomes(world: &World, proof: &Value, status: &str) -> Value {
    eventually(PATIENCE, async || {
        let proof = read(world, proof).await;
        (proof["status"] == status).then_some(proof)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_staff_verified_is_booked_once_its_file_is_found_clean() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    let waits = staff_claim(&world, &invoice, 1, 4_500_000).await;
    assert_eq!(waits["status"], "pending");
    let refused = decide(&world, &waits, "approve", json!({})).await.expect(400);
    assert_eq!(refused["error_code"], "PROOF_QUARANTINED");
    judged(&world, 1, true).await;
    let proof = becomes(&world, &waits, "verified").await;
    assert_eq!(proof["decided_by"], "staff:7");
    assert_eq!(order.money(&world).await["total_paid"], "4500000.00");

    // Another one turns out to be infected, a third no longer fits.
    let second = Order::with_deposit().first_invoice(&world).await;
    let infected = staff_claim(&world, &second, 2, 4_500_000).await;
    judged(&world, 2, false).await;
    let rejected = becomes(&world, &infected, "rejected").await;
    assert!(rejected["reason"].is_string());
    // An equal claim within a minute would be suspected of being sent twice.
    world.clock.advance(chrono::Duration::seconds(61));
    let late = staff_claim(&world, &second, 3, 4_500_000).await;
    let paid = json!({ "invoice_id": second["id"], "payment_method": "CASH", "amount": 4_500_000 });
    world.staff(Method::POST, "/api/v1/payment/manual/", Some(paid)).await.expect(201);
    judged(&world, 3, true).await;
    let waits = becomes(&world, &late, "in_review").await;
    assert!(waits["reason"].is_string(), "{waits}");
    assert_eq!(world.db().await.number("SELECT count(*) FROM payments").await, 2);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scanners_word_may_come_before_the_proof() {
    let world = World::start().await;
    let order = Order::with_deposit();
    order.first_invoice(&world).await;
    judged(&world, 1, true).await;
    judged(&world, 2, false).await;
    world.settle(2).await;
    let shown = show(&world, &order, &json!({ "file": file(1, "quarantined") })).await.expect(201);
    assert_eq!(read(&world, &shown).await["status"], "in_review");
    let refused =
        show(&world, &order, &json!({ "file": file(2, "quarantined") })).await.expect(400);
    assert_eq!(refused["error_code"], "PROOF_INFECTED");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_customer_leaves_no_name_in_proofs() {
    let world = World::start().await;
    let order = Order::with_deposit();
    order.first_invoice(&world).await;
    let proof = show(&world, &order, &json!({ "notes": "dari Budi" })).await.expect(201);
    let erased = CustomerChanged {
        customer_id: order.customer.to_string(),
        erased: true,
        ..CustomerChanged::default()
    };
    world.tell(order.customer.as_uuid(), 9, &erased).await;
    world.settle(1).await;
    let proof = read(&world, &proof).await;
    assert_eq!((&proof["account_name"], &proof["notes"]), (&json!(""), &json!("")));
    assert_eq!(proof["transfer_amount"], "4500000.00", "sums stay");
}
