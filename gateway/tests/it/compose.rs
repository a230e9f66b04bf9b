//! Answers made of several services' (`settled.md` 4, 5, 6).

use konveksi_identity::{Kind, Role};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{Reply, World, assert_problem, json};

const ID: &str = "0190a5b4-7c3d-7e2f-8a1b-2c3d4e5f6071";
const INVOICE: &str = "0190a5b4-7c3d-7e2f-8a1b-2c3d4e5f6072";
const CODE: &str = "ORD-20250630-A1B";

fn order(status: &str) -> Value {
    json!({ "id": ID, "order_code": CODE, "customer_name": "Budi Santoso", "status_order": status,
            "product_name": "Kaos Polos", "quantity": 24, "total_price": "2400000.00" })
}

fn snapshot() -> Value {
    json!({ "order_id": ID, "order_code": CODE, "version": 1, "notification_channel": "whatsapp" })
}

fn invoice() -> Value {
    json!({ "id": INVOICE, "invoice_code": "INV-123456-ABC", "order": ID, "payment_type": "full",
            "invoice_amount": "2400000.00", "invoice_status": "belum dibayar",
            "payment_url": "http://pay.example/1", "notification_channel": "whatsapp",
            "invoice_expired_at": "2099-01-01T00:00:00Z", "invoice_paid_at": null,
            "xendit_invoice_id": "secret" })
}

fn input() -> Value {
    json!({ "customer_name": "Budi Santoso", "product_name": "Kaos Polos", "quantity": 24,
            "total_price": "2400000", "payment_type": "full", "contact_information": "081234567890" })
}

fn prepared(world: &World) {
    let created = json!({ "order": order("menunggu_link"), "snapshot": snapshot() });
    world.order.on_json("POST /api/v1/", 201, &created);
    world.order.on_json(&format!("GET /api/v1/order/{ID}"), 200, &order("link_dibuat"));
    world.order.on_json(&format!("GET /internal/v1/orders/{ID}/snapshot"), 200, &snapshot());
    let invoiced = json!({ "invoice": invoice(), "payment_url": "http://pay.example/1" });
    let reply = Reply::json(200, &invoiced).with("x-kv-express", "ZXZlbnRz");
    world.payment.on(&format!("POST /internal/v1/orders/{ID}/first-invoice"), reply);
}

