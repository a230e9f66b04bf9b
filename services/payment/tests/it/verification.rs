//! Manual verification (contract row 54): the spec's request, what is checked, and who may decide.

use chrono::Duration;
use konveksi_identity::Role;
use konveksi_kernel::Clock as _;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::order::Order;
use crate::support::{Answer, World};

const VERIFY: &str = "/api/v1/payment/verify-manual/";

/// The request of the user's document, for an invoice of ours.
fn spec(invoice: &Value) -> Value {
    let body = r#"{
        "invoice_id": "550e8400-e29b-41d4-a716-446655440002",
        "bank_statement": "file_upload",
        "transfer_amount": "3750000.00",
        "transfer_date": "2025-06-30T14:30:00Z",
        "bank_name": "BCA",
        "account_name": "John Doe",
        "notes": "Transfer sesuai nominal"
    }"#;
    let mut body: Value = serde_json::from_str(body).unwrap();
    body["invoice_id"] = invoice["id"].clone();
    body
}

async fn verify(world: &World, body: Value) -> Answer {
    world.staff(Method::POST, VERIFY, Some(body)).await
}

/// Rp 3.750.000 are due.
async fn invoice(world: &World) -> Value {
    Order::paid_at_once().of(3_750_000).first_invoice(world).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_specs_verification_is_taken_verbatim_and_booked() {
    let world = World::start().await;
    let invoice = invoice(&world).await;
    let answer = verify(&world, spec(&invoice)).await;
    assert!(answer.headers.contains_key("x-kv-express"), "order learns of it at once");
    let body = answer.expect(200);
    assert_eq!((&body["success"], &body["status"]), (&json!(true), &json!("verified")));
    assert_eq!(body["payment"]["amount"], "3750000.00");
    assert_eq!(body["payment"]["payment_time"], "2025-06-30T14:30:00Z");
    assert_eq!(body["payment"]["notes"], "Transfer sesuai nominal");
    assert_eq!(body["invoice"]["invoice_status"], "sudah dibayar");
    assert_eq!(body["warnings"], json!(["before_invoice"]));
    let mut db = world.db().await;
    assert_eq!(db.balances().await, ["bank: 3750000", "deposits: 3750000"]);
    let proof = format!("/api/v1/admin/payment/proofs/{}/", body["proof_id"].as_str().unwrap());
    let proof = world.staff(Method::GET, &proof, None).await.expect(200);
    assert_eq!((&proof["status"], &proof["decided_by"]), (&json!("verified"), &json!("staff:7")));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_amount_another_time_and_nonsense_are_refused_and_nothing_is_booked() {
    let world = World::start().await;
    let invoice = invoice(&world).await;
    let tomorrow = world.clock.now() + Duration::days(1);
    for (field, value) in [
        ("transfer_amount", json!("3750001.00")),
        ("transfer_amount", json!("3749999")),
        ("transfer_amount", json!("0")),
        ("transfer_amount", json!("3750000.50")),
        ("transfer_date", json!(tomorrow)),
        ("transfer_date", json!("kemarin")),
        ("bank_name", json!(" ")),
        ("account_name", json!("x".repeat(256))),
        ("bank_statement", json!("")),
    ] {
        let mut body = spec(&invoice);
        body[field] = value.clone();
        let refused = verify(&world, body).await.expect(400);
        assert!(refused["details"][field].is_array(), "{field} {value}: {refused}");
    }
    let mut body = spec(&invoice);
    body["transfer_amount"] = json!("1");
    assert_eq!(verify(&world, body).await.expect(400)["amount_due"], "3750000.00");
    let mut unknown = spec(&invoice);
    unknown["invoice_id"] = json!("550e8400-e29b-41d4-a716-446655440002");
    verify(&world, unknown).await.expect(404);
    assert_eq!(world.db().await.number("SELECT count(*) FROM transfer").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_equal_request_within_a_minute_is_suspected_and_a_paid_invoice_refused() {
    let world = World::start().await;
    let invoice = invoice(&world).await;
    verify(&world, spec(&invoice)).await.expect(200);
    let refused = verify(&world, spec(&invoice)).await.expect(400);
    assert_eq!(refused["error_code"], "SUSPECTED_DOUBLE");
    world.clock.advance(Duration::seconds(61));
    let refused = verify(&world, spec(&invoice)).await.expect(400);
    assert_eq!(refused["error_code"], "INVOICE_INVALID_STATE");
    assert_eq!(world.db().await.number("SELECT count(*) FROM payments").await, 1);
}

fn file(byte: &str, status: &str) -> Value {
    let id = uuid::Uuid::from_u128(u128::from_str_radix(byte, 16).unwrap() << 64 | 7);
    json!({ "id": id, "sha256": byte.repeat(32), "status": status })
}

#[tokio::test(flavor = "multi_thread")]
async fn one_file_proves_one_transfer_and_alike_transfers_are_flagged() {
    let world = World::start().await;
    let (one, two, three) = (invoice(&world).await, invoice(&world).await, invoice(&world).await);
    let mut body = spec(&one);
    body["bank_statement_file"] = file("ab", "stored");
    verify(&world, body.clone()).await.expect(200);
    body["invoice_id"] = two["id"].clone();
    body["bank_statement_file"]["id"] = json!(uuid::Uuid::from_u128(99));
    let refused = verify(&world, body).await.expect(400);
    assert_eq!(refused["error_code"], "DUPLICATE_PROOF");

    // Another file, but the same bank, amount, moment and reference.
    let mut body = spec(&three);
    body["bank_statement_file"] = file("cd", "stored");
    let verified = verify(&world, body).await.expect(200);
    let flags = verified["warnings"].as_array().unwrap();
    assert!(flags.contains(&json!("possible_duplicate")), "{verified}");
}

#[tokio::test(flavor = "multi_thread")]
async fn much_money_takes_a_second_person() {
    let world = World::start().await;
    let invoice = Order::paid_at_once().first_invoice(&world).await;
    let mut body = spec(&invoice);
    body["transfer_amount"] = json!(7_500_000);
    let waits = verify(&world, body).await.expect(202);
    assert_eq!((&waits["status"], &waits["payment"]), (&json!("pending"), &json!(null)));
    let approve =
        format!("/api/v1/admin/payment/proofs/{}/approve/", waits["proof_id"].as_str().unwrap());
    let refused = world.as_staff((7, Role::Finance), &approve, json!({})).await.expect(400);
    assert_eq!(refused["error_code"], "SECOND_PERSON_REQUIRED");
    let done = world.as_staff((8, Role::Finance), &approve, json!({})).await.expect(200);
    assert_eq!(
        (&done["status"], &done["invoice"]["invoice_status"]),
        (&json!("verified"), &json!("sudah dibayar"))
    );
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lone_owner_confirms_twice_and_it_shows() {
    let world = World::start().await;
    let invoice = Order::paid_at_once().first_invoice(&world).await;
    let mut body = spec(&invoice);
    body["transfer_amount"] = json!(7_500_000);
    let waits = world.as_staff((1, Role::Owner), VERIFY, body).await.expect(202);
    let approve =
        format!("/api/v1/admin/payment/proofs/{}/approve/", waits["proof_id"].as_str().unwrap());
    let done = world.as_staff((1, Role::Owner), &approve, json!({})).await.expect(200);
    assert!(done["warnings"].as_array().unwrap().contains(&json!("self_approved")), "{done}");
}
