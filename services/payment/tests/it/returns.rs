//! Browsers that come back from the provider: they are sent on, and change nothing.

use reqwest::Method;
use serde_json::Value;

use crate::support::World;
use crate::support::order::Order;

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_says_it_paid_pays_nothing() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    let code = invoice["invoice_code"].as_str().unwrap();
    let path = format!("/api/v1/payment/success/?order={}&invoice={code}", order.code);
    let anonymous = world.identity.anonymous("payment");
    let body = world.call(Method::GET, &path, &anonymous, None).await.expect(200);
    assert_eq!(body["status"], "success");
    assert_eq!(body["invoice"], *code);
    assert_eq!(body.get("reason"), None::<&Value>);
    let money = order.money(&world).await;
    assert_eq!(money["invoices"][0]["invoice_status"], "belum dibayar");
    assert_eq!(money["total_paid"], "0.00");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_front_end_the_browser_is_sent_there() {
    let world =
        World::start_with(&[("KONVEKSI_PAYMENT_FRONTEND_URL", "https://shop.example/")]).await;
    let anonymous = world.identity.anonymous("payment");
    let path = "/api/v1/payment/failed/?order=ORD-1&invoice=INV-1";
    let answer = world.call(Method::GET, path, &anonymous, None).await;
    assert_eq!(answer.status, 302);
    assert_eq!(
        answer.headers["location"],
        "https://shop.example/payment-failed?order=ORD-1&invoice=INV-1&reason=payment_failed"
    );
}
