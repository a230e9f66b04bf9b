//! Who may call what, and what the service's own role may touch.

use diesel_async::SimpleAsyncConnection as _;
use konveksi_identity::Role;
use reqwest::Method;
use serde_json::json;

use crate::support::{ADMIN, Who, World, usual};

const ID: &str = "019a0000-0000-7000-8000-000000000000";

/// Every route that asks for staff, as the status an unknown id or an empty body gets once the
/// caller is let through.
fn staff_routes() -> Vec<(Method, String, u16)> {
    let of = |path: &str| path.replace("{id}", ID);
    vec![
        (Method::POST, of("/api/v1/produkpost/"), 400),
        (Method::PUT, of("/api/v1/produkpost/{id}/"), 400),
        (Method::PATCH, of("/api/v1/produkpost/{id}/"), 404),
        (Method::DELETE, of("/api/v1/produkpost/{id}/"), 404),
        (Method::GET, of("/api/v1/order/"), 200),
        (Method::GET, of("/api/v1/order/{id}/"), 404),
        (Method::PUT, of("/api/v1/order/{id}/"), 404),
        (Method::PATCH, of("/api/v1/order/{id}/"), 404),
        (Method::DELETE, of("/api/v1/order/{id}/"), 404),
        (Method::POST, of("/api/v1/admin/create-order/"), 400),
        (Method::GET, of("/api/v1/admin/orders/"), 200),
        (Method::PUT, of("/api/v1/admin/orders/{id}/"), 404),
        (Method::DELETE, of("/api/v1/admin/orders/{id}/"), 404),
        (Method::POST, of("/api/v1/admin/orders/bulk-update/"), 400),
        (Method::POST, of("/api/v1/admin/orders/{id}/restore/"), 404),
        (Method::GET, of("/api/v1/admin/orders/{id}/notes/"), 404),
        (Method::POST, of("/api/v1/admin/orders/{id}/notes/"), 400),
        (Method::GET, of("/api/v1/admin/production/board/"), 200),
        (Method::GET, of("/api/v1/admin/production/stages/"), 200),
        (Method::PUT, of("/api/v1/admin/production/stages/"), 400),
        (Method::GET, of("/api/v1/admin/orders/{id}/production/"), 404),
        (Method::PUT, of("/api/v1/admin/orders/{id}/production/plan/"), 404),
        (Method::GET, of("/api/v1/admin/orders/{id}/production/reports/"), 404),
        (Method::POST, of("/api/v1/admin/orders/{id}/production/reports/"), 400),
        (Method::POST, of("/api/v1/admin/orders/{id}/production/rework/"), 400),
        (Method::GET, of("/internal/v1/orders/{id}/snapshot"), 404),
        (Method::POST, of("/internal/v1/orders/{id}/final-payment"), 404),
        (Method::GET, of("/internal/v1/orders/{id}/audit"), 404),
    ]
}

/// Every route for anyone.
fn public_routes() -> Vec<(Method, String, u16)> {
    let of = |path: &str| path.replace("{id}", ID);
    vec![
        (Method::GET, of("/api/v1/produkpost/"), 200),
        (Method::GET, of("/api/v1/produkpost/{id}/"), 404),
        (Method::POST, of("/api/v1/order/"), 400),
        (Method::GET, of("/internal/v1/orders/by-code/ORD-20250630-A1B"), 404),
        (Method::GET, of("/internal/v1/orders/by-token/0f9c2d7b5e8a4c11b3d6e7f8091a2b3c"), 404),
    ]
}

