//! Who may what: the matrix of roles and routes, made from the document the gateway serves
//! (`reliability.md` E14), and what is not listed at all.

use konveksi_identity::{Permission, Role};
use reqwest::Method;
use serde_json::Value;

use crate::support::{World, assert_problem, json};

/// One operation of the document.
struct Operation {
    method: Method,
    path: String,
    permission: Option<Permission>,
    needs_login: bool,
}

async fn operations(world: &World) -> Vec<Operation> {
    let document = json(world.get("/docs/openapi.json").send().await.unwrap()).await;
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (verb, operation) in item.as_object().unwrap() {
            let named = operation["x-permission"].as_str();
            operations.push(Operation {
                method: verb.to_uppercase().parse().unwrap(),
                path: path
                    .replace("{id}", "0190a5b4-7c3d-7e2f-8a1b-2c3d4e5f6071")
                    .replace("{code}", "INV-123456-ABC")
                    .replace("{path}", "designs/a.png"),
                permission: named.map(permission),
                needs_login: is_for_staff(operation),
            });
        }
    }
    assert!(operations.len() > 40);
    operations
}

fn is_for_staff(operation: &Value) -> bool {
    operation["security"]
        .as_array()
        .is_some_and(|ways| ways.iter().any(|way| way["bearer"].is_array()))
}

fn permission(name: &str) -> Permission {
    Permission::ALL.into_iter().find(|permission| format!("{permission:?}") == name).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_gets_exactly_what_it_may() {
    let world = World::start().await;
    let operations = operations(&world).await;
    let (mut served, mut refusals) = (0, 0);
    for role in Role::ALL {
        let login = world.staff(role).await;
        for operation in &operations {
            let Some(permission) = operation.permission else { continue };
            let request = world.request(operation.method.clone(), &operation.path);
            let status = login.bearer(request).body("{}").send().await.unwrap().status();
            let refused = status == 403 || status == 401;
            if refused {
                refusals += 1;
            } else {
                served += 1;
            }
            assert_eq!(
                refused,
                !role.allows(permission),
                "{role:?} {} {} needs {permission:?}: {status}",
                operation.method,
                operation.path
            );
        }
    }
    assert!(served > 100 && refusals > 100, "{served} served, {refusals} refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_login_nothing_of_staffs_is_answered_or_forwarded() {
    let world = World::start().await;
    let mut closed = 0;
    for operation in operations(&world).await.iter().filter(|operation| operation.needs_login) {
        let request = world.request(operation.method.clone(), &operation.path);
        let answer = request.body("{}").send().await.unwrap();
        assert_problem(answer, 401, "UNAUTHENTICATED").await;
        closed += 1;
    }
    assert!(closed > 30);
    for service in [
        &world.order,
        &world.payment,
        &world.notification,
        &world.media,
        &world.analytics,
        &world.automation,
    ] {
        assert!(service.seen().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_listed_is_never_forwarded() {
    let world = World::start().await;
    let login = world.staff(Role::Owner).await;
    for path in [
        "/internal/v1/events",
        "/internal/v1/orders/by-code/ORD-20250630-A1B",
        "/internal/health/ready",
        "/api/v1/internal/",
        "/api/v1/admin/",
        "/api/v1/order/a/b/c/",
        "/api/v2/order/",
        "/api/",
        "/media/",
        "/.env",
        "/.git/config",
        "/wp-login.php",
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            let answer = login.bearer(world.request(method.clone(), path)).send().await.unwrap();
            assert_eq!(answer.status(), 404, "{method} {path}");
            assert_problem(answer, 404, "NOT_FOUND").await;
        }
    }
    let answer = login.bearer(world.request(Method::PATCH, "/api/v1/order/")).send().await.unwrap();
    assert_problem(answer, 405, "METHOD_NOT_ALLOWED").await;
    for service in [
        &world.order,
        &world.payment,
        &world.notification,
        &world.media,
        &world.analytics,
        &world.automation,
    ] {
        assert!(service.seen().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_slash_forms_and_the_clients_short_form_are_one_route() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let id = "0190a5b4-7c3d-7e2f-8a1b-2c3d4e5f6071";
    for path in
        [format!("/api/v1/order/{id}"), format!("/api/v1/order/{id}/"), format!("/api/v1/{id}/")]
    {
        let answer = login.bearer(world.get(&path)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
    let targets: Vec<String> = world.order.seen().into_iter().map(|seen| seen.target).collect();
    let (bare, slash) = (format!("/api/v1/order/{id}"), format!("/api/v1/order/{id}/"));
    assert_eq!(targets, [bare, slash.clone(), slash]);
    let answer = login
        .bearer(world.request(Method::DELETE, &format!("/api/v1/{id}/")))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(world.order.seen().last().unwrap().method, "DELETE");
    assert_eq!(world.get(&format!("/api/v1/{id}/")).send().await.unwrap().status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_database_away_the_public_is_served_and_staff_are_told() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let broken = World::with_setting(
        "KONVEKSI_GATEWAY_DATABASE_URL",
        "postgres://nobody:x@127.0.0.1:1/nothing",
    )
    .await;
    let answer = login.cookies(broken.get("/api/v1/produkpost/")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let answer = login.cookies(broken.get("/api/v1/order/")).send().await.unwrap();
    assert_problem(answer, 503, "SERVICE_UNAVAILABLE").await;
}
