//! Payment plans (contract row 53): the spec's own, the forms by which parts follow, and all that
//! may happen to one.

use konveksi_contracts::v1::OrderStatus;
use konveksi_test_support::eventually;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::order::Order;
use crate::support::{Answer, PATIENCE, World};

const CREATE: &str = "/api/v1/payment/create-plan/";

/// The request of the user's document, for an order of ours.
fn spec(order: &Order) -> Value {
    let body = r#"{
        "order_id": "550e8400-e29b-41d4-a716-446655440001",
        "plan": "custom",
        "installments": [
            { "amount": "2500000.00", "due_date": "2025-07-01T00:00:00Z", "description": "DP 1/3" },
            { "amount": "2500000.00", "due_date": "2025-07-15T00:00:00Z", "description": "DP 2/3" },
            { "amount": "2500000.00", "due_date": "2025-08-01T00:00:00Z", "description": "Pelunasan" }
        ]
    }"#;
    let mut body: Value = serde_json::from_str(body).unwrap();
    body["order_id"] = json!(order.id);
    body
}

async fn create(world: &World, body: Value) -> Answer {
    world.staff(Method::POST, CREATE, Some(body)).await
}

async fn planned(world: &World, order: &Order) -> Value {
    order.first_invoice(world).await;
    create(world, spec(order)).await.expect(201)
}

async fn act(world: &World, plan: &Value, action: &str, body: Value) -> Answer {
    let path = format!("/api/v1/payment/plans/{}/{action}/", plan["id"].as_str().unwrap());
    world.staff(Method::POST, &path, Some(body)).await
}

async fn again(world: &World, plan: &Value) -> Value {
    let path = format!("/api/v1/payment/plans/{}/", plan["id"].as_str().unwrap());
    world.staff(Method::GET, &path, None).await.expect(200)
}

async fn pay(world: &World, plan: &Value, sequence: usize, amount: u64) -> Answer {
    let body = json!({
        "invoice_id": plan["installments"][sequence - 1]["invoice_id"],
        "payment_method": "BANK_TRANSFER", "amount": amount,
    });
    world.staff(Method::POST, "/api/v1/payment/manual/", Some(body)).await
}

fn statuses(plan: &Value) -> Vec<&str> {
    let parts = plan["installments"].as_array().unwrap();
    parts.iter().map(|part| part["status"].as_str().unwrap()).collect()
}

