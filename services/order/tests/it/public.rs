//! What leaves the service for a caller who only holds a code.

use serde_json::json;

use crate::change::pay_deposit;
use crate::support::{ADMIN, Who, World, path};

fn by_code(code: &str) -> String {
    format!("/internal/v1/orders/by-code/{code}")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_shape_is_whole() {
    let world = World::start().await;
    let order = world.order(json!({ "design_notes": "rahasia dapur" })).await;
    pay_deposit(&world, &order).await;
    let notes = json!({ "production_status": "diproses", "notes": "rahasia staf" });
    assert_eq!(world.patch(ADMIN, &path(&order), &notes).await.status, 200);
    let code = order["order_code"].as_str().unwrap();
    let answer = world.get(Who::Anonymous, &by_code(code)).await;
    assert_eq!(answer.status, 200);
    insta::assert_json_snapshot!(answer.body, {
        ".order_id" => "[id]", ".**.order_code" => "[code]", ".**.created_at" => "[time]",
        ".**.updated_at" => "[time]",
        // A step ahead has no time, which must stay visible.
        ".**.timestamp" => insta::dynamic_redaction(|value, _| {
            if value.is_nil() { value } else { "[time]".into() }
        }),
    });
    let text = answer.body.to_string();
    for private in ["rahasia", "Santoso", "081234567890", "6281234567890", "staff:7", "pay/1"] {
        assert!(!text.contains(private), "{private} leaked");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tracking_token_shows_what_the_code_does_and_guesses_show_nothing() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let token = world.words("SELECT tracking_token AS word FROM orders").await.remove(0);
    let by_token = |token: &str| format!("/internal/v1/orders/by-token/{token}");
    let answer = world.get(Who::Anonymous, &by_token(&token)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let code = order["order_code"].as_str().unwrap();
    assert_eq!(answer.body, world.get(Who::Anonymous, &by_code(code)).await.body);
    for guess in ["x", "%00", &"0".repeat(32), token.get(..31).unwrap(), &token.to_uppercase()] {
        let answer = world.get(Who::Anonymous, &by_token(guess)).await;
        if guess != token {
            assert_eq!(answer.status, 404, "{guess}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_found_however_they_are_typed() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let code = order["order_code"].as_str().unwrap();
    for typed in [code.to_lowercase(), format!("%20{code}%20")] {
        assert_eq!(world.get(Who::Anonymous, &by_code(&typed)).await.status, 200, "{typed}");
    }
    for (typed, status, error_code) in [
        ("ORD-20250630-ZZZ", 404, "ORDER_NOT_FOUND"),
        ("ORD-20250630-ZZZZ", 404, "ORDER_NOT_FOUND"),
        ("hello", 400, "VALIDATION_ERROR"),
        ("ORD-2025-ZZZ", 400, "VALIDATION_ERROR"),
        ("%00", 400, "VALIDATION_ERROR"),
        ("%25", 400, "VALIDATION_ERROR"),
    ] {
        let answer = world.get(Who::Anonymous, &by_code(typed)).await;
        assert_eq!(answer.status, status, "{typed}: {}", answer.body);
        assert_eq!(answer.body["error_code"], error_code, "{typed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_code_of_another_form_is_found_too() {
    let world = World::start().await;
    world.order(json!({})).await;
    world.run("UPDATE orders SET order_code = 'ORD-001-ABC'").await;
    assert_eq!(world.get(Who::Anonymous, &by_code("ord-001-abc")).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_snapshot_is_for_compositions_of_staff() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let path = format!("/internal/v1/orders/{}/snapshot", order["id"].as_str().unwrap());
    let answer = world.get(Who::System, &path).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["order_code"], order["order_code"]);
    assert_eq!(answer.body["contact_information"], "081234567890");
    assert_eq!(world.get(Who::Anonymous, &path).await.status, 403);
}
