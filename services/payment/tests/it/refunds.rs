//! Refunds that staff pay by hand: asked for, held, agreed to, paid, given up (contract row 55).

use futures_util::future::join_all;
use konveksi_contracts::v1::OrderStatus;
use konveksi_identity::Role;
use konveksi_test_support::eventually;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::order::Order;
use crate::support::{Answer, PATIENCE, World};

const ASK: &str = "/api/v1/payment/refund/";

/// A deposit of Rp 3.750.000 that a clerk recorded.
async fn paid(world: &World) -> (Order, Value) {
    let order = Order { percent: 5_000, ..Order::with_deposit() };
    let invoice = order.first_invoice(world).await;
    let body = json!({
        "invoice_id": invoice["id"], "payment_method": "BANK_TRANSFER", "amount": "3750000.00",
    });
    let payment =
        world.staff(Method::POST, "/api/v1/payment/manual/", Some(body)).await.expect(201);
    (order, payment)
}

/// The spec's own request, for this payment.
fn verbatim(payment: &Value) -> Value {
    json!({
        "payment_id": payment["id"],
        "refund_amount": "1000000.00",
        "reason": "Order cancelled by customer",
        "refund_method": "bank_transfer",
    })
}

async fn ask(world: &World, body: Value) -> Answer {
    world.staff(Method::POST, ASK, Some(body)).await
}

async fn step(world: &World, refund: &Value, what: &str, body: Value) -> Answer {
    let id = refund["id"].as_str().unwrap();
    let path = format!("/api/v1/admin/payment/refunds/{id}/{what}/");
    world.staff(Method::POST, &path, Some(body)).await
}