fn express_of(world: &World) -> Vec<Value> {
    let calls = world.order.seen_on("POST /internal/v1/events");
    assert!(calls.iter().all(|call| call.identity.as_ref().unwrap().kind == Kind::System));
    calls.iter().map(|call| call.json()["events"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_answered_with_its_invoice_and_its_new_status() {
    let world = World::start().await;
    prepared(&world);
    let request = world.post("/api/v1/order/").header("idempotency-key", "k1").json(&input());
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let body = json(answer).await;
    assert_eq!(body["success"], true);
    assert!(body["message"].is_string());
    assert_eq!(body["order"]["order_code"], CODE);
    assert_eq!(body["order"]["status_order"], "link_dibuat");
    assert_eq!(body["invoice"]["invoice_code"], "INV-123456-ABC");
    assert_eq!(body["data"]["order"], body["order"]);
    assert_eq!(body["data"]["invoice"], body["invoice"]);
    assert_eq!(body["payment_url"], "http://pay.example/1");
    assert_eq!(body["notification_sent"], true);

    let created = world.order.seen_on("POST /api/v1/order/");
    assert_eq!(created[0].json(), input());
    assert_eq!(created[0].identity.as_ref().unwrap().kind, Kind::Anonymous);
    assert_eq!(created[0].header("idempotency-key"), Some("k1"));
    let asked = world.payment.only_call();
    assert_eq!(asked.json()["snapshot"], snapshot());
    assert_eq!(asked.header("idempotency-key"), Some("k1:invoice"));
    assert_eq!(express_of(&world), [json!("ZXZlbnRz")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_claims_a_draft_file_by_naming_its_id() {
    let world = World::start().await;
    prepared(&world);
    let mut claiming = input();
    claiming["design_file_id"] = json!(INVOICE);
    let answer = world.post("/api/v1/order/").json(&claiming).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let sent = world.order.seen_on("POST /api/v1/").remove(0).json();
    assert!(sent.get("design_file_id").is_none(), "{sent}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_fixes_an_orders_id_code_or_date_from_outside() {
    let world = World::start().await;
    prepared(&world);
    let login = world.staff(Role::Owner).await;
    let mut fixing = input();
    fixing["id"] = json!("5eed0000-0000-7000-8000-000000000001");
    fixing["order_code"] = json!("ORD-20250101-S01");
    fixing["placed_at"] = json!("2025-01-01T00:00:00Z");
    fixing["notify"] = json!(false);
    let public = world.post("/api/v1/order/").json(&fixing);
    let staffs = login.page(world.post("/api/v1/admin/create-order/")).json(&fixing);
    for request in [public, staffs] {
        assert_eq!(request.send().await.unwrap().status(), 201);
    }
    let sent = world.order.seen_on("POST /api/v1/");
    assert_eq!(sent.len(), 2);
    for call in sent {
        assert_ne!(call.identity.as_ref().unwrap().kind, Kind::System);
        assert_eq!(call.json(), input());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_payment_away_the_order_stands_and_the_invoice_is_null() {
    let world = World::start().await;
    prepared(&world);
    world.payment.stop().await;
    let answer = world.post("/api/v1/order/").json(&input()).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let body = json(answer).await;
    assert_eq!(body["order"]["status_order"], "menunggu_link");
    assert!(body["invoice"].is_null() && body["payment_url"].is_null());
    assert!(body["data"]["invoice"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_fails_leaves_the_order_without_an_invoice() {
    let world = World::start().await;
    prepared(&world);
    let path = format!("POST /internal/v1/orders/{ID}/first-invoice");
    world.payment.on_json(&path, 500, &json!({ "error": "Xendit" }));
    let answer = world.post("/api/v1/order/").json(&input()).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    assert!(json(answer).await["invoice"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_order_refuses_is_told_in_its_own_words_and_nothing_else_happens() {
    let world = World::start().await;
    let refused = json!({ "error": "Data tidak valid.", "detail": "x", "error_code": "VALIDATION_ERROR",
                          "details": { "quantity": ["Jumlah harus 1–10000."] }, "timestamp": "2025-01-01T00:00:00Z" });
    world.order.on_json("POST /api/v1/order", 400, &refused);
    let answer = world.post("/api/v1/order/").json(&input()).send().await.unwrap();
    assert_eq!(answer.status(), 400);
    assert_eq!(json(answer).await, refused);
    assert!(world.payment.seen().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn order_away_is_503_and_nothing_is_half_done() {
    let world = World::start().await;
    world.order.stop().await;
    let answer = world.post("/api/v1/order/").json(&input()).send().await.unwrap();
    assert_problem(answer, 503, "SERVICE_UNAVAILABLE").await;
    assert!(world.payment.seen().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_a_design_stores_the_file_first_and_orders_with_its_id() {
    let world = World::start().await;
    prepared(&world);
    world.media.on_json("POST /internal/v1/drafts", 201, &json!({ "id": INVOICE }));
    let login = world.staff(Role::Admin).await;
    let file = reqwest::multipart::Part::bytes(b"\x89PNG....".to_vec())
        .file_name("logo depan.png")
        .mime_str("image/png")
        .unwrap();
    let form = reqwest::multipart::Form::new()
        .text("customer_name", "Budi Santoso")
        .text("quantity", "24")
        .text("design_notes", "")
        .text("design_file_id", "forged")
        .part("design", file);
    let request = login.page(world.post("/api/v1/admin/create-order/")).multipart(form);
    assert_eq!(request.send().await.unwrap().status(), 201);
    let draft = world.media.only_call();
    let sent = String::from_utf8_lossy(&draft.body).into_owned();
    assert!(sent.contains("logo depan.png") && sent.contains("PNG...."));
    let created = world.order.seen_on("POST /api/v1/admin/create-order")[0].clone();
    assert_eq!(
        created.json(),
        json!({ "customer_name": "Budi Santoso", "quantity": 24, "design_notes": null,
                "design_file_id": INVOICE,
                "design_sha256": hex::encode(Sha256::digest(b"\x89PNG....")) })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_design_stops_the_order() {
    let world = World::start().await;
    prepared(&world);
    let infected = json!({ "error": "Berkas mengandung virus.", "detail": "x", "error_code": "INFECTED",
                           "timestamp": "2025-01-01T00:00:00Z" });
    world.media.on_json("POST /internal/v1/drafts", 400, &infected);
    let part = || reqwest::multipart::Part::bytes(vec![1; 10]).file_name("a.png");
    let form = reqwest::multipart::Form::new().text("quantity", "24").part("design", part());
    let answer = world.post("/api/v1/order/").multipart(form).send().await.unwrap();
    assert_eq!(json(answer).await, infected);
    let large = reqwest::multipart::Part::bytes(vec![1; 5 * 1024 * 1024 + 1]).file_name("a.png");
    let form = reqwest::multipart::Form::new().part("design", large);
    let answer = world.post("/api/v1/order/").multipart(form).send().await.unwrap();
    assert_problem(answer, 413, "PAYLOAD_TOO_LARGE").await;
    let request =
        world.post("/api/v1/order/").header("content-type", "multipart/form-data; boundary=x");
    assert_problem(request.body("rubbish").send().await.unwrap(), 400, "MALFORMED_FORM").await;
    assert!(world.order.seen().is_empty());
}

fn design_for(order: &str) -> reqwest::multipart::Form {
    let design = reqwest::multipart::Part::bytes(b"\x89PNG....".to_vec()).file_name("logo.png");
    reqwest::multipart::Form::new()
        .part("design", design)
        .text("order_id", order.to_owned())
        .text("description", "Logo depan")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_design_reaches_media_once_order_knows_its_order() {
    let world = World::start().await;
    let path = "/api/v1/media/upload-design/";
    world.order.on_json(&format!("GET /internal/v1/orders/{ID}/snapshot"), 200, &snapshot());
    world.media.on_json("POST /api/v1/media/upload-design", 201, &json!({ "id": INVOICE }));
    let answer = world.post(path).multipart(design_for(ID)).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(json(answer).await["id"], INVOICE);
    let sent = String::from_utf8_lossy(&world.media.only_call().body).into_owned();
    for part in ["logo.png", "PNG....", ID, "Logo depan"] {
        assert!(sent.contains(part), "{part}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_design_for_an_order_nobody_knows_is_404_and_never_reaches_media() {
    let world = World::start().await;
    let path = "/api/v1/media/upload-design/";
    let unknown = json!({ "error": "Order tidak ditemukan.", "detail": "no such order",
                          "error_code": "ORDER_NOT_FOUND", "timestamp": "2025-01-01T00:00:00Z" });
    world.order.on_json(&format!("GET /internal/v1/orders/{ID}/snapshot"), 404, &unknown);
    let answer = world.post(path).multipart(design_for(ID)).send().await.unwrap();
    assert_problem(answer, 404, "ORDER_NOT_FOUND").await;
    let answer = world.post(path).multipart(design_for("7")).send().await.unwrap();
    let body = assert_problem(answer, 400, "VALIDATION_ERROR").await;
    assert!(body["details"]["order_id"].is_array());
    let form = reqwest::multipart::Form::new().text("description", "Logo depan");
    let answer = world.post(path).multipart(form).send().await.unwrap();
    let body = assert_problem(answer, 400, "VALIDATION_ERROR").await;
    assert!(body["details"]["design"].is_array() && body["details"]["order_id"].is_array());
    assert!(world.media.seen().is_empty());
}

fn accepted(channels: &[&str]) -> Value {
    let accepted: Vec<Value> = channels
        .iter()
        .map(|channel| json!({ "channel": channel, "notification_id": ID }))
        .collect();
    json!({ "accepted": accepted, "rendered": { "subject": "", "body": "Halo" },
            "template": { "id": ID, "name": "x", "type": "dp_invoice", "channel": "whatsapp" },
            "context_used": { "order_code": CODE } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_link_is_made_told_to_order_and_sent() {
    let world = World::start().await;
    prepared(&world);
    let login = world.staff(Role::Finance).await;
    let made =
        json!({ "invoice": invoice(), "payment_url": "http://pay.example/1", "reused": false });
    let reply = Reply::json(201, &made).with("x-kv-express", "ZXZlbnRz");
    world.payment.on(&format!("POST /internal/v1/orders/{ID}/payment-link"), reply);
    world.notification.on_json("POST /internal/v1/sends", 202, &accepted(&["whatsapp"]));
    let wish = json!({ "payment_type": "dp", "dp_percent": 60, "test": true });
    let answer = login
        .page(world.post(&format!("/api/v1/{ID}/create-payment-link/")))
        .json(&wish)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);
    let body = json(answer).await;
    assert_eq!(body["payment_url"], "http://pay.example/1");
    assert_eq!(body["invoice"]["id"], INVOICE);
    assert_eq!(
        [&body["notification_sent"], &body["whatsapp_sent"], &body["email_sent"]],
        [true, true, false]
    );
    assert!(body.get("fallback_method").is_none());
    let asked = world.payment.only_call().json();
    assert_eq!(asked, json!({ "snapshot": snapshot(), "payment_type": "dp", "dp_percent": 60 }));
    assert_eq!(express_of(&world), [json!("ZXZlbnRz")]);
    let sent = world.notification.seen_on("POST /internal/v1/sends")[0].json();
    assert_eq!(sent["template_type"], "full_invoice");
    assert_eq!(sent["channel"], "whatsapp");
    assert_eq!(sent["invoice_id"], INVOICE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_cannot_be_sent_now_stands_and_says_so() {
    let world = World::start().await;
    prepared(&world);
    let login = world.staff(Role::Admin).await;
    let made =
        json!({ "invoice": invoice(), "payment_url": "http://pay.example/1", "reused": true });
    world.payment.on_json(&format!("POST /internal/v1/orders/{ID}/payment-link"), 201, &made);
    world.notification.stop().await;
    let request = login.bearer(world.post(&format!("/api/v1/order/{ID}/create-payment-link/")));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let body = json(answer).await;
    assert_eq!(body["notification_sent"], false);
    assert_eq!(body["fallback_method"], "manual_notification_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_for_an_unknown_order_is_404() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let unknown = json!({ "error": "Pesanan tidak ditemukan.", "detail": "x",
                          "error_code": "ORDER_NOT_FOUND", "timestamp": "2025-01-01T00:00:00Z" });
    world.order.on_json("GET /internal/v1/orders", 404, &unknown);
    for id in [ID, "not-an-id"] {
        let request = login.bearer(world.post(&format!("/api/v1/order/{id}/create-payment-link/")));
        assert_eq!(request.send().await.unwrap().status(), 404);
    }
    assert!(world.payment.seen().is_empty());
}

fn public_order() -> Value {
    let brief = json!({ "order_code": CODE, "customer_name": "Budi S.", "product_name": "Kaos Polos",
                        "quantity": 24, "status_order": "link_dibuat", "production_status": "menunggu",
                        "created_at": "2025-06-30T00:00:00Z" });
    let data = json!({ "order_code": CODE, "customer_name": "Budi S.", "total_price": "2400000.00",
                       "payment_type": "full", "is_fully_paid": false, "timeline": [], "history": [] });
    json!({ "order_id": ID, "order": brief, "data": data, "timeline": [],
            "check": { "order_code": CODE, "total_price": "2400000.00", "is_fully_paid": false } })
}

fn track_prepared(world: &World) {
    world.order.on_json(&format!("GET /internal/v1/orders/by-code/{CODE}"), 200, &public_order());
    let money = json!({ "invoices": [invoice()], "payments": [], "total_paid": "0.00" });
    world.payment.on_json(&format!("GET /internal/v1/orders/{ID}/money"), 200, &money);
}

#[tokio::test(flavor = "multi_thread")]
async fn tracking_merges_what_order_and_payment_show() {
    let world = World::start().await;
    track_prepared(&world);
    let path = format!("/api/v1/track-order/?order_code={}", CODE.to_lowercase());
    let answer = world.get(&path).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let body = json(answer).await;
    assert_eq!(body["success"], true);
    assert_eq!(
        body["data"]["payment_summary"],
        json!({ "total_amount": "2400000", "amount_paid": "0", "remaining_balance": "2400000",
                "payment_type": "full", "payment_type_display": "Full Payment" })
    );
    let shown = &body["data"]["invoices"][0];
    assert_eq!(shown["invoice_amount"], "2400000");
    assert_eq!(shown["payment_link"], "http://pay.example/1");
    assert_eq!(shown["status_display"], "Belum Dibayar");
    assert!(body["data"]["timeline"].is_array());
    assert_eq!(body["order"]["customer_name"], "Budi S.");
    assert_eq!(body["summary"]["next_payment_amount"], "2400000.00");
    assert_eq!(body["summary"]["remaining"], "2400000.00");
    assert!(!body.to_string().contains("secret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn checking_answers_amounts_as_numbers() {
    let world = World::start().await;
    track_prepared(&world);
    for path in ["/api/v1/check-order", "/api/v1/check-order/"] {
        let answer = world.get(&format!("{path}?order_code={CODE}")).send().await.unwrap();
        let body = json(answer).await;
        assert_eq!(
            body["summary"],
            json!({ "total_price": 2_400_000, "total_paid": 0, "remaining": 2_400_000, "is_fully_paid": false })
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_that_are_missing_malformed_or_unknown_are_told_apart() {
    let world = World::start().await;
    let unknown = json!({ "error": "Pesanan tidak ditemukan.", "detail": "x",
                          "error_code": "ORDER_NOT_FOUND", "timestamp": "2025-01-01T00:00:00Z" });
    world.order.on_json("GET /internal/v1/orders/by-code", 404, &unknown);
    for query in ["", "?order_code=", "?order_code=..%2Fevents", "?order_code=a/b"] {
        let answer = world.get(&format!("/api/v1/track-order/{query}")).send().await.unwrap();
        assert_problem(answer, 400, "VALIDATION_ERROR").await;
    }
    assert!(world.order.seen().is_empty());
    let path = "/api/v1/track-order/?order_code=ORD-20250630-ZZZ";
    assert_problem(world.get(path).send().await.unwrap(), 404, "ORDER_NOT_FOUND").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_final_payment_moves_the_order_and_makes_its_invoice() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let moved = json!({ "order": order("pengerjaan_selesai"), "snapshot": snapshot() });
    world.order.on_json(&format!("POST /internal/v1/orders/{ID}/final-payment"), 200, &moved);
    let reply = Reply::json(200, &json!({ "invoice": invoice() })).with("x-kv-express", "ZXZlbnRz");
    world.payment.on(&format!("POST /internal/v1/orders/{ID}/final-invoice"), reply);
    let path = format!("/api/v1/admin/order/{ID}/request-final-payment/");
    let body = json(login.page(world.post(&path)).send().await.unwrap()).await;
    assert_eq!(body["success"], true);
    assert_eq!(body["new_order_status"], "pengerjaan_selesai");
    assert_eq!(body["final_invoice"]["amount"], "2400000.00");
    assert_eq!(body["final_invoice"]["expires_at"], "2099-01-01T00:00:00Z");
    assert_eq!(express_of(&world).len(), 1);
    // Nothing is sent, but notification knows the invoice: its link may be sent at once.
    let told = world.notification.only_call();
    assert_eq!(told.target, "/internal/v1/events");
    assert_eq!(told.json()["events"], "ZXZlbnRz");
    assert_eq!(world.payment.only_call().json()["fresh"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_final_payment_asked_for_again_insists_on_a_fresh_invoice() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let stands = json!({ "order": order("pengerjaan_selesai"), "snapshot": snapshot(),
                         "already": true });
    world.order.on_json(&format!("POST /internal/v1/orders/{ID}/final-payment"), 200, &stands);
    let refused = json!({ "error": "Tagihan pelunasan order ini masih menunggu pembayaran.",
                          "detail": "x", "error_code": "FINAL_INVOICE_EXISTS",
                          "timestamp": "2025-01-01T00:00:00Z" });
    let path = format!("POST /internal/v1/orders/{ID}/final-invoice");
    world.payment.on_json(&path, 400, &refused);
    let path = format!("/api/v1/admin/order/{ID}/request-final-payment/");
    let answer = login.page(world.post(&path)).send().await.unwrap();
    assert_eq!(json(answer).await, refused);
    assert_eq!(world.payment.only_call().json()["fresh"], true);
    assert!(express_of(&world).is_empty() && world.notification.seen().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_placed_again_with_its_key_is_composed_again() {
    let world = World::start().await;
    prepared(&world);
    let created = json!({ "order": order("menunggu_link"), "snapshot": snapshot() });
    let reply = Reply::json(201, &created).with("idempotent-replayed", "true");
    world.order.on("POST /api/v1/", reply);
    let request = world.post("/api/v1/order/").header("idempotency-key", "k1").json(&input());
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.headers()["idempotent-replayed"], "true");
    let body = json(answer).await;
    assert_eq!(body["order"]["status_order"], "link_dibuat");
    assert_eq!(body["invoice"]["invoice_code"], "INV-123456-ABC");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_tracks_an_order_without_its_code() {
    let world = World::start().await;
    track_prepared(&world);
    let token = "0f9c2d7b5e8a4c11b3d6e7f8091a2b3c";
    let path = format!("GET /internal/v1/orders/by-token/{token}");
    world.order.on_json(&path, 200, &public_order());
    let answer = world.get(&format!("/api/v1/track/{token}/")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let by_token = json(answer).await;
    let by_code = world.get(&format!("/api/v1/track-order/?order_code={CODE}")).send().await;
    assert_eq!(by_token, json(by_code.unwrap()).await);
    let seen = world.order.seen().len();
    for odd in ["ORD-20250630-A1B", "0F9C2D7B5E8A4C11B3D6E7F8091A2B3C"] {
        let answer = world.get(&format!("/api/v1/track/{odd}/")).send().await.unwrap();
        assert_problem(answer, 404, "ORDER_NOT_FOUND").await;
    }
    let climbing = world.get("/api/v1/track/..%2Fby-code%2Fx/").send().await.unwrap();
    assert!(climbing.status().is_client_error());
    assert_eq!(world.order.seen().len(), seen);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_trail_joins_moves_and_callbacks() {
    let world = World::start().await;
    let login = world.staff(Role::Viewer).await;
    let moves = json!({ "order": { "order_code": CODE, "customer_name": "Budi" }, "status_histories": [{ "new_status": "lunas" }] });
    world.order.on_json(&format!("GET /internal/v1/orders/{ID}/audit"), 200, &moves);
    let logs =
        json!([{ "source": "xendit", "webhook_type": "invoice.paid", "status": "processed" }]);
    world.payment.on_json(&format!("GET /internal/v1/orders/{ID}/webhook-logs"), 200, &logs);
    let path = format!("/api/v1/orders/{ID}/audit-trail/");
    let body = json(login.bearer(world.get(&path)).send().await.unwrap()).await;
    assert_eq!(body["order"]["order_code"], CODE);
    assert_eq!(body["status_histories"][0]["new_status"], "lunas");
    assert_eq!(body["webhook_logs"], logs);
    world.payment.stop().await;
    let answer = login.bearer(world.get(&path)).send().await.unwrap();
    assert_problem(answer, 503, "SERVICE_UNAVAILABLE").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_is_shown_to_anybody_with_its_code_masked() {
    let world = World::start().await;
    let found = json!({ "invoice": invoice(), "order": order("link_dibuat") });
    world.payment.on_json("GET /internal/v1/invoices/by-code/INV-123456-ABC", 200, &found);
    let answer = world.get("/api/v1/invoice/detail/INV-123456-ABC/").send().await.unwrap();
    let body = json(answer).await;
    assert_eq!(body["order"]["customer_name"], "Budi S.");
    assert_eq!(body["payment_url"], "http://pay.example/1");
    assert!(!body.to_string().contains("secret"));
    world.payment.on_json("GET /internal/v1/invoices/by-code/INV-0", 404, &json!({}));
    let answer = world.get("/api/v1/invoice/detail/INV-0/").send().await.unwrap();
    assert_problem(answer, 404, "INVOICE_NOT_FOUND").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_sent_again_only_while_it_can_be_paid() {
    let world = World::start().await;
    let login = world.staff(Role::Finance).await;
    let path = format!("GET /internal/v1/invoices/{INVOICE}");
    world.payment.on_json(
        &path,
        200,
        &json!({ "invoice": invoice(), "order": order("link_dibuat") }),
    );
    world.notification.on_json("POST /internal/v1/sends", 202, &accepted(&["email"]));
    let call = || {
        let request = world.post(&format!("/api/v1/invoice/{INVOICE}/send-payment-link/"));
        login.page(request).json(&json!({ "channel": "email" }))
    };
    let body = json(call().send().await.unwrap()).await;
    assert_eq!([&body["email_sent"], &body["whatsapp_sent"]], [true, false]);
    assert_eq!(body["invoice_id"], INVOICE);
    let mut paid = invoice();
    paid["invoice_status"] = json!("sudah dibayar");
    world.payment.on_json(&path, 200, &json!({ "invoice": paid, "order": order("lunas") }));
    let problem = assert_problem(call().send().await.unwrap(), 400, "INVOICE_NOT_PAYABLE").await;
    assert_eq!(problem["current_status"], "sudah dibayar");
    assert_eq!(world.notification.seen().len(), 1);
}

/// An invoice exists before notification has heard of it: what was told about it goes ahead of the
/// wish to send it, and while even that is of no use, the answer is "soon" and not "unknown".
#[tokio::test(flavor = "multi_thread")]
async fn a_link_of_an_invoice_made_a_moment_ago_is_sent() {
    let world = World::start().await;
    let login = world.staff(Role::Finance).await;
    let found = json!({ "invoice": invoice(), "order": order("pengerjaan_selesai") });
    let reply = Reply::json(200, &found).with("x-kv-express", "ZXZlbnRz");
    world.payment.on(&format!("GET /internal/v1/invoices/{INVOICE}"), reply);
    world.notification.on_json("POST /internal/v1/sends", 202, &accepted(&["whatsapp"]));
    let path = format!("/api/v1/invoice/{INVOICE}/send-payment-link/");
    assert_eq!(login.page(world.post(&path)).send().await.unwrap().status(), 200);
    let calls = world.notification.seen();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0].json(), json!({ "events": "ZXZlbnRz" }));

    let unknown = json!({ "error": "Invoice tidak ditemukan.", "detail": "no invoice",
                          "error_code": "INVOICE_NOT_FOUND", "timestamp": "2025-01-01T00:00:00Z" });
    world.notification.on_json("POST /internal/v1/sends", 404, &unknown);
    let answer = login.page(world.post(&path)).send().await.unwrap();
    assert!(answer.headers().contains_key("retry-after"));
    assert_problem(answer, 503, "NOT_KNOWN_YET").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_sent_about_an_invoice_which_remembers_it() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let path = format!("GET /internal/v1/invoices/{INVOICE}");
    world.payment.on_json(
        &path,
        200,
        &json!({ "invoice": invoice(), "order": order("link_dibuat") }),
    );
    world.notification.on_json("POST /internal/v1/sends", 202, &accepted(&["whatsapp"]));
    let path = format!("/api/v1/admin/invoice/{INVOICE}/send-notification/");
    let wish = json!({ "template_id": ID, "custom_context": { "greeting": "Halo" } });
    let body = json(login.page(world.post(&path)).json(&wish).send().await.unwrap()).await;
    assert_eq!(body["success"], true);
    assert_eq!(body["sent_channels"], json!(["whatsapp"]));
    assert_eq!(body["rendered_content"]["body"], "Halo");
    assert_eq!(body["template_used"]["type"], "dp_invoice");
    assert_eq!(body["context_used"]["order_code"], CODE);
    assert_eq!(world.notification.only_call().json()["context"], json!({ "greeting": "Halo" }));
    assert_eq!(
        world.payment.seen_on(&format!("POST /internal/v1/invoices/{INVOICE}/blasted")).len(),
        1
    );
    let answer = login.page(world.post(&path)).json(&json!({})).send().await.unwrap();
    assert_problem(answer, 400, "VALIDATION_ERROR").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manual_payment_reaches_order_before_the_answer() {
    let world = World::start().await;
    let login = world.staff(Role::Finance).await;
    let payment = json!({ "id": ID, "amount": "2400000.00" });
    let reply = Reply::json(201, &payment).with("x-kv-express", "ZXZlbnRz");
    world.payment.on("POST /api/v1/payment/manual", reply);
    let wish =
        json!({ "invoice_id": INVOICE, "payment_method": "BANK_TRANSFER", "amount": 2_400_000 });
    let answer =
        login.page(world.post("/api/v1/payment/manual/")).json(&wish).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    assert!(!answer.headers().contains_key("x-kv-express"));
    assert_eq!(json(answer).await, payment);
    assert_eq!(express_of(&world), [json!("ZXZlbnRz")]);
}
