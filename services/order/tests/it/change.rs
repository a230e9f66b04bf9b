//! Staff change orders.

use futures_util::future::join_all;
use konveksi_contracts::v1::{InvoiceKind, OrderCancelled, OrderProductionChanged, OrderUpdated};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::facts::{About, Invoice};
use crate::support::{ADMIN, World, path};

/// Brings an order to `dp_dibayar`.
pub(crate) async fn pay_deposit(world: &World, order: &Value) {
    let (about, invoice) = (About::order(order), Invoice::deposit());
    world.hear(&about.created(&invoice)).await;
    world.hear(&about.paid(&invoice, 600_000, 1)).await;
}

async fn refused(world: &World, order: &Value, body: Value) -> Value {
    let before = world.read(order).await;
    let answer = world.patch(ADMIN, &path(order), &body).await;
    assert_eq!(answer.status, 400, "{body}: {}", answer.body);
    assert_eq!(world.read(order).await, before, "a refused change leaves nothing behind");
    answer.body
}

#[tokio::test(flavor = "multi_thread")]
async fn details_change_and_are_told() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let body = json!({
        "product_name": "Kemeja PDH", "quantity": 30, "total_price": "1500000",
        "design_notes": "Bordir", "notification_channel": "both",
        "paid_amount": "99", "is_fully_paid": true, "order_code": "X",
    });
    let answer = world.patch(ADMIN, &path(&order), &body).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["product_name"], "Kemeja PDH");
    assert_eq!(answer.body["total_price"], "1500000.00");
    assert_eq!(answer.body["paid_amount"], "0.00");
    assert_eq!(answer.body["order_code"], order["order_code"]);
    assert_eq!(world.read(&order).await, answer.body);
    let told: Vec<OrderUpdated> = world.told_as().await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].order.as_ref().unwrap().total_sen, 150_000_000);
    let history = world.history(&order).await;
    let last = history.last().unwrap();
    assert_eq!(last["change_type"], "order_details");
    assert_eq!(
        last["notes"],
        "Diubah: product_name, quantity, total_price, notification_channel, design_notes"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_new_is_no_change() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    for body in [
        json!({}),
        json!({ "quantity": 24, "status_order": "menunggu_link", "production_status": "menunggu" }),
        json!({ "customer_name": null }),
    ] {
        let answer = world.call(ADMIN, Method::PUT, &path(&order), Some(&body)).await;
        assert_eq!((answer.status, &answer.body), (200, &order), "{body}");
    }
    assert_eq!(world.told().await.len(), 2);
    assert_eq!(world.history(&order).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn money_terms_are_fixed_once_something_is_paid() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    pay_deposit(&world, &order).await;
    for body in [
        json!({ "total_price": "2000000" }),
        json!({ "quantity": 25 }),
        json!({ "payment_type": "full" }),
        json!({ "dp_percent": 70 }),
    ] {
        assert_eq!(refused(&world, &order, body).await["error_code"], "ORDER_ALREADY_PAID");
    }
    let answer = world.patch(ADMIN, &path(&order), &json!({ "product_name": "Kaos Polo" })).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn paid_states_are_refused_and_name_the_way_to_them() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    for status in ["dp_dibayar", "lunas"] {
        let body = refused(&world, &order, json!({ "status_order": status })).await;
        assert_eq!(body["error_code"], "ORDER_STATUS_FOLLOWS_PAYMENT");
        assert!(body["error"].as_str().unwrap().contains("/payment/manual/"));
        assert_eq!(body["current_status"], "menunggu_link");
    }
    for (status, code) in [
        ("link_dibuat", "ORDER_STATUS_FOLLOWS_LINK"),
        ("pengerjaan_selesai", "ORDER_INVALID_TRANSITION"),
        ("menunggu_pelunasan", "ORDER_INVALID_TRANSITION"),
    ] {
        assert_eq!(
            refused(&world, &order, json!({ "status_order": status })).await["error_code"],
            code
        );
    }
    for body in [json!({ "status_order": "selesai" }), json!({ "status_order": 3 })] {
        assert!(refused(&world, &order, body).await["details"]["status_order"].is_array());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn production_moves_freely_until_it_is_shipped() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    for status in ["selesai", "menunggu", "diproses", "selesai", "dikirim"] {
        let body = json!({ "production_status": status, "notes": format!("ke {status}") });
        let answer = world.patch(ADMIN, &path(&order), &body).await;
        assert_eq!((answer.status, &answer.body["production_status"]), (200, &json!(status)));
    }
    let body = refused(&world, &order, json!({ "production_status": "menunggu" })).await;
    assert_eq!(body["error_code"], "PRODUCTION_INVALID_TRANSITION");
    let moves: Vec<_> = world.history(&order).await;
    let last = moves.last().unwrap();
    assert_eq!(moves.len(), 6);
    assert_eq!(
        (&last["previous_status"], &last["new_status"], &last["notes"], &last["actor"]),
        (&json!("selesai"), &json!("dikirim"), &json!("ke dikirim"), &json!("staff:7"))
    );
    let told: Vec<OrderProductionChanged> = world.told_as().await;
    let notified: Vec<_> = told.iter().map(|event| event.notify).collect();
    assert_eq!(notified, [true, false, false, true, false]);
    let versions: Vec<_> = world.words("SELECT version::text AS word FROM orders").await;
    assert_eq!(versions, ["6"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_skipped_step_of_production_is_refused() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let body = json!({ "production_status": "dikirim", "product_name": "Lain" });
    assert_eq!(refused(&world, &order, body).await["error_code"], "PRODUCTION_INVALID_TRANSITION");
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_ends_the_order_and_its_work() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    pay_deposit(&world, &order).await;
    let body = json!({ "status_order": "dibatalkan", "notes": "pelanggan mundur" });
    let answer = world.patch(ADMIN, &path(&order), &body).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["status_order"], "dibatalkan");
    assert_eq!(answer.body["production_status"], "dibatalkan");
    let told: Vec<OrderCancelled> = world.told_as().await;
    assert!(told.len() == 1 && told[0].notify);
    let types = world.told().await;
    assert_eq!(
        types[types.len() - 3..],
        ["order.status_changed.v1", "order.cancelled.v1", "order.production_changed.v1"]
    );
    for body in [
        json!({ "production_status": "diproses" }),
        json!({ "status_order": "pengerjaan_selesai" }),
        json!({ "quantity": 1 }),
    ] {
        refused(&world, &order, body).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_settled_order_is_not_cancelled() {
    let world = World::start().await;
    let order = world.order(json!({ "payment_type": "full" })).await;
    let (about, invoice) = (About::order(&order), Invoice::full());
    assert_eq!(invoice.kind, InvoiceKind::Full);
    world.hear(&about.paid(&invoice, 1_000_000, 1)).await;
    let body = refused(&world, &order, json!({ "status_order": "dibatalkan" })).await;
    assert_eq!(body["current_status"], "lunas");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_alone_stands_in_the_history() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let answer =
        world.patch(ADMIN, &path(&order), &json!({ "notes": " telepon lagi besok " })).await;
    assert_eq!((answer.status, &answer.body), (200, &order));
    let history = world.history(&order).await;
    assert_eq!(history[1]["change_type"], "note");
    assert_eq!(history[1]["notes"], "telepon lagi besok");
    let long = refused(&world, &order, json!({ "notes": "x".repeat(2_001) })).await;
    assert!(long["details"]["notes"].is_array());
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_changes_at_once_lose_none() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let path = path(&order);
    let calls = (0..50).map(|index| {
        let body = json!({ "notes": format!("{index}"), "design_notes": format!("{index}") });
        let (world, path) = (&world, &path);
        async move { world.served(async || world.patch(ADMIN, path, &body).await).await.status }
    });
    assert!(join_all(calls).await.into_iter().all(|status| status == 200));
    assert_eq!(world.number("SELECT version AS number FROM orders").await, 51);
    assert_eq!(
        world
            .number("SELECT count(*) AS number FROM status_history WHERE change_type = 'note'")
            .await,
        50
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_admin_path_changes_the_same_order() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let path = format!("/api/v1/admin/orders/{}/", order["id"].as_str().unwrap());
    let body = json!({ "product_name": "Jaket" });
    let answer = world.call(ADMIN, Method::PUT, &path, Some(&body)).await;
    assert_eq!((answer.status, &answer.body["product_name"]), (200, &json!("Jaket")));
    assert_eq!(world.call(ADMIN, Method::DELETE, &path, None).await.status, 204);
    assert_eq!(world.call(ADMIN, Method::PUT, &path, Some(&body)).await.status, 404);
}
