//! Deleted orders come back as they were.

use konveksi_contracts::v1::{OrderDeleted, OrderUpdated};
use reqwest::Method;
use serde_json::json;

use crate::support::{ADMIN, Who, World, admin_path, path};

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_order_is_there_again_and_hearers_are_told() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    assert_eq!(world.call(ADMIN, Method::DELETE, &path(&order), None).await.status, 204);
    let restored = world.post(ADMIN, &admin_path(&order, "restore/"), &json!({})).await;
    assert_eq!(restored.status, 200, "{}", restored.body);
    assert_eq!(restored.body["order_code"], order["order_code"]);
    assert_eq!(restored.body["version"], 3);
    assert_eq!(world.read(&order).await, restored.body);
    let list = world.get(ADMIN, "/api/v1/order/").await.body;
    assert_eq!(list["count"], 1);
    let code = order["order_code"].as_str().unwrap();
    let by_code = format!("/internal/v1/orders/by-code/{code}");
    assert_eq!(world.get(Who::Anonymous, &by_code).await.status, 200);
    assert_eq!(world.told_as::<OrderDeleted>().await.len(), 1);
    assert_eq!(world.told_as::<OrderUpdated>().await.len(), 1);
    let versions = world
        .words(
            "SELECT aggregate_version::text AS word FROM
                 (SELECT seq, event_type, aggregate_version FROM outbox
                  UNION ALL SELECT seq, event_type, aggregate_version FROM event_log) AS told
             WHERE event_type IN ('order.deleted.v1', 'order.updated.v1') ORDER BY seq",
        )
        .await;
    assert_eq!(versions, ["2", "3"], "the restoring is the newer fact for every hearer");
    let history = world.history(&order).await;
    let kinds: Vec<_> = history.iter().map(|row| row["change_type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["order_status", "deleted", "restored"]);
    // Restoring what is there changes nothing.
    let again = world.post(ADMIN, &admin_path(&order, "restore/"), &json!({})).await;
    assert_eq!((again.status, &again.body), (200, &restored.body));
    assert_eq!(world.told_as::<OrderUpdated>().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn deleted_orders_are_listed_so_that_one_can_be_brought_back() {
    const DELETED: &str = "/api/v1/admin/orders/deleted/";
    let world = World::start().await;
    let none = world.get(ADMIN, DELETED).await;
    assert_eq!((none.status, &none.body["count"]), (200, &json!(0)));
    let first = world.order(json!({})).await;
    let second = world.order(json!({})).await;
    let kept = world.order(json!({})).await;
    for order in [&first, &second] {
        assert_eq!(world.call(ADMIN, Method::DELETE, &path(order), None).await.status, 204);
    }
    let list = world.get(ADMIN, DELETED).await.body;
    let codes: Vec<_> =
        list["results"].as_array().unwrap().iter().map(|row| &row["order_code"]).collect();
    assert_eq!(codes, [&second["order_code"], &first["order_code"]], "not {}", kept["id"]);
    assert!(list["results"][0]["deleted_at"].is_string());
    assert_eq!(list["results"][0]["deleted_by"], "staff:7");
    let page = world.get(ADMIN, "/api/v1/admin/orders/deleted/?page=2&page_size=1").await.body;
    assert_eq!(page["results"][0]["id"], first["id"]);
    assert_eq!(page["next"], json!(null));
    assert_eq!(world.get(ADMIN, "/api/v1/admin/orders/deleted/?page=4").await.status, 404);
    assert_eq!(world.get(Who::Anonymous, DELETED).await.status, 403);
    world.post(ADMIN, &admin_path(&second, "restore/"), &json!({})).await;
    assert_eq!(world.get(ADMIN, DELETED).await.body["count"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_tracks_an_order_while_it_is_there() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let url = order["tracking_url"].as_str().unwrap();
    let token = url.trim_end_matches('/').rsplit('/').next().unwrap();
    assert_eq!(url, format!("http://localhost:8000/api/v1/track/{token}/"));
    let by_token = format!("/internal/v1/orders/by-token/{token}");
    let shown = world.get(Who::Anonymous, &by_token).await;
    assert_eq!(shown.status, 200);
    let code = order["order_code"].as_str().unwrap();
    let by_code = world.get(Who::Anonymous, &format!("/internal/v1/orders/by-code/{code}")).await;
    assert_eq!(shown.body, by_code.body, "the same, and masked the same");
    assert_eq!(world.call(ADMIN, Method::DELETE, &path(&order), None).await.status, 204);
    for token in [token, "0f9c2d7b5e8a4c11b3d6e7f8091a2b3c", "x", "%00"] {
        let path = format!("/internal/v1/orders/by-token/{token}");
        let gone = world.get(Who::Anonymous, &path).await;
        assert_eq!((gone.status, &gone.body["error_code"]), (404, &json!("ORDER_NOT_FOUND")));
    }
}
