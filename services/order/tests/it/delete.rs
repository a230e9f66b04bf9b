//! Deleted orders are gone for callers and stay in the table.

use konveksi_contracts::v1::OrderDeleted;
use reqwest::Method;
use serde_json::json;

use crate::support::facts::{About, Invoice};
use crate::support::{ADMIN, Who, World, path};

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_order_is_found_nowhere() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let deleted = world.call(ADMIN, Method::DELETE, &path(&order), None).await;
    assert_eq!((deleted.status, deleted.body.is_null()), (204, true));
    for (method, path) in [
        (Method::GET, path(&order)),
        (Method::DELETE, path(&order)),
        (Method::GET, format!("/internal/v1/orders/{}/audit", order["id"].as_str().unwrap())),
        (
            Method::GET,
            format!("/internal/v1/orders/by-code/{}", order["order_code"].as_str().unwrap()),
        ),
    ] {
        assert_eq!(world.call(ADMIN, method, &path, None).await.status, 404, "{path}");
    }
    assert_eq!(world.patch(ADMIN, &path(&order), &json!({ "quantity": 3 })).await.status, 404);
    assert_eq!(world.get(ADMIN, "/api/v1/order/").await.body["count"], 0);
    assert_eq!(world.number("SELECT count(*) AS number FROM orders").await, 1);
    let told: Vec<OrderDeleted> = world.told_as().await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].order.as_ref().unwrap().order_id, order["id"].as_str().unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn money_for_a_deleted_order_is_still_counted() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    assert_eq!(world.call(ADMIN, Method::DELETE, &path(&order), None).await.status, 204);
    world.hear(&About::order(&order).paid(&Invoice::deposit(), 600_000, 1)).await;
    assert_eq!(world.words("SELECT status_order AS word FROM orders").await, ["dp_dibayar"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_delete_at_once_one_does() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let path = path(&order);
    let (first, second) = tokio::join!(
        world.call(ADMIN, Method::DELETE, &path, None),
        world.call(Who::System, Method::DELETE, &path, None),
    );
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 404]);
    assert_eq!(world.told_as::<OrderDeleted>().await.len(), 1);
}
