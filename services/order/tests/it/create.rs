//! Placing orders.

use chrono::TimeZone as _;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADMIN, Answer, Who, World, usual};

async fn refused(world: &World, changes: Value) -> Answer {
    let answer = world.post(Who::Anonymous, "/api/v1/order/", &usual(changes)).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert_eq!(answer.body["error_code"], "VALIDATION_ERROR");
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn anyone_places_an_order() {
    let world = World::start().await;
    let answer = world.post(Who::Anonymous, "/api/v1/order/", &usual(json!({}))).await;
    assert_eq!(answer.status, 201);
    insta::assert_json_snapshot!(answer.body, {
        ".order.id" => "[id]", ".snapshot.order_id" => "[id]", ".snapshot.customer_id" => "[id]",
        ".order.order_code" => "[code]", ".snapshot.order_code" => "[code]",
        ".order.created_at" => "[time]", ".order.updated_at" => "[time]",
        ".order.tracking_url" => "[url]",
        ".snapshot.created_at" => "[time]",
    });
    let order = &answer.body["order"];
    assert_eq!(world.read(order).await, *order);
    let history = world.history(order).await;
    assert_eq!(history.len(), 1);
    assert_eq!(history[0]["new_status"], "menunggu_link");
    assert_eq!(history[0]["trigger_source"], "customer");
    assert_eq!(world.told().await, ["customer.changed.v1", "order.created.v1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shop_sample_of_the_specification_is_taken_as_typed() {
    let world = World::start().await;
    let sample = json!({
        "customer_name": "John Doe",
        "product_name": "Kaos Custom",
        "quantity": 12,
        "total_price": "1500000.00",
        "payment_type": "full",
        "contact_information": "john.doe@example.com",
        "notification_channel": "email",
    });
    let answer = world.post(Who::Anonymous, "/api/v1/order/", &sample).await;
    assert_eq!(answer.status, 201);
    assert!(answer.body["order"]["order_code"].is_string());
    assert_eq!(answer.body["order"]["dp_percent"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_place_orders_for_customers() {
    let world = World::start().await;
    let answer = world.post(ADMIN, "/api/v1/admin/create-order/", &usual(json!({}))).await;
    assert_eq!(answer.status, 201);
    let history = world.history(&answer.body["order"]).await;
    assert_eq!(history[0]["trigger_source"], "admin");
    assert_eq!(history[0]["actor"], "staff:7");
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_and_spare_keys_are_understood() {
    let world = World::start().await;
    let order = world
        .order(json!({
            "quantity": "24", "total_price": 7_500_000, "dp_percent": "62.5",
            "notification_channel": "both", "design_notes": "Logo di dada\nkiri",
            "paid_amount": "999", "is_fully_paid": true, "status_order": "lunas", "test": true,
        }))
        .await;
    assert_eq!(order["quantity"], 24);
    assert_eq!(order["total_price"], "7500000.00");
    assert_eq!(order["dp_percent"], "62.50");
    assert_eq!(order["paid_amount"], "0.00");
    assert_eq!(order["status_order"], "menunggu_link");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_field_is_named() {
    let world = World::start().await;
    let answer = world.post(Who::Anonymous, "/api/v1/order/", &json!({})).await;
    let details = answer.body["details"].as_object().unwrap();
    let mut named: Vec<_> = details.keys().map(String::as_str).collect();
    named.sort_unstable();
    assert_eq!(
        named,
        [
            "contact_information",
            "customer_name",
            "payment_type",
            "product_name",
            "quantity",
            "total_price"
        ]
    );
    for (field, value) in [
        ("customer_name", json!("B")),
        ("customer_name", json!(7)),
        ("customer_name", json!("Budi\u{0}")),
        ("product_name", json!("")),
        ("product_name", json!("x".repeat(256))),
        ("quantity", json!(0)),
        ("quantity", json!(10_001)),
        ("quantity", json!(1.5)),
        ("quantity", json!("banyak")),
        ("quantity", json!([24])),
        ("total_price", json!(0)),
        ("total_price", json!(-5)),
        ("total_price", json!("10.50")),
        ("total_price", json!(1_000_000_000_000_u64)),
        ("total_price", json!({})),
        ("payment_type", json!("lunas")),
        ("dp_percent", json!(49)),
        ("dp_percent", json!(101)),
        ("dp_percent", Value::Null),
        ("contact_information", json!("john.doe@invalid")),
        ("contact_information", json!("0211234567")),
        ("notification_channel", json!("sms")),
        ("design_notes", json!("x".repeat(1_001))),
        ("design_file_id", json!("not-an-id")),
    ] {
        let body = refused(&world, json!({ field: value })).await.body;
        let details = body["details"].as_object().unwrap();
        assert_eq!(details.keys().collect::<Vec<_>>(), [field], "{value}");
    }
    assert_eq!(world.number("SELECT count(*) AS number FROM orders").await, 0);
    assert_eq!(world.number("SELECT count(*) AS number FROM customers").await, 0);
    assert!(world.told().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_no_object_of_json_are_refused() {
    let world = World::start().await;
    for (kind, text, expected) in [
        ("application/json", "{", 400),
        ("application/json", "", 400),
        ("application/json", "[]", 400),
        ("application/json", "null", 400),
        ("text/plain", "hello", 415),
    ] {
        let body = Some((kind, text.to_owned()));
        let answer = world.send(Who::Anonymous, Method::POST, "/api/v1/order/", body).await;
        assert_eq!(answer.status, expected, "{kind} {text}");
        assert!(answer.body["error"].is_string(), "{kind} {text}");
    }
    let huge = format!("{{\"design_notes\":\"{}\"}}", "x".repeat(300_000));
    let answer = world
        .send(Who::Anonymous, Method::POST, "/api/v1/order/", Some(("application/json", huge)))
        .await;
    assert_eq!(answer.status, 413);
    assert_eq!(answer.body["error_code"], "PAYLOAD_TOO_LARGE");
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_dated_by_the_day_in_jakarta() {
    let world = World::start().await;
    // 17:30 UTC is half past midnight of the next day in Jakarta.
    world.clock.set(chrono::Utc.with_ymd_and_hms(2031, 6, 29, 17, 30, 0).unwrap());
    let order = world.order(json!({})).await;
    let code = order["order_code"].as_str().unwrap();
    assert!(code.starts_with("ORD-20310630-") && code.len() == 16, "{code}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowded_day_widens_the_code() {
    let world = World::start().await;
    world.clock.set(chrono::Utc.with_ymd_and_hms(2031, 6, 30, 3, 0, 0).unwrap());
    let first = world.order(json!({})).await;
    let taken = first["order_code"].as_str().unwrap();
    let letters = "regexp_split_to_table('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', '')";
    let every_other = format!(
        "(SELECT a || b || c AS tail FROM {letters} a, {letters} b, {letters} c
          WHERE 'ORD-20310630-' || a || b || c <> '{taken}') tails"
    );
    let fields = "'tracking_token', md5(tail), 'order_code', 'ORD-20310630-' || tail";
    world.copies(&first, &every_other, fields).await;
    let order = world.order(json!({})).await;
    assert_eq!(order["order_code"].as_str().unwrap().len(), 17);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_system_may_place_orders_nobody_hears_of() {
    let world = World::start().await;
    world.order_as(Who::System, json!({ "notify": false })).await;
    // From anyone else the wish is not heard.
    world.order(json!({ "notify": false })).await;
    let told: Vec<konveksi_contracts::v1::OrderCreated> = world.told_as().await;
    assert_eq!(told.iter().map(|event| event.notify).collect::<Vec<_>>(), [false, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seed_fixes_id_code_and_time_and_is_told_once_and_quietly() {
    let world = World::start().await;
    let id = "5eed0000-0000-7000-8000-000000000001";
    let seed =
        json!({ "id": id, "order_code": "ORD-20250601-S01", "placed_at": "2025-06-01T02:00:00Z" });
    let order = world.order_as(Who::System, seed.clone()).await;
    assert_eq!(order["id"], id);
    assert_eq!(order["order_code"], "ORD-20250601-S01");
    assert_eq!(order["created_at"], "2025-06-01T02:00:00Z");
    assert_eq!(world.history(&order).await[0]["created_at"], "2025-06-01T02:00:00Z");
    assert_eq!(world.order_as(Who::System, seed.clone()).await, order, "the same again");
    // From anyone else these are unknown keys.
    for who in [Who::Anonymous, ADMIN] {
        let other = world.order_as(who, seed.clone()).await;
        assert_ne!(other["id"], id);
        assert_ne!(other["order_code"], "ORD-20250601-S01");
        assert_ne!(other["created_at"], "2025-06-01T02:00:00Z");
    }
    let told: Vec<konveksi_contracts::v1::OrderCreated> = world.told_as().await;
    let said = told.iter().map(|event| (event.notify, event.order.as_ref().unwrap().quiet));
    assert_eq!(said.collect::<Vec<_>>(), [(false, true), (true, false), (true, false)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seed_that_is_malformed_or_takes_anothers_code_is_refused() {
    let world = World::start().await;
    let wrong = usual(json!({ "id": "one", "order_code": "one", "placed_at": "yesterday" }));
    let answer = world.post(Who::System, "/api/v1/order/", &wrong).await;
    assert_eq!(answer.status, 400);
    for field in ["id", "order_code", "placed_at"] {
        assert!(answer.body["details"][field].is_array(), "{field}: {}", answer.body);
    }
    let known = world.order(json!({})).await;
    let taken = usual(json!({
        "id": "5eed0000-0000-7000-8000-000000000002",
        "order_code": known["order_code"],
        "placed_at": "2025-06-01T02:00:00Z",
    }));
    assert_eq!(world.post(Who::System, "/api/v1/order/", &taken).await.status, 500);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_system_says_when_a_move_happened() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let path = format!("/api/v1/order/{}/", order["id"].as_str().unwrap());
    for (who, stage, dated) in [(Who::System, "diproses", true), (ADMIN, "selesai", false)] {
        let moved = json!({ "production_status": stage, "happened_at": "2025-06-02T02:00:00Z" });
        assert_eq!(world.patch(who, &path, &moved).await.status, 200);
        let history = world.history(&order).await;
        let row = history.iter().find(|row| row["new_status"] == stage).unwrap();
        assert_eq!(row["created_at"] == "2025-06-02T02:00:00Z", dated, "{row}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_design_draft_travels_with_the_order() {
    let world = World::start().await;
    let file = "019a0000-0000-7000-8000-00000000f11e";
    let order = world.order(json!({ "design_file_id": file })).await;
    assert_eq!(order["design"], Value::Null);
    let told: Vec<konveksi_contracts::v1::OrderCreated> = world.told_as().await;
    assert_eq!(told[0].design_file_id, file);
}
