//! Who may do what, on loopback too.

use konveksi_identity::Role;
use reqwest::Method;
use serde_json::json;

use crate::support::World;
use crate::support::order::Order;

#[tokio::test(flavor = "multi_thread")]
async fn calls_without_the_gateways_statement_are_refused() {
    let world = World::start().await;
    for path in ["/api/v1/invoice/", "/api/v1/payment/", "/internal/v1/events"] {
        let answer = world.call(Method::GET, path, "forged", None).await;
        assert_eq!(answer.expect(401)["error_code"], "UNAUTHENTICATED", "{path}");
    }
    let other = world.identity.staff("order", Role::Owner);
    world.call(Method::GET, "/api/v1/invoice/", &other, None).await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn money_is_for_those_whose_role_says_so() {
    let world = World::start().await;
    let anonymous = world.identity.anonymous("payment");
    world.call(Method::GET, "/api/v1/invoice/", &anonymous, None).await.expect(401);
    let floor = world.identity.staff("payment", Role::Production);
    world.call(Method::GET, "/api/v1/payment/", &floor, None).await.expect(403);
    let viewer = world.identity.staff("payment", Role::Viewer);
    world.call(Method::GET, "/api/v1/invoice/", &viewer, None).await.expect(200);
    let manual = json!({
        "invoice_id": uuid::Uuid::nil(), "payment_method": "CASH", "amount": "1000.00",
    });
    let path = "/api/v1/payment/manual/";
    world.call(Method::POST, path, &viewer, Some(manual.clone())).await.expect(403);
    world.staff(Method::POST, path, Some(manual)).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn compositions_are_the_gateways_alone() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let owner = world.identity.staff("payment", Role::Owner);
    let path = format!("/internal/v1/orders/{}/first-invoice", order.id);
    let body = json!({ "snapshot": order.snapshot() });
    world.call(Method::POST, &path, &owner, Some(body)).await.expect(403);
    let path = format!("/internal/v1/orders/{}/money", order.id);
    world.call(Method::GET, &path, &owner, None).await.expect(403);
}