/// Open invoices of an order, as `kind amount`.
async fn open(world: &World, order: &Order) -> Vec<String> {
    let query = format!(
        "SELECT kind || ' ' || amount FROM invoices WHERE order_id = '{}'
         AND status IN ('belum dibayar', 'kadaluarsa')",
        order.id
    );
    world.db().await.texts(&query).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_specs_plan_is_taken_verbatim_with_an_invoice_and_a_link_for_each_part() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let plan = planned(&world, &order).await;
    assert_eq!(plan["order_id"], json!(order.id));
    assert_eq!(plan["plan"], "custom");
    assert_eq!(plan["total_amount"], "7500000.00");
    assert_eq!(plan["status"], "active");
    assert_eq!(statuses(&plan), ["overdue"; 3], "its days have passed");
    assert_eq!(plan["installments"][0]["due_date"], "2025-07-01T00:00:00Z");
    assert_eq!(plan["installments"][2]["description"], "Pelunasan");
    assert_eq!(plan["installments"][2]["sequence"], 3);

    // What was asked for before is not asked for twice.
    assert_eq!(
        open(&world, &order).await,
        ["dp 2500000.00", "dp 2500000.00", "pelunasan 2500000.00"]
    );
    eventually(PATIENCE, async || {
        let money = order.money(&world).await;
        let invoices = money["invoices"].as_array()?.clone();
        let links = invoices.iter().filter(|one| one["payment_url"].is_string()).count();
        (links == 3).then_some(())
    })
    .await;
    assert_eq!(again(&world, &plan).await, plan);
    let list = format!("/api/v1/payment/plans/?order={}", order.id);
    let list = world.staff(Method::GET, &list, None).await.expect(200);
    assert_eq!((&list["count"], &list["results"][0]), (&json!(1), &plan));
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_are_paid_in_turn_until_the_plan_is_completed() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let plan = planned(&world, &order).await;
    pay(&world, &plan, 1, 2_500_000).await.expect(201);
    pay(&world, &plan, 2, 1_000_000).await.expect(201);
    let after = again(&world, &plan).await;
    assert_eq!(statuses(&after), ["paid", "overdue", "overdue"]);
    assert_eq!(after["amount_paid"], "3500000.00");
    assert_eq!(after["amount_due"], "4000000.00");
    assert_eq!(after["status"], "active");
    pay(&world, &plan, 2, 1_500_000).await.expect(201);
    pay(&world, &plan, 3, 2_500_000).await.expect(201);
    let after = again(&world, &plan).await;
    assert_eq!((statuses(&after), &after["status"]), (vec!["paid"; 3], &json!("completed")));
    assert_eq!(order.money(&world).await["total_paid"], "7500000.00");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn money_for_several_parts_goes_to_the_oldest_first_and_the_rest_is_credit() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let plan = planned(&world, &order).await;
    let payment = pay(&world, &plan, 2, 7_600_000).await.expect(201);
    assert_eq!(payment["amount"], "2500000.00", "what the named part took");
    let after = again(&world, &plan).await;
    assert_eq!((statuses(&after), &after["status"]), (vec!["paid"; 3], &json!("completed")));
    let mut db = world.db().await;
    assert_eq!(db.balances().await, ["bank: 7600000", "credit: 100000", "deposits: 7500000"]);
    assert_eq!(db.number("SELECT count(*) FROM payments").await, 3);
    assert_eq!(db.text("SELECT sum(amount) FROM payments").await, "7600000.00");
    assert_eq!(world.told("payment.received.v1").await, 3);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_plan_is_refused_with_the_part_at_fault() {
    let world = World::start().await;
    let order = Order::with_deposit();
    order.first_invoice(&world).await;
    let with = |change: &dyn Fn(&mut Value)| {
        let mut body = spec(&order);
        change(&mut body);
        body
    };
    for (body, field) in [
        (with(&|body| body["installments"][1]["amount"] = json!("2500001.00")), "installments"),
        (with(&|body| body["installments"][1]["amount"] = json!("0")), "installments[1].amount"),
        (with(&|body| body["installments"][1]["amount"] = json!("1.50")), "installments[1].amount"),
        (with(&|body| body["installments"][1]["amount"] = json!(-5)), "installments[1].amount"),
        (
            with(&|body| body["installments"][2]["due_date"] = json!("2025-07-15T05:00:00Z")),
            "installments[2].due_date",
        ),
        (
            with(&|body| body["installments"][2]["due_date"] = json!("2999-07-15T05:00:00Z")),
            "installments[2].due_date",
        ),
        (with(&|body| body["installments"] = json!([])), "installments"),
        (with(&|body| body["plan"] = json!("weekly")), "plan"),
        (with(&|body| body["order_id"] = json!(null)), "order_id"),
    ] {
        let refused = create(&world, body.clone()).await.expect(400);
        assert!(refused["details"][field].is_array(), "{field}: {refused}");
        assert!(refused["error"].is_string() && refused["detail"].is_string());
    }
    let unknown = with(&|body| body["order_id"] = json!("550e8400-e29b-41d4-a716-446655440001"));
    assert_eq!(create(&world, unknown).await.expect(404)["error_code"], "ORDER_NOT_FOUND");
    assert_eq!(world.db().await.number("SELECT count(*) FROM payment_plans").await, 0);
    assert_eq!(open(&world, &order).await, ["dp 4500000.00"], "nothing was touched");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_has_one_plan_at_a_time_whoever_asks_at_once() {
    let world = World::start().await;
    let order = Order::with_deposit();
    order.first_invoice(&world).await;
    let (one, two) = tokio::join!(create(&world, spec(&order)), create(&world, spec(&order)));
    let mut codes = [one.status.as_u16(), two.status.as_u16()];
    codes.sort_unstable();
    assert_eq!(codes, [201, 400]);
    let refused = create(&world, spec(&order)).await.expect(400);
    assert_eq!(refused["error_code"], "PLAN_EXISTS");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_steps_and_equal_parts_follow_from_their_days() {
    let world = World::start().await;
    let order = Order::with_deposit().of(333_333);
    order.first_invoice(&world).await;
    let body = json!({
        "order_id": order.id, "plan": "two_step", "dp_percent": "50.00",
        "due_dates": ["2027-01-04T00:00:00Z", "2027-02-04T00:00:00Z"],
    });
    let plan = create(&world, body).await.expect(201);
    assert_eq!(plan["installments"][0]["amount"], "166666.00");
    assert_eq!(plan["installments"][1]["amount"], "166667.00");
    assert_eq!(statuses(&plan), ["pending", "pending"]);

    let order = Order::paid_at_once().of(1_000_001);
    order.first_invoice(&world).await;
    let body = json!({
        "order_id": order.id, "plan": "equal", "parts": 3,
        "first_due_date": "2027-01-04T00:00:00Z", "interval_days": 14,
    });
    let plan = create(&world, body).await.expect(201);
    let amounts: Vec<_> =
        plan["installments"].as_array().unwrap().iter().map(|part| &part["amount"]).collect();
    assert_eq!(amounts, ["333333.00", "333333.00", "333335.00"]);
    assert_eq!(plan["installments"][2]["due_on"], "2027-02-01");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_price_puts_the_plan_out_of_step_until_staff_plan_again() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let plan = planned(&world, &order).await;
    pay(&world, &plan, 1, 2_500_000).await.expect(201);
    let dearer = order.next().of(9_000_000);
    dearer.tell_updated(&world).await;
    world.settle(1).await;
    assert_eq!(again(&world, &plan).await["status"], "out_of_step");

    let mut wish = spec(&order);
    wish["installments"] = json!([
        { "amount": "3000000", "due_date": "2027-01-04T00:00:00Z", "description": "Kedua" },
        { "amount": 3_500_000, "due_date": "2027-02-04T00:00:00Z" },
    ]);
    let new = act(&world, &plan, "replan", wish.clone()).await.expect(201);
    assert_eq!(new["replaces"], plan["id"]);
    assert_eq!(new["total_amount"], "6500000.00");
    let old = again(&world, &plan).await;
    assert_eq!(old["status"], "replaced");
    assert_eq!(statuses(&old), ["paid", "cancelled", "cancelled"], "what was paid stays");
    assert_eq!(open(&world, &order).await, ["dp 3000000.00", "pelunasan 3500000.00"]);
    let refused = act(&world, &plan, "replan", wish).await.expect(400);
    assert_eq!(refused["error_code"], "PLAN_CLOSED");
    // The same price again puts nothing out of step.
    dearer.next().tell_updated(&world).await;
    world.settle(2).await;
    assert_eq!(again(&world, &new).await["status"], "active");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn days_are_moved_but_never_those_of_paid_parts() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let plan = planned(&world, &order).await;
    pay(&world, &plan, 1, 2_500_000).await.expect(201);
    let moved = json!({ "installments": [
        { "sequence": 2, "due_date": "2027-01-04T00:00:00Z" },
        { "sequence": 3, "due_date": "2027-02-04T00:00:00Z" },
    ] });
    let after = act(&world, &plan, "reschedule", moved).await.expect(200);
    assert_eq!(after["installments"][1]["due_on"], "2027-01-04");
    assert_eq!(statuses(&after), ["paid", "pending", "pending"]);
    let until = format!(
        "SELECT expires_at >= '2027-02-04T17:00:00Z' FROM invoices WHERE id = '{}'",
        plan["installments"][2]["invoice_id"].as_str().unwrap()
    );
    assert_eq!(world.db().await.text(&until).await, "true", "it can be paid on its day");

    for (body, wanted) in [
        (json!([{ "sequence": 1, "due_date": "2026-12-04T00:00:00Z" }]), "INSTALLMENT_SETTLED"),
        (json!([{ "sequence": 2, "due_date": "2027-03-04T00:00:00Z" }]), "VALIDATION_ERROR"),
    ] {
        let body = json!({ "installments": body });
        let refused = act(&world, &plan, "reschedule", body).await.expect(400);
        assert_eq!(refused["error_code"], wanted);
    }
    let body = json!({ "installments": [{ "sequence": 4, "due_date": "2027-03-04T00:00:00Z" }] });
    act(&world, &plan, "reschedule", body).await.expect(404);
    assert_eq!(again(&world, &plan).await, after, "nothing was half done");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waived_part_is_no_longer_asked_for() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let plan = planned(&world, &order).await;
    let wish = json!({ "sequence": 3, "reason": "Diskon pelanggan lama" });
    let after = act(&world, &plan, "waive", wish.clone()).await.expect(200);
    assert_eq!(statuses(&after), ["overdue", "overdue", "waived"]);
    assert_eq!(after["installments"][2]["waived_reason"], "Diskon pelanggan lama");
    assert_eq!(after["status"], "active");
    assert_eq!(act(&world, &plan, "waive", wish).await.expect(200), after, "once is enough");
    pay(&world, &plan, 1, 5_000_000).await.expect(201);
    assert_eq!(again(&world, &plan).await["status"], "completed");
    let refused = pay(&world, &plan, 3, 1).await.expect(400);
    assert_eq!(refused["current_status"], "dibatalkan");
    let refused = act(&world, &plan, "waive", json!({ "sequence": 1, "reason": "x" })).await;
    assert_eq!(refused.expect(400)["error_code"], "PLAN_CLOSED");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_was_given_up_leaves_room_for_the_ordinary_final_invoice() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let plan = planned(&world, &order).await;
    pay(&world, &plan, 1, 2_500_000).await.expect(201);
    let after = act(&world, &plan, "cancel", json!({})).await.expect(200);
    assert_eq!(
        (&after["status"], statuses(&after)),
        (&json!("cancelled"), vec!["paid", "cancelled", "cancelled"])
    );
    act(&world, &plan, "cancel", json!({})).await.expect(200);
    let done = Order { status: OrderStatus::WorkDone, ..order.next() };
    done.tell_status(&world, OrderStatus::WorkDone).await;
    world.settle(1).await;
    assert_eq!(open(&world, &order).await, ["pelunasan 5000000.00"]);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_link_is_wished_for_a_planned_order_gets_its_next_part() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let plan = planned(&world, &order).await;
    pay(&world, &plan, 1, 2_500_000).await.expect(201);
    let wish = json!({ "order": order.id, "payment_type": "pelunasan" });
    let invoice = world.staff(Method::POST, "/api/v1/invoice/", Some(wish)).await.expect(201);
    assert_eq!(invoice["id"], plan["installments"][1]["invoice_id"]);
    assert_eq!(open(&world, &order).await.len(), 2, "no part was cancelled for it");
    let path = format!("/api/v1/invoice/{}/", invoice["id"].as_str().unwrap());
    let refused = world.staff(Method::DELETE, &path, None).await.expect(400);
    assert_eq!(refused["error_code"], "PART_OF_PLAN");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_order_ends_its_plan() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let plan = planned(&world, &order).await;
    let cancelled = Order { status: OrderStatus::Cancelled, ..order.next() };
    cancelled.tell_cancelled(&world).await;
    world.settle(1).await;
    let after = again(&world, &plan).await;
    assert_eq!((&after["status"], statuses(&after)), (&json!("cancelled"), vec!["cancelled"; 3]));
    let refused = create(&world, spec(&order)).await.expect(400);
    assert_eq!(refused["error_code"], "ORDER_CLOSED");
    world.assert_sound().await;
}
