//! Invoices that were due and are not paid are told once a step.

use chrono::Duration;
use konveksi_contracts::v1::{OrderStatus, PaymentOverdue};
use konveksi_test_support::eventually;
use prost::Message as _;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::order::Order;
use crate::support::{PATIENCE, World};

/// Everything that was told of one invoice, oldest first.
async fn told(world: &World, invoice: &Value) -> Vec<PaymentOverdue> {
    let mut db = world.db().await;
    let rows = db
        .texts(
            "SELECT lpad(seq::text, 12, '0') || ' ' || encode(payload, 'hex') FROM (
                 SELECT seq, payload FROM outbox WHERE event_type = 'payment.overdue.v1'
                 UNION ALL SELECT seq, payload FROM event_log WHERE event_type = 'payment.overdue.v1'
             ) AS told",
        )
        .await;
    rows.iter()
        .map(|row| hex::decode(row.split_once(' ').unwrap().1).unwrap())
        .map(|bytes| PaymentOverdue::decode(bytes.as_slice()).unwrap())
        .filter(|event| event.invoice.as_ref().unwrap().invoice_id == invoice["id"])
        .collect()
}

async fn wait_until_told(world: &World, invoice: &Value, count: usize) {
    eventually(PATIENCE, async || (told(world, invoice).await.len() == count).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_is_told_once_with_what_is_still_due() {
    let world = World::start_with(&[("KONVEKSI_PAYMENT_OVERDUE_STEPS_DAYS", "1,3")]).await;
    let first = Order::with_deposit().first_invoice(&world).await;
    let body = json!({
        "invoice_id": first["id"], "payment_method": "CASH", "amount": 1_000_000,
    });
    world.staff(Method::POST, "/api/v1/payment/manual/", Some(body)).await.expect(201);
    world.clock.advance(Duration::days(1));
    let second = Order::with_deposit().first_invoice(&world).await;
    // A deposit can be paid for three days; the day after is the first step. Each day one of the
    // two is told, which shows that the sweep looked at both.
    world.clock.advance(Duration::days(3));
    wait_until_told(&world, &first, 1).await;
    let event = told(&world, &first).await.remove(0);
    assert_eq!((event.step, event.amount_due_sen), (1, 350_000_000), "the remainder");
    assert_eq!((event.days_overdue, event.due_on.len()), (1, "2026-11-27".len()));
    assert_eq!(told(&world, &second).await.len(), 0);

    world.clock.advance(Duration::days(1));
    wait_until_told(&world, &second, 1).await;
    assert_eq!(told(&world, &first).await.len(), 1);
    world.clock.advance(Duration::days(1));
    wait_until_told(&world, &first, 2).await;
    assert_eq!(told(&world, &first).await[1].step, 2);
    assert_eq!(told(&world, &second).await.len(), 1);
    world.clock.advance(Duration::days(1));
    wait_until_told(&world, &second, 2).await;
    assert_eq!(told(&world, &first).await.len(), 2, "after the last step there is silence");
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_that_passed_while_nobody_looked_are_one() {
    let world = World::start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    world.clock.advance(Duration::days(3 + 8));
    wait_until_told(&world, &invoice, 1).await;
    let event = told(&world, &invoice).await.remove(0);
    assert_eq!((event.step, event.days_overdue), (3, 8), "the steps of 1 and 3 days passed unseen");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_paid_or_cancelled_is_not_overdue() {
    let world = World::start().await;
    let paid = Order::with_deposit().first_invoice(&world).await;
    let body = json!({ "invoice_id": paid["id"], "payment_method": "CASH", "amount": 4_500_000 });
    world.staff(Method::POST, "/api/v1/payment/manual/", Some(body)).await.expect(201);
    let order = Order::with_deposit();
    let cancelled = order.first_invoice(&world).await;
    let gone = Order { status: OrderStatus::Cancelled, ..order.next() };
    gone.tell_cancelled(&world).await;
    world.settle(1).await;
    let late = Order::with_deposit().first_invoice(&world).await;
    world.clock.advance(Duration::days(4));
    wait_until_told(&world, &late, 1).await;
    assert!(told(&world, &paid).await.is_empty());
    assert!(told(&world, &cancelled).await.is_empty());
}