async fn status(world: &World, who: Who, method: &Method, path: &str) -> u16 {
    let body = (*method != Method::GET && *method != Method::DELETE).then(|| json!({}));
    world.call(who, method.clone(), path, body.as_ref()).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_routes_refuse_everybody_else() {
    let world = World::start().await;
    for (method, path, let_through) in staff_routes() {
        for (who, expected) in [
            (Who::Unsigned, 401),
            (Who::Anonymous, 403),
            (ADMIN, let_through),
            (Who::Staff(Role::Owner), let_through),
            (Who::ApiKey(Role::Admin), let_through),
            (Who::System, let_through),
        ] {
            assert_eq!(
                status(&world, who, &method, &path).await,
                expected,
                "{who:?} {method} {path}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn public_routes_take_anyone_the_gateway_signed_for() {
    let world = World::start().await;
    for (method, path, let_through) in public_routes() {
        assert_eq!(status(&world, Who::Unsigned, &method, &path).await, 401, "{method} {path}");
        for who in [Who::Anonymous, ADMIN, Who::System] {
            assert_eq!(
                status(&world, who, &method, &path).await,
                let_through,
                "{who:?} {method} {path}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_that_only_read_or_only_produce_change_nothing_else() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let path = crate::support::path(&order);
    let moved = json!({ "production_status": "diproses", "notes": "mulai" });
    for (who, body, expected) in [
        (Who::Staff(Role::Viewer), &moved, 403),
        (Who::Staff(Role::Finance), &moved, 403),
        (Who::Staff(Role::Production), &json!({ "status_order": "dibatalkan" }), 403),
        (
            Who::Staff(Role::Production),
            &json!({ "production_status": "diproses", "quantity": 3 }),
            403,
        ),
        (Who::Staff(Role::Production), &moved, 200),
    ] {
        assert_eq!(world.patch(who, &path, body).await.status, expected, "{who:?} {body}");
    }
    let admin = |below: &str| crate::support::admin_path(&order, below);
    let (internal, visible) = (json!({ "text": "a" }), json!({ "text": "a", "visible": true }));
    let cut = json!({ "stage": "potong", "good": 1 });
    let bulk = "/api/v1/admin/orders/bulk-update/".to_owned();
    let ids = [&order["id"]];
    let cancel = json!({ "order_ids": ids, "action": "update_status",
                         "data": { "status_order": "dibatalkan" } });
    let move_on = json!({ "order_ids": ids, "action": "update_status",
                          "data": { "production_status": "selesai" } });
    for (who, path, body, expected) in [
        (Role::Viewer, admin("notes/"), &internal, 403),
        (Role::Production, admin("notes/"), &visible, 403),
        (Role::Production, admin("notes/"), &internal, 201),
        (Role::Viewer, admin("production/reports/"), &cut, 403),
        (Role::Finance, admin("production/rework/"), &cut, 403),
        (Role::Production, admin("production/reports/"), &cut, 201),
        (Role::Production, admin("restore/"), &internal, 403),
        (Role::Production, bulk.clone(), &cancel, 403),
        (Role::Production, bulk, &move_on, 200),
    ] {
        let answer = world.post(Who::Staff(who), &path, body).await;
        assert_eq!(answer.status, expected, "{who:?} {path} {body}: {}", answer.body);
    }
    for role in [Role::Viewer, Role::Finance, Role::Production] {
        assert_eq!(world.get(Who::Staff(role), &path).await.status, 200, "{role:?}");
        let deleted = world.call(Who::Staff(role), Method::DELETE, &path, None).await;
        assert_eq!(deleted.status, 403, "{role:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_taken_from_the_gateway_alone() {
    let world = World::start().await;
    let path = "/internal/v1/events";
    for (who, expected) in [
        (Who::Unsigned, 401),
        (Who::Anonymous, 403),
        (Who::Staff(Role::Owner), 403),
        (Who::ApiKey(Role::Owner), 403),
        (Who::System, 400),
    ] {
        assert_eq!(status(&world, who, &Method::POST, path).await, expected, "{who:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_for_another_service_is_not_believed() {
    let world = World::start().await;
    let elsewhere = world.identity.staff("payment", Role::Owner);
    let answer = reqwest::Client::new()
        .get(format!("{}/api/v1/order/", world.base()))
        .header(konveksi_identity::HEADER, elsewhere)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_methods_and_unknown_paths_have_the_envelope() {
    let world = World::start().await;
    let wrong = world.call(ADMIN, Method::DELETE, "/api/v1/order/", None).await;
    assert_eq!(
        (wrong.status, wrong.body["error_code"].as_str()),
        (405, Some("METHOD_NOT_ALLOWED"))
    );
    for path in ["/api/v1/nothing/", "/api/v1/order/not-a-uuid/"] {
        let unknown = world.get(ADMIN, path).await;
        assert_eq!(unknown.status, 404, "{path}");
        assert!(unknown.body["error"].is_string(), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_role_sees_no_other_schema_and_rewrites_no_history() {
    let world = World::start().await;
    world.order(json!({})).await;
    world.run("CREATE SCHEMA payments; CREATE TABLE payments.invoices (id integer)").await;
    let mut conn = world.connect_as_service().await;
    for refused in [
        "SELECT * FROM payments.invoices",
        "DELETE FROM status_history",
        "UPDATE status_history SET notes = 'lain'",
        "DELETE FROM production_reports",
        "UPDATE production_reports SET good = 0",
        "DROP TABLE orders",
        "CREATE TABLE spare (id integer)",
    ] {
        let error = conn.batch_execute(refused).await.unwrap_err().to_string();
        assert!(
            error.contains("permission denied") || error.contains("must be owner"),
            "{refused}: {error}"
        );
    }
    assert!(conn.batch_execute("SELECT * FROM orders").await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn both_slash_forms_are_answered() {
    let world = World::start().await;
    for path in ["/api/v1/order", "/api/v1/order/"] {
        assert_eq!(world.post(Who::Anonymous, path, &usual(json!({}))).await.status, 201, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_database_the_service_says_so_and_comes_back() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    world.database_proxy.cut();
    let away = world.post(Who::Anonymous, "/api/v1/order/", &usual(json!({}))).await;
    assert_eq!((away.status, away.body["error_code"].as_str()), (503, Some("SERVICE_UNAVAILABLE")));
    assert_eq!(world.get(Who::Unsigned, "/internal/health/ready").await.status, 503);
    assert_eq!(world.get(Who::Unsigned, "/internal/health/live").await.status, 200);
    world.database_proxy.mend();
    let path = crate::support::path(&order);
    world.eventually(async || (world.get(ADMIN, &path).await.status == 200).then_some(())).await;
}
