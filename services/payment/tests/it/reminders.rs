//! Which parts of plans are told as due: once a part and step.

use chrono::{DateTime, Duration, Utc};
use konveksi_contracts::EventMessage as _;
use konveksi_contracts::v1::InstallmentDue;
use konveksi_kernel::Clock as _;
use konveksi_test_support::eventually;
use reqwest::Method;
use serde_json::json;

use crate::support::order::Order;
use crate::support::{PATIENCE, World};

const DUE: &str = "installment.due.v1";

async fn planned(world: &World, first: DateTime<Utc>) -> serde_json::Value {
    let order = Order::with_deposit();
    order.first_invoice(world).await;
    let body = json!({
        "order_id": order.id, "plan": "equal", "parts": 2,
        "first_due_date": first, "interval_days": 30,
    });
    let path = "/api/v1/payment/create-plan/";
    world.staff(Method::POST, path, Some(body)).await.expect(201)
}

async fn told(world: &World, count: i64) {
    eventually(PATIENCE, async || (world.told(DUE).await >= count).then_some(())).await;
    assert_eq!(world.told(DUE).await, count);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_is_told_three_days_before_and_on_its_day_and_never_twice() {
    let world = World::start().await;
    let now = world.clock.now();
    let plan = planned(&world, now + Duration::days(10)).await;
    assert_eq!(world.told(DUE).await, 0);
    world.clock.advance(Duration::days(7));
    told(&world, 1).await;
    world.clock.advance(Duration::days(3));
    told(&world, 2).await;
    let mut db = world.db().await;
    let steps = "SELECT step_days FROM installment_reminders";
    assert_eq!(db.texts(steps).await, ["0", "3"]);
    assert_eq!(
        db.texts("SELECT sequence || ' ' || coalesce(remind_on::text, 'never') FROM installments")
            .await
            .len(),
        2
    );
    let payload = "SELECT encode(payload, 'hex') FROM (
        SELECT payload, seq FROM outbox WHERE event_type = 'installment.due.v1'
        UNION ALL SELECT payload, seq FROM event_log WHERE event_type = 'installment.due.v1'
        ORDER BY seq LIMIT 1) AS first";
    let bytes = hex(&db.text(payload).await);
    let event = <InstallmentDue as prost::Message>::decode(bytes.as_slice()).unwrap();
    assert_eq!(InstallmentDue::TYPE, DUE);
    assert_eq!(event.plan_id, plan["id"].as_str().unwrap());
    assert_eq!((event.sequence, event.days_left), (1, 3));
    assert_eq!(event.amount_due_sen, 375_000_000);
    assert_eq!(event.due_on, plan["installments"][0]["due_on"].as_str().unwrap());
}

fn hex(text: &str) -> Vec<u8> {
    let digit = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    text.as_bytes().chunks(2).map(digit).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_part_and_one_whose_day_has_passed_are_not_told() {
    let world = World::start().await;
    let now = world.clock.now();
    let paid = planned(&world, now + Duration::days(5)).await;
    let body = json!({
        "invoice_id": paid["installments"][0]["invoice_id"],
        "payment_method": "CASH", "amount": paid["installments"][0]["amount"],
    });
    world.staff(Method::POST, "/api/v1/payment/manual/", Some(body)).await.expect(201);
    let slept = planned(&world, now + Duration::days(8)).await;
    // Nothing swept between the first step's day and the last one's.
    world.clock.advance(Duration::days(8));
    told(&world, 1).await;
    let mut db = world.db().await;
    let steps = format!(
        "SELECT step_days FROM installment_reminders WHERE installment_id = '{}'",
        slept["installments"][0]["id"].as_str().unwrap()
    );
    assert_eq!(db.texts(&steps).await, ["0"], "the step that was missed is dropped");
}