/// As a client does who has a key: what was too busy is asked again.
async fn insist(world: &World, key: &str, identity: &str, body: &Value) -> Answer {
    loop {
        let answer = world.keyed_as(key, ASK, identity, Some(body.clone())).await;
        if !matches!(answer.status.as_u16(), 409 | 503) {
            return answer;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_specs_request_is_held_then_paid_by_hand_and_told() {
    let world = World::start().await;
    let (order, payment) = paid(&world).await;
    let refund = ask(&world, verbatim(&payment)).await.expect(201);
    assert_eq!(refund["payment_id"], payment["id"]);
    assert_eq!(refund["refund_amount"], "1000000.00");
    assert_eq!(refund["reason"], "Order cancelled by customer");
    assert_eq!(refund["refund_method"], "bank_transfer");
    assert_eq!(refund["status"], "approved");
    assert!(refund["created_at"].is_string() && refund["id"].is_string());
    let mut db = world.db().await;
    assert_eq!(db.balances().await, ["bank: 3750000", "deposits: 2750000", "refunds: 1000000"]);
    assert_eq!(order.money(&world).await["total_paid"], "3750000.00", "only held so far");

    step(&world, &refund, "complete", json!({ "reference": "" })).await.expect(400);
    let done = step(&world, &refund, "complete", json!({ "reference": "BCA-2711-001" })).await;
    let done = done.expect(200);
    assert_eq!(
        (&done["status"], &done["reference"]),
        (&json!("completed"), &json!("BCA-2711-001"))
    );
    assert_eq!(db.balances().await, ["bank: 2750000", "deposits: 2750000"]);
    assert_eq!(order.money(&world).await["total_paid"], "2750000.00");
    assert_eq!(world.told("refund.completed.v1").await, 1);
    let read = format!("/api/v1/payment/{}/", payment["id"].as_str().unwrap());
    let read = world.staff(Method::GET, &read, None).await.expect(200);
    assert_eq!(
        (&read["refunded_amount"], &read["status"]),
        (&json!("1000000.00"), &json!("success"))
    );
    let invoice = format!("/api/v1/invoice/{}/", payment["invoice"].as_str().unwrap());
    let invoice = world.staff(Method::GET, &invoice, None).await.expect(200);
    assert_eq!(invoice["invoice_status"], "sudah dibayar", "nothing steps back");

    for what in ["complete", "fail", "cancel", "approve"] {
        let body = json!({ "reference": "x", "reason": "x" });
        let refused = step(&world, &refund, what, body).await.expect(400);
        assert_eq!(refused["error_code"], "REFUND_INVALID_STATE", "{what}");
    }
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_equal_requests_under_one_key_are_one_refund() {
    let world = World::start().await;
    let (_, payment) = paid(&world).await;
    let identity = world.person(7, Role::Finance);
    let body = verbatim(&payment);
    let asks = (0..50).map(|_| insist(&world, "refund-1", &identity, &body));
    let answers = join_all(asks).await;
    let bodies: Vec<Value> = answers.into_iter().map(|answer| answer.expect(201)).collect();
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "all fifty get the same answer");
    let mut db = world.db().await;
    assert_eq!(db.number("SELECT count(*) FROM refunds").await, 1);
    assert_eq!(db.balances().await, ["bank: 3750000", "deposits: 2750000", "refunds: 1000000"]);

    let other = json!({ "refund_amount": 5, "payment_id": payment["id"], "reason": "x" });
    let reused = world.keyed_as("refund-1", ASK, &identity, Some(other)).await.expect(400);
    assert_eq!(reused["error_code"], "IDEMPOTENCY_KEY_REUSED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_refunds_at_once_never_exceed_the_payment() {
    let world = World::start().await;
    let (_, payment) = paid(&world).await;
    let identity = world.person(7, Role::Owner);
    let asks = (0..100).map(|index: u32| {
        // Mixed amounts, each with a key of its own: Rp 100.000 to Rp 800.000.
        let amount = 100_000 * (1 + u64::from(index % 8));
        let body = json!({
            "payment_id": payment["id"], "refund_amount": amount, "reason": "x",
            "refund_method": "bank_transfer",
        });
        let (world, identity) = (&world, &identity);
        async move {
            let answer = insist(world, &format!("k-{index}"), identity, &body).await;
            (amount, answer.status.as_u16())
        }
    });
    let answers = join_all(asks).await;
    assert!(answers.iter().all(|(_, status)| matches!(status, 201 | 400)), "{answers:?}");
    let held: u64 = answers.iter().filter(|(_, status)| *status == 201).map(|(one, _)| one).sum();
    assert!(held <= 3_750_000, "{held}");
    let smallest_refused =
        answers.iter().filter(|(_, status)| *status == 400).map(|(one, _)| *one).min().unwrap();
    assert!(held + smallest_refused > 3_750_000, "a refund that fitted was refused: {held}");
    let mut db = world.db().await;
    let sums = db.number("SELECT pending + refunded FROM payment_refunds").await;
    assert_eq!(u64::try_from(sums).unwrap(), held);
    assert_eq!(db.number("SELECT sum(amount) FROM refunds").await, sums);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_the_same_refund_within_a_minute_is_a_double_click() {
    let world = World::start().await;
    let (_, payment) = paid(&world).await;
    ask(&world, verbatim(&payment)).await.expect(201);
    let refused = ask(&world, verbatim(&payment)).await.expect(400);
    assert_eq!(refused["error_code"], "REFUND_SUSPECTED_DOUBLE");
    let mut other = verbatim(&payment);
    other["refund_amount"] = json!(1_000_001);
    ask(&world, other).await.expect(201);
    world.clock.advance(chrono::Duration::seconds(61));
    ask(&world, verbatim(&payment)).await.expect(201);
    let refused = ask(&world, verbatim(&payment)).await;
    assert_eq!(refused.status.as_u16(), 400, "3.000.001 are held, 749.999 are left");
}

#[tokio::test(flavor = "multi_thread")]
async fn above_the_limit_somebody_else_has_to_agree() {
    let world =
        World::start_with(&[("KONVEKSI_PAYMENT_SECOND_PERSON_ABOVE_RUPIAH", "1500000")]).await;
    let (_, payment) = paid(&world).await;
    ask(&world, verbatim(&payment)).await.expect(201);
    // One million more passes the limit, although each alone would not.
    world.clock.advance(chrono::Duration::seconds(61));
    let refund = ask(&world, verbatim(&payment)).await.expect(201);
    assert_eq!((&refund["status"], &refund["needs_approval"]), (&json!("requested"), &json!(true)));
    let early = step(&world, &refund, "complete", json!({ "reference": "x" })).await.expect(400);
    assert_eq!(early["current_status"], "requested");

    let path = format!("/api/v1/admin/payment/refunds/{}/approve/", refund["id"].as_str().unwrap());
    let own = world.staff(Method::POST, &path, None).await.expect(403);
    assert_eq!(own["error_code"], "REFUND_SECOND_PERSON");
    let second = world.person(8, Role::Finance);
    let approved = world.call(Method::POST, &path, &second, None).await.expect(200);
    assert_eq!(approved["status"], "approved");
    assert_eq!(
        (&approved["approved_by"], &approved["approved_by_requester"]),
        (&json!("staff:8"), &json!(false))
    );
    step(&world, &refund, "complete", json!({ "reference": "x" })).await.expect(200);

    // The owner alone in the workshop confirms their own, which is noted.
    let owner = world.person(1, Role::Owner);
    let asked = world.call(Method::POST, ASK, &owner, Some(verbatim(&payment))).await.expect(201);
    let path = format!("/api/v1/admin/payment/refunds/{}/approve/", asked["id"].as_str().unwrap());
    let approved = world.call(Method::POST, &path, &owner, None).await.expect(200);
    assert_eq!(approved["approved_by_requester"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_or_was_given_up_is_free_again() {
    let world = World::start().await;
    let (order, payment) = paid(&world).await;
    let mut whole = verbatim(&payment);
    whole["refund_amount"] = json!("3750000");
    for what in ["fail", "cancel"] {
        world.clock.advance(chrono::Duration::seconds(61));
        let refund = ask(&world, whole.clone()).await.expect(201);
        ask(&world, verbatim(&payment)).await.expect(400);
        step(&world, &refund, what, json!({ "reason": " " })).await.expect(400);
        let ended = step(&world, &refund, what, json!({ "reason": "rekening salah" })).await;
        assert_eq!(ended.expect(200)["failure_reason"], "rekening salah");
        let mut db = world.db().await;
        assert_eq!(db.balances().await, ["bank: 3750000", "deposits: 3750000"]);
    }
    assert_eq!(order.money(&world).await["total_paid"], "3750000.00");
    assert_eq!(world.told("refund.completed.v1").await, 0);
    let list = world.staff(Method::GET, "/api/v1/admin/payment/refunds/?status=failed", None).await;
    assert_eq!(list.expect(200)["count"], 1);
    let list = format!("/api/v1/admin/payment/refunds/?order={}", order.id);
    assert_eq!(world.staff(Method::GET, &list, None).await.expect(200)["count"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_delivery_a_refund_lowers_revenue() {
    let world = World::start().await;
    let order = Order::paid_at_once();
    let invoice = order.first_invoice(&world).await;
    let body =
        json!({ "invoice_id": invoice["id"], "payment_method": "CASH", "amount": 7_500_000 });
    let payment =
        world.staff(Method::POST, "/api/v1/payment/manual/", Some(body)).await.expect(201);
    let shipped =
        Order { production: konveksi_contracts::v1::ProductionStatus::Shipped, ..order.next() };
    shipped.tell_shipped(&world).await;
    world.settle(1).await;
    let refund = ask(&world, verbatim(&payment)).await.expect(201);
    let mut db = world.db().await;
    assert_eq!(db.balances().await, ["bank: 7500000", "refunds: 1000000", "revenue: 6500000"]);
    step(&world, &refund, "complete", json!({ "reference": "x" })).await.expect(200);
    assert_eq!(db.balances().await, ["bank: 6500000", "revenue: 6500000"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_that_fails_after_the_goods_left_settles_what_is_owed() {
    let world = World::start().await;
    let (order, payment) = paid(&world).await;
    let refund = ask(&world, verbatim(&payment)).await.expect(201);
    let shipped =
        Order { production: konveksi_contracts::v1::ProductionStatus::Shipped, ..order.next() };
    shipped.tell_shipped(&world).await;
    world.settle(1).await;
    step(&world, &refund, "fail", json!({ "reason": "x" })).await.expect(200);
    let mut db = world.db().await;
    assert_eq!(db.balances().await, ["bank: 3750000", "receivable: 3750000", "revenue: 7500000"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_paid_too_much_goes_back_before_the_order_loses_anything() {
    let world = World::start().await;
    let order = Order { percent: 5_000, ..Order::with_deposit() };
    let invoice = order.first_invoice(&world).await;
    let body =
        json!({ "invoice_id": invoice["id"], "payment_method": "CASH", "amount": 4_000_000 });
    let payment =
        world.staff(Method::POST, "/api/v1/payment/manual/", Some(body)).await.expect(201);
    let mut excess = verbatim(&payment);
    excess["refund_amount"] = json!(250_000);
    let refund = ask(&world, excess).await.expect(201);
    step(&world, &refund, "complete", json!({ "reference": "x" })).await.expect(200);
    let mut db = world.db().await;
    assert_eq!(db.balances().await, ["bank: 3750000", "deposits: 3750000"]);
    assert_eq!(order.money(&world).await["total_paid"], "3750000.00");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_refund_is_refused_and_nothing_is_held() {
    let world = World::start().await;
    let (_, payment) = paid(&world).await;
    for (field, value) in [
        ("refund_amount", json!("0")),
        ("refund_amount", json!("10.50")),
        ("refund_amount", json!("3750001")),
        ("refund_amount", json!(-1)),
        ("reason", json!("  ")),
        ("reason", json!("x".repeat(501))),
        ("refund_method", json!("barter")),
        ("payment_id", json!("x")),
    ] {
        let mut body = verbatim(&payment);
        body[field] = value.clone();
        let refused = ask(&world, body).await.expect(400);
        assert!(refused["details"][field].is_array(), "{field} {value}: {refused}");
        assert!(refused["error"].is_string() && refused["detail"].is_string());
    }
    let mut original = verbatim(&payment);
    original["refund_method"] = json!("original");
    let refused = ask(&world, original).await.expect(400);
    assert_eq!(refused["error_code"], "REFUND_METHOD_UNAVAILABLE", "a clerk recorded it");
    let mut unknown = verbatim(&payment);
    unknown["payment_id"] = json!("01935e6c-7b1f-7d30-8c5e-0123456789ab");
    assert_eq!(ask(&world, unknown).await.expect(404)["error_code"], "PAYMENT_NOT_FOUND");
    let viewer = world.person(9, Role::Viewer);
    world.call(Method::POST, ASK, &viewer, Some(verbatim(&payment))).await.expect(403);
    assert_eq!(world.db().await.number("SELECT count(*) FROM refunds").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_order_that_is_cancelled_is_due_back_until_refunds_hold_all_of_it() {
    const DUE: &str = "/api/v1/admin/payment/refunds-due/";
    let world = World::start().await;
    let due = async || world.staff(Method::GET, DUE, None).await.expect(200);
    let unpaid = Order::with_deposit();
    unpaid.first_invoice(&world).await;
    Order { status: OrderStatus::Cancelled, ..unpaid.next() }.tell_cancelled(&world).await;
    let (order, payment) = paid(&world).await;
    assert_eq!(due().await["count"], 0, "a living order owes nobody");

    let cancelled = Order { status: OrderStatus::Cancelled, ..order.next() };
    cancelled.tell_cancelled(&world).await;
    eventually(PATIENCE, async || (due().await["count"] == 1).then_some(())).await;
    let row = due().await["results"][0].clone();
    assert_eq!(row["order_id"], json!(order.id));
    assert_eq!(row["order_code"], json!(order.code));
    assert_eq!((&row["paid_amount"], &row["reason"]), (&json!("3750000.00"), &json!("cancelled")));
    assert_eq!((&row["refund_pending"], &row["refund_due"]), (&json!("0.00"), &row["paid_amount"]));

    let refund = ask(&world, verbatim(&payment)).await.expect(201);
    let row = due().await["results"][0].clone();
    assert_eq!(
        (&row["refund_pending"], &row["refund_due"]),
        (&json!("1000000.00"), &json!("2750000.00"))
    );
    step(&world, &refund, "complete", json!({ "reference": "BCA-1" })).await.expect(200);
    assert_eq!(due().await["results"][0]["paid_amount"], "2750000.00");
    let mut rest = verbatim(&payment);
    rest["refund_amount"] = json!("2750000.00");
    ask(&world, rest).await.expect(201);
    assert_eq!(due().await["count"], 0, "all of it is held for refunds");

    world.staff(Method::GET, "/api/v1/admin/payment/refunds-due/?page=x", None).await.expect(400);
    world.staff(Method::GET, "/api/v1/admin/payment/refunds-due/?page=2", None).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_lives_again_owes_nothing_back() {
    const DUE: &str = "/api/v1/admin/payment/refunds-due/";
    let world = World::start().await;
    let (order, _payment) = paid(&world).await;
    let count = async || world.staff(Method::GET, DUE, None).await.expect(200)["count"].clone();
    let deleted = order.next();
    deleted.tell_deleted(&world).await;
    eventually(PATIENCE, async || (count().await == 1).then_some(())).await;
    deleted.next().tell_updated(&world).await;
    eventually(PATIENCE, async || (count().await == 0).then_some(())).await;
}
