//! Proofs of transfers on their way through the gateway (`settled.md` 29, contract row 54).

use konveksi_identity::{Kind, Role};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::{Reply, World, assert_problem, json};

const VERIFY: &str = "/api/v1/payment/verify-manual/";
const ORDER: &str = "0190a5b4-7c3d-7e2f-8a1b-2c3d4e5f6071";
const PROOF: &str = "0190a5b4-7c3d-7e2f-8a1b-2c3d4e5f6073";
const FILE: &str = "0190a5b4-7c3d-7e2f-8a1b-2c3d4e5f6074";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";

fn stored() -> Value {
    json!({ "id": FILE, "sha256": "ab".repeat(32), "status": "stored" })
}

fn file() -> Part {
    Part::bytes(b"%PDF-1.4 mutasi".to_vec()).file_name("mutasi.pdf")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statements_file_goes_to_media_and_payment_learns_which_one_it_is() {
    let world = World::start().await;
    world.media.on_json("POST /internal/v1/proofs", 201, &stored());
    let verified = json!({ "success": true, "status": "verified" });
    let reply = Reply::json(200, &verified).with("x-kv-express", "ZXZlbnRz");
    world.payment.on("POST /api/v1/payment/verify-manual", reply);
    let login = world.staff(Role::Finance).await;
    let form = Form::new()
        .text("invoice_id", ORDER)
        .text("transfer_amount", "3750000.00")
        .text("bank_statement_file", "a client cannot say this")
        .part("bank_statement", file());
    let request = world.post(VERIFY).header("idempotency-key", "k").multipart(form);
    let answer = login.page(request).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(json(answer).await, verified);
    let kept = world.media.only_call();
    assert_eq!(kept.identity.as_ref().unwrap().kind, Kind::System);
    assert!(String::from_utf8_lossy(&kept.body).contains("%PDF-1.4 mutasi"));
    let asked = world.payment.only_call();
    assert_eq!(asked.identity.as_ref().unwrap().kind, Kind::Staff);
    assert_eq!(asked.header("idempotency-key"), Some("k"));
    assert_eq!(asked.json()["bank_statement_file"], stored());
    assert_eq!(asked.json()["transfer_amount"], "3750000.00");
    assert_eq!(world.order.seen_on("POST /internal/v1/events").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_cannot_name_a_file_of_medias_itself() {
    let world = World::start().await;
    world.payment.on_json("POST /api/v1/payment/verify-manual", 200, &json!({}));
    let login = world.staff(Role::Finance).await;
    let body = json!({ "bank_statement": "file_upload", "bank_statement_file": stored() });
    let answer = login.page(world.post(VERIFY)).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(world.payment.only_call().json(), json!({ "bank_statement": "file_upload" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_shows_a_proof_by_the_tracking_link() {
    let world = World::start().await;
    let by_token = format!("GET /internal/v1/orders/by-token/{TOKEN}");
    world.order.on_json(&by_token, 200, &json!({ "order_id": ORDER }));
    world.media.on_json("POST /internal/v1/proofs", 201, &stored());
    let shown = json!({ "success": true, "status": "pending" });
    world.payment.on_json(&format!("POST /internal/v1/orders/{ORDER}/payment-proofs"), 201, &shown);
    let path = format!("/api/v1/track/{TOKEN}/payment-proof/");
    let form = Form::new().text("bank_name", "BCA").text("notes", "  ").part("proof", file());
    let answer = world.post(&path).multipart(form).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(json(answer).await, shown);
    let asked = world.payment.only_call();
    assert_eq!(asked.identity.as_ref().unwrap().kind, Kind::System);
    assert_eq!(asked.json(), json!({ "bank_name": "BCA", "file": stored() }));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_that_fits_or_a_file_nothing_is_kept() {
    let world = World::start().await;
    let by_token = format!("GET /internal/v1/orders/by-token/{TOKEN}");
    world.order.on_json(&by_token, 200, &json!({ "order_id": ORDER }));
    world.order.on_json("GET /internal/v1/orders/by-token/fedcba", 404, &json!({}));
    let post = |token: &str, form: Form| {
        world.post(&format!("/api/v1/track/{token}/payment-proof/")).multipart(form).send()
    };
    for token in ["short", "0123456789abcdef0123456789abcdeX", "fedcba9876543210fedcba9876543210"] {
        let answer = post(token, Form::new().part("proof", file())).await.unwrap();
        assert_problem(answer, 404, "ORDER_NOT_FOUND").await;
    }
    let empty = post(TOKEN, Form::new().text("notes", "x")).await.unwrap();
    assert_problem(empty, 400, "VALIDATION_ERROR").await;
    let two = Form::new().part("proof", file()).part("proof", file());
    assert_problem(post(TOKEN, two).await.unwrap(), 400, "VALIDATION_ERROR").await;
    let path = format!("/api/v1/track/{TOKEN}/payment-proof/");
    let answer = world.post(&path).json(&json!({})).send().await.unwrap();
    assert_eq!(answer.status(), 415);
    assert!(world.media.seen().is_empty() && world.payment.seen().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_fetch_a_proofs_file_and_nobody_else_does() {
    let world = World::start().await;
    let found = json!({ "id": PROOF, "file_id": FILE });
    world.payment.on_json(&format!("GET /api/v1/admin/payment/proofs/{PROOF}"), 200, &found);
    world.media.on_json(&format!("GET /internal/v1/proofs/{FILE}"), 200, &json!("bytes"));
    let path = format!("/api/v1/admin/payment/proofs/{PROOF}/file/");
    assert_eq!(world.get(&path).send().await.unwrap().status(), 401);
    let finance = world.staff(Role::Finance).await;
    let answer = finance.page(world.get(&path)).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.text().await.unwrap(), "\"bytes\"");
    let none = json!({ "id": PROOF, "file_id": null });
    world.payment.on_json(&format!("GET /api/v1/admin/payment/proofs/{PROOF}"), 200, &none);
    let answer = finance.page(world.get(&path)).send().await.unwrap();
    assert_problem(answer, 404, "FILE_NOT_FOUND").await;
}
