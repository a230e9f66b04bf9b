//! Requests sent again with their key have one effect and one answer.

use std::collections::HashSet;

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;

use crate::support::{ADMIN, Who, World, admin_path, usual};

const ORDER: &str = "/api/v1/order/";

#[tokio::test(flavor = "multi_thread")]
async fn an_order_placed_fifty_times_at_once_is_one_order_with_fifty_equal_answers() {
    let world = World::start().await;
    let body = usual(json!({}));
    let place = async || world.post_once(Who::Anonymous, ORDER, "order-1", &body).await;
    let calls = (0..50).map(|_| world.served(place));
    let answers = join_all(calls).await;
    assert!(answers.iter().all(|answer| answer.status == 201), "{answers:?}");
    let bodies: HashSet<_> = answers.iter().map(|answer| answer.body.to_string()).collect();
    assert_eq!(bodies.len(), 1);
    assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1);
    assert_eq!(world.number("SELECT count(*) AS number FROM orders").await, 1);
    assert_eq!(world.told().await, ["customer.changed.v1", "order.created.v1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_means_one_request_of_one_caller_on_one_path() {
    let world = World::start().await;
    let body = usual(json!({}));
    let first = world.post_once(Who::Anonymous, ORDER, "k", &body).await;
    let mut other = body.clone();
    other["quantity"] = json!(25);
    let other = world.post_once(Who::Anonymous, ORDER, "k", &other).await;
    assert_eq!((other.status, &other.body["error_code"]), (400, &json!("IDEMPOTENCY_KEY_REUSED")));
    let staff = world.post_once(ADMIN, ORDER, "k", &body).await;
    assert!(!staff.replayed && staff.body["order"]["id"] != first.body["order"]["id"]);
    let path = "/api/v1/admin/create-order/";
    assert!(!world.post_once(ADMIN, path, "k", &body).await.replayed);
    // A refused request leaves its key free.
    let wrong = usual(json!({ "quantity": 0 }));
    assert_eq!(world.post_once(ADMIN, ORDER, "k2", &wrong).await.status, 400);
    assert_eq!(world.post_once(ADMIN, ORDER, "k2", &body).await.status, 201);
    assert_eq!(world.post_once(ADMIN, ORDER, "", &body).await.status, 400);
    // A day later it is a new request, and nobody keeps the old answer.
    world.clock.advance(TimeDelta::hours(25));
    let later = world.post_once(Who::Anonymous, ORDER, "k", &body).await;
    assert!(!later.replayed);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_sent_again_is_the_same_though_its_draft_is_another() {
    let world = World::start().await;
    let draft = |last: u8| {
        usual(json!({ "design_file_id": format!("019a0000-0000-7000-8000-0000000000{last:02}"),
                      "design_sha256": "ab".repeat(32) }))
    };
    let first = world.post_once(Who::Anonymous, ORDER, "form", &draft(1)).await;
    assert_eq!(first.status, 201, "{}", first.body);
    let again = world.post_once(Who::Anonymous, ORDER, "form", &draft(2)).await;
    assert!(again.replayed);
    assert_eq!(again.body, first.body);
    let mut other = draft(2);
    other["design_sha256"] = json!("cd".repeat(32));
    assert_eq!(world.post_once(Who::Anonymous, ORDER, "form", &other).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn pieces_reported_twice_with_a_key_count_once() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let path = admin_path(&order, "production/reports/");
    let body = json!({ "stage": "potong", "good": 10, "reject": 2 });
    let report = async || world.post_once(ADMIN, &path, "r-1", &body).await;
    let calls = (0..10).map(|_| world.served(report));
    let answers = join_all(calls).await;
    assert!(answers.iter().all(|answer| answer.status == 201 && answer.body == answers[0].body));
    let made = world.get(ADMIN, &admin_path(&order, "production/")).await.body;
    assert_eq!(made["stages"][0]["good"], 10);
    let path = admin_path(&order, "production/rework/");
    let body = json!({ "stage": "potong", "quantity": 2 });
    assert_eq!(world.post_once(ADMIN, &path, "w-1", &body).await.status, 201);
    assert!(world.post_once(ADMIN, &path, "w-1", &body).await.replayed);
    let again = world.post(ADMIN, &path, &body).await;
    assert_eq!(again.status, 400, "nothing is left to send back");
}
