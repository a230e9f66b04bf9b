//! Money of a plan's parts that did not come after all, or that went back: the plan follows.

use konveksi_contracts::v1::OrderStatus;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::World;
use crate::support::order::Order;

const FIRST_DUE: &str = "2027-01-04T00:00:00Z";

/// A plan of two equal parts for an order of Rp 7.500.000.
async fn planned(world: &World, order: &Order) -> Value {
    order.first_invoice(world).await;
    plan_again(world, order).await
}

async fn plan_again(world: &World, order: &Order) -> Value {
    let body = json!({
        "order_id": order.id, "plan": "equal", "parts": 2, "first_due_date": FIRST_DUE,
    });
    world.staff(Method::POST, "/api/v1/payment/create-plan/", Some(body)).await.expect(201)
}

async fn pay(world: &World, plan: &Value, sequence: usize) -> Value {
    let body = json!({
        "invoice_id": plan["installments"][sequence - 1]["invoice_id"],
        "payment_method": "BANK_TRANSFER", "amount": 3_750_000,
    });
    world.staff(Method::POST, "/api/v1/payment/manual/", Some(body)).await.expect(201)
}

async fn take_back(world: &World, payment: &Value) {
    let path = format!("/api/v1/payment/{}/", payment["id"].as_str().unwrap());
    let gone = world.staff(Method::DELETE, &path, None).await;
    assert_eq!(gone.status.as_u16(), 204, "{:?}", gone.body);
}

async fn refund(world: &World, payment: &Value, amount: u64) {
    let body = json!({
        "payment_id": payment["id"], "refund_amount": amount, "reason": "x",
        "refund_method": "bank_transfer",
    });
    let made = world.staff(Method::POST, "/api/v1/payment/refund/", Some(body)).await.expect(201);
    let id = made["id"].as_str().unwrap();
    let path = format!("/api/v1/admin/payment/refunds/{id}/complete/");
    let body = json!({ "reference": "BCA-1" });
    world.staff(Method::POST, &path, Some(body)).await.expect(200);
}

/// Where the plan stands, and its parts.
async fn stands(world: &World, plan: &Value) -> (String, Vec<String>) {
    let path = format!("/api/v1/payment/plans/{}/", plan["id"].as_str().unwrap());
    let plan = world.staff(Method::GET, &path, None).await.expect(200);
    let status = |one: &Value| one["status"].as_str().unwrap().to_owned();
    (status(&plan), plan["installments"].as_array().unwrap().iter().map(status).collect())
}

fn standing(plan: &str, parts: [&str; 2]) -> (String, Vec<String>) {
    (plan.to_owned(), parts.map(str::to_owned).to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_completed_plan_asks_again_for_a_part_that_was_never_paid() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let plan = planned(&world, &order).await;
    pay(&world, &plan, 1).await;
    let second = pay(&world, &plan, 2).await;
    assert_eq!(stands(&world, &plan).await, standing("completed", ["paid", "paid"]));

    take_back(&world, &second).await;
    assert_eq!(stands(&world, &plan).await, standing("active", ["paid", "pending"]));
    let path = format!("/api/v1/invoice/{}/", second["invoice"].as_str().unwrap());
    let invoice = world.staff(Method::GET, &path, None).await.expect(200);
    assert_eq!(invoice["amount_due"], "3750000.00");
    let until = invoice["expired_at"].as_str().unwrap();
    assert!(until >= FIRST_DUE, "payable until the part's own day, not {until}");
    world.assert_sound().await;

    pay(&world, &plan, 2).await;
    assert_eq!(stands(&world, &plan).await, standing("completed", ["paid", "paid"]));
    assert_eq!(order.money(&world).await["total_paid"], "7500000.00");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_plan_that_was_given_up_is_not_asked_for_again() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let plan = planned(&world, &order).await;
    let first = pay(&world, &plan, 1).await;
    let path = format!("/api/v1/payment/plans/{}/cancel/", plan["id"].as_str().unwrap());
    world.staff(Method::POST, &path, Some(json!({}))).await.expect(200);

    take_back(&world, &first).await;
    assert_eq!(stands(&world, &plan).await, standing("cancelled", ["cancelled", "cancelled"]));
    assert_eq!(order.money(&world).await["total_paid"], "0.00");
    world.assert_sound().await;
    let other = plan_again(&world, &order).await;
    assert_eq!(stands(&world, &other).await, standing("active", ["pending", "pending"]));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_leaves_a_paid_part_paid_and_its_plan_out_of_step() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let plan = planned(&world, &order).await;
    let first = pay(&world, &plan, 1).await;
    refund(&world, &first, 1_000_000).await;
    assert_eq!(stands(&world, &plan).await, standing("out_of_step", ["paid", "pending"]));
    world.assert_sound().await;
    pay(&world, &plan, 2).await;
    assert_eq!(stands(&world, &plan).await, standing("completed", ["paid", "paid"]));
    assert_eq!(order.money(&world).await["total_paid"], "6500000.00");
    let other = plan_again(&world, &order).await;
    let total = &other["total_amount"];
    assert_eq!(total, "1000000.00", "what went back is owed again, and may be planned: {other}");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_of_a_cancelled_order_revives_no_plan() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let plan = planned(&world, &order).await;
    let first = pay(&world, &plan, 1).await;
    let cancelled = Order { status: OrderStatus::Cancelled, ..order.next() };
    cancelled.tell_cancelled(&world).await;
    world.settle(1).await;
    take_back(&world, &first).await;
    assert_eq!(stands(&world, &plan).await, standing("cancelled", ["cancelled", "cancelled"]));
    world.assert_sound().await;
}
