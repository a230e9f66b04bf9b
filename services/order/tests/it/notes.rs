//! Notes: staff's own stay inside, those for the customer are seen by whoever tracks the order.

use serde_json::{Value, json};

use crate::support::{ADMIN, Who, World, admin_path};

async fn tracked(world: &World, order: &Value) -> Value {
    let path = format!("/internal/v1/orders/by-code/{}", order["order_code"].as_str().unwrap());
    world.get(Who::Anonymous, &path).await.body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_seen_by_those_it_is_for() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let notes = admin_path(&order, "notes/");
    let inside = world.post(ADMIN, &notes, &json!({ "text": "Hati-hati, cerewet" })).await;
    assert_eq!((inside.status, &inside.body["visible"]), (201, &json!(false)));
    let outside = json!({ "text": "Kain sudah datang", "visible": true });
    let outside = world.post(ADMIN, &notes, &outside).await;
    assert_eq!((outside.status, &outside.body["actor"]), (201, &json!("staff:7")));

    let shown = tracked(&world, &order).await;
    assert!(!shown.to_string().contains("cerewet") && !shown.to_string().contains("staff:7"));
    let data = &shown["data"];
    assert_eq!(data["notes"][0]["text"], "Kain sudah datang");
    let last = data["history"].as_array().unwrap().last().unwrap();
    let said = (&last["status"], &last["description"]);
    assert_eq!(said, (&json!("catatan"), &json!("Kain sudah datang")));
    assert_eq!(shown["timeline"].as_array().unwrap().len(), 1, "the timeline tells of statuses");

    let listed = world.get(ADMIN, &notes).await.body;
    assert_eq!(listed["count"], 2);
    assert_eq!(listed["results"][0], outside.body);
    let history = world.history(&order).await;
    let texts: Vec<_> = history.iter().filter(|row| row["change_type"] == "note").collect();
    assert_eq!(texts.len(), 2);
    // A note changes nothing of the order.
    assert_eq!(world.read(&order).await, order);
}

#[tokio::test(flavor = "multi_thread")]
async fn empty_and_endless_notes_are_refused_and_twice_is_once() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let notes = admin_path(&order, "notes/");
    for (body, field) in [
        (json!({}), "text"),
        (json!({ "text": "  " }), "text"),
        (json!({ "text": "x".repeat(2_001) }), "text"),
        (json!({ "text": 7 }), "text"),
        (json!({ "text": "a", "visible": "ya" }), "visible"),
    ] {
        let answer = world.post(ADMIN, &notes, &body).await;
        assert_eq!(answer.status, 400);
        assert!(answer.body["details"][field].is_array(), "{body}: {}", answer.body);
    }
    let note = json!({ "text": "Sekali" });
    let first = world.post_once(ADMIN, &notes, "n-1", &note).await;
    let again = world.post_once(ADMIN, &notes, "n-1", &note).await;
    assert_eq!((again.replayed, &again.body), (true, &first.body));
    assert_eq!(world.get(ADMIN, &notes).await.body["count"], 1);
}
