//! Many orders at once; each by its own rules.

use futures_util::future::join_all;
use konveksi_contracts::v1::OrderProductionChanged;
use serde_json::{Value, json};

use crate::support::{ADMIN, Answer, World, path};

const BULK: &str = "/api/v1/admin/orders/bulk-update/";

fn body(ids: &[Value], data: &Value) -> Value {
    json!({ "order_ids": ids, "action": "update_status", "data": data })
}

/// `count` orders, all like `order`.
async fn many(world: &World, count: usize) -> Vec<Value> {
    let order = world.order(json!({})).await;
    let series = format!("generate_series(2, {count}) n");
    world.copies(&order, &series, "'tracking_token', md5(n::text), 'order_code', 'T-' || n").await;
    let ids = world.words("SELECT id::text AS word FROM orders").await;
    ids.into_iter().map(Value::from).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_five_hundred_three_fail_with_their_reasons_and_the_rest_move() {
    let world = World::start().await;
    let mut ids = many(&world, 499).await;
    let cancelled = ids[7].as_str().unwrap().to_owned();
    let shipped = ids[300].as_str().unwrap().to_owned();
    world
        .run(&format!(
            "UPDATE orders SET status_order = 'dibatalkan', production_status = 'dibatalkan'
             WHERE id = '{cancelled}';
             UPDATE orders SET production_status = 'dikirim' WHERE id = '{shipped}'"
        ))
        .await;
    ids.push(json!("019a0000-0000-7000-8000-000000000000"));
    let data = json!({ "production_status": "diproses", "notes": "Mulai minggu ini" });
    let answer = world.post(ADMIN, BULK, &body(&ids, &data)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!((&answer.body["updated"], &answer.body["success"]), (&json!(497), &json!(false)));
    let failed = answer.body["failed"].as_array().unwrap();
    let mut reasons: Vec<_> =
        failed.iter().map(|one| one["error_code"].as_str().unwrap()).collect();
    reasons.sort_unstable();
    let expected = ["ORDER_CANCELLED", "ORDER_NOT_FOUND", "PRODUCTION_INVALID_TRANSITION"];
    assert_eq!(reasons, expected);
    assert!(failed.iter().all(|one| !one["error"].as_str().unwrap().is_empty()));
    let results = answer.body["results"].as_array().unwrap();
    assert_eq!(results.len(), 500);
    assert!(results.iter().zip(&ids).all(|(result, id)| result["id"] == *id));
    let moved = "SELECT count(*) AS number FROM orders WHERE production_status = 'diproses'";
    assert_eq!(world.number(moved).await, 497);
    let noted = "SELECT count(*) AS number FROM status_history WHERE notes = 'Mulai minggu ini'";
    assert_eq!(world.number(noted).await, 497);
    assert_eq!(world.told_as::<OrderProductionChanged>().await.len(), 497);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_there_already_is_no_failure() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let ids = [order["id"].clone(), json!("bukan-id"), order["id"].clone()];
    let data = json!({ "production_status": "menunggu" });
    let answer = world.post(ADMIN, BULK, &body(&ids, &data)).await;
    assert_eq!(answer.body["updated"], 0);
    assert_eq!(
        answer.body["results"][0],
        json!({ "id": order["id"], "status": "unchanged", "version": 1 })
    );
    assert_eq!(answer.body["failed"][0]["error_code"], "ORDER_ID_INVALID");
    assert_eq!(answer.body["results"].as_array().unwrap().len(), 2, "an id counts once");
    // Both moves or neither.
    let both = json!({ "status_order": "dibatalkan", "production_status": "dikirim" });
    let answer = world.post(ADMIN, BULK, &body(&ids[..1], &both)).await;
    assert_eq!(answer.body["failed"].as_array().unwrap().len(), 1);
    assert_eq!(world.read(&order).await, order);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_cannot_be_meant_are_refused_whole() {
    let world = World::start().await;
    let id = json!("019a0000-0000-7000-8000-000000000000");
    let moved = json!({ "production_status": "selesai" });
    let ids: Vec<Value> = (0..501).map(|number| json!(format!("{number}"))).collect();
    for (body, field) in [
        (json!({}), "order_ids"),
        (body(&[], &moved), "order_ids"),
        (body(&ids, &moved), "order_ids"),
        (json!({ "order_ids": "x", "action": "update_status", "data": moved }), "order_ids"),
        (json!({ "order_ids": [id], "action": "delete", "data": moved }), "action"),
        (body(std::slice::from_ref(&id), &json!({})), "data"),
        (
            body(std::slice::from_ref(&id), &json!({ "production_status": "siap" })),
            "production_status",
        ),
    ] {
        let answer = world.post(ADMIN, BULK, &body).await;
        assert_eq!(answer.status, 400, "{}", answer.body);
        assert!(answer.body["details"][field].is_array(), "{field}: {}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_calls_over_the_same_orders_in_any_order_both_end() {
    let world = World::start().await;
    let ids = many(&world, 40).await;
    let mut backwards = ids.clone();
    backwards.reverse();
    let calls = (0..8).map(|number| {
        let ids = if number % 2 == 0 { &ids } else { &backwards };
        let status = if number % 3 == 0 { "diproses" } else { "selesai" };
        let body = body(ids, &json!({ "production_status": status }));
        let world = &world;
        async move { world.served(async || world.post(ADMIN, BULK, &body).await).await }
    });
    let answers: Vec<Answer> = join_all(calls).await;
    assert!(answers.iter().all(|answer| answer.status == 200 && answer.body["success"] == true));
    let one = world.words("SELECT DISTINCT production_status AS word FROM orders").await;
    assert_eq!(one.len(), 1, "the last call moved all of them: {one:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_sent_twice_moves_once() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let call = body(&[order["id"].clone()], &json!({ "production_status": "diproses" }));
    let first = world.post_once(ADMIN, BULK, "bulk-1", &call).await;
    let back = json!({ "production_status": "menunggu" });
    assert_eq!(world.patch(ADMIN, &path(&order), &back).await.status, 200);
    let again = world.post_once(ADMIN, BULK, "bulk-1", &call).await;
    assert!(again.replayed && !first.replayed);
    assert_eq!(again.body, first.body);
    assert_eq!(world.read(&order).await["production_status"], "menunggu");
    let other = body(&[order["id"].clone()], &json!({ "production_status": "selesai" }));
    let other = world.post_once(ADMIN, BULK, "bulk-1", &other).await;
    assert_eq!((other.status, &other.body["error_code"]), (400, &json!("IDEMPOTENCY_KEY_REUSED")));
}
