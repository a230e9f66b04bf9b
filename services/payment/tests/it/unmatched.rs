//! Money in suspense, and customers' credit.

use futures_util::future::join_all;
use konveksi_sandbox::Payment;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::order::Order;
use crate::support::{Answer, World};

const QUEUE: &str = "/api/v1/admin/payment/unmatched/";

/// An order whose provider told of too little money.
async fn with_too_little(world: &World, rupiah: u64) -> (Order, Value) {
    world.open_callbacks();
    let order = Order::with_deposit();
    let invoice = order.first_invoice(world).await;
    let payment = Payment { amount: Some(rupiah), ..Payment::default() };
    world.sandbox.pay(invoice["xendit_invoice_id"].as_str().unwrap(), payment).unwrap();
    world.callbacks_done(1).await;
    (order, invoice)
}

async fn waiting(world: &World) -> Value {
    let path = format!("{QUEUE}?status=waiting");
    world.staff(Method::GET, &path, None).await.expect(200)
}

async fn settle(world: &World, money: &Value, action: &str, body: Value) -> Answer {
    let path = format!("{QUEUE}{}/{action}/", money["id"].as_str().unwrap());
    world.staff(Method::POST, &path, Some(body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn too_little_waits_in_the_queue_until_staff_say_what_it_is_for() {
    let world = World::start().await;
    let (order, invoice) = with_too_little(&world, 1_000_000).await;
    let list = waiting(&world).await;
    let money = &list["results"][0];
    assert_eq!((&list["count"], &money["reason"]), (&json!(1), &json!("amount_too_low")));
    assert_eq!((&money["amount"], &money["invoice_id"]), (&json!("1000000.00"), &invoice["id"]));
    world.assert_sound().await;

    let wish = json!({ "invoice_id": invoice["id"] });
    let (one, two) = tokio::join!(
        settle(&world, money, "match", wish.clone()),
        settle(&world, money, "match", wish.clone()),
    );
    let (one, two) = (one.expect(200), two.expect(200));
    assert_eq!(one["payment"]["id"], two["payment"]["id"], "matched once");
    assert_eq!(order.money(&world).await["total_paid"], "1000000.00");
    assert_eq!(waiting(&world).await["count"], 0);
    let refused = settle(&world, money, "credit", json!({ "order_id": order.id })).await;
    assert_eq!(refused.expect(400)["error_code"], "UNMATCHED_SETTLED");
    let mut db = world.db().await;
    assert_eq!(db.balances().await, ["clearing: 1000000", "deposits: 1000000"]);
    let payment = format!("/api/v1/payment/{}/", one["payment"]["id"].as_str().unwrap());
    let refused = world.staff(Method::DELETE, &payment, None).await.expect(400);
    assert_eq!(refused["error_code"], "PAYMENT_NOT_MANUAL", "it came for certain");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_may_become_credit_that_pays_another_order_of_the_customer() {
    let world = World::start().await;
    let (order, _) = with_too_little(&world, 1_000_000).await;
    let money = waiting(&world).await["results"][0].clone();
    let wish = json!({ "order_id": order.id });
    settle(&world, &money, "credit", wish.clone()).await.expect(200);
    settle(&world, &money, "credit", wish).await.expect(200);
    let path = format!("/api/v1/admin/payment/credit/?order={}", order.id);
    let credit = world.staff(Method::GET, &path, None).await.expect(200);
    assert_eq!(credit["credit"], "1000000.00");

    let other = Order { customer: order.customer, ..Order::with_deposit() };
    let invoice = other.first_invoice(&world).await;
    let spend = json!({ "invoice_id": invoice["id"], "amount": "600000" });
    let path = "/api/v1/admin/payment/credit/use/";
    let paid = world.staff(Method::POST, path, Some(spend)).await.expect(201);
    assert_eq!(paid["payment_method"], "CUSTOMER_CREDIT");
    assert_eq!(other.money(&world).await["total_paid"], "600000.00");
    let too_much = json!({ "invoice_id": invoice["id"], "amount": "400001" });
    let refused = world.staff(Method::POST, path, Some(too_much)).await.expect(400);
    assert_eq!(
        (&refused["error_code"], &refused["credit"]),
        (&json!("NOT_ENOUGH_CREDIT"), &json!("400000.00"))
    );
    let rest = json!({ "invoice_id": invoice["id"] });
    let paid = world.staff(Method::POST, path, Some(rest)).await.expect(201);
    assert_eq!(paid["amount"], "400000.00");
    let mut db = world.db().await;
    assert_eq!(db.balances().await, ["clearing: 1000000", "deposits: 1000000"]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn credit_is_never_spent_twice_on_orders_at_once() {
    let world = World::start().await;
    let (order, _) = with_too_little(&world, 1_000_000).await;
    let money = waiting(&world).await["results"][0].clone();
    settle(&world, &money, "credit", json!({ "order_id": order.id })).await.expect(200);
    let others: Vec<Order> =
        (0..8).map(|_| Order { customer: order.customer, ..Order::with_deposit() }).collect();
    let invoices = join_all(others.iter().map(|other| other.first_invoice(&world))).await;
    let spend = invoices.iter().map(|invoice| {
        let body = json!({ "invoice_id": invoice["id"], "amount": "300000" });
        world.staff(Method::POST, "/api/v1/admin/payment/credit/use/", Some(body))
    });
    let codes: Vec<u16> =
        join_all(spend).await.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!(codes.iter().filter(|code| **code == 201).count(), 3, "{codes:?}");
    assert!(codes.iter().all(|code| [201, 400].contains(code)), "{codes:?}");
    let mut db = world.db().await;
    assert!(db.balances().await.contains(&"credit: 100000".to_owned()));
    world.assert_sound().await;
}
