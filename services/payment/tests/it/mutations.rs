//! *Kode unik* and the bank's own list: an exact amount pays its invoice by itself.

use chrono::Duration;
use futures_util::future::join_all;
use konveksi_kernel::Clock as _;
use konveksi_test_support::eventually;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::order::Order;
use crate::support::{Answer, MUTATION_TOKEN, PATIENCE, World};

async fn hold(world: &World, invoice: &Value) -> Answer {
    let path = format!("/api/v1/admin/invoice/{}/unique-amount/", invoice["id"].as_str().unwrap());
    world.staff(Method::POST, &path, Some(json!({}))).await
}

fn line(world: &World, id: &str, amount: &Value) -> Value {
    json!({
        "mutation_id": id, "account_number": "1234567890", "amount": amount, "type": "CR",
        "description": "TRSF E-BANKING CR BUDI", "date": world.clock.now(),
    })
}

/// Waits until no line waits.
async fn settled(world: &World) {
    let mut db = world.db().await;
    eventually(PATIENCE, async || {
        let waiting = "SELECT count(*) FROM bank_mutations WHERE state = 'received'";
        (db.number(waiting).await == 0).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_of_the_unique_amount_pays_its_invoice_by_itself() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    let held = hold(&world, &invoice).await.expect(200);
    let code = held["unique_code"].as_i64().unwrap();
    assert!((1..=999).contains(&code));
    assert_eq!(held["amount"], format!("{}.00", 4_500_000 + code));
    assert_eq!(held["bank_name"], "BCA");
    assert_eq!(hold(&world, &invoice).await.expect(200), held, "it keeps what it holds");

    let body = json!([line(&world, "m1", &held["amount"]), line(&world, "m2", &json!(77_000))]);
    let taken = world.mutations(Some(MUTATION_TOKEN), &body).await.expect(200);
    assert_eq!((&taken["received"], &taken["new"]), (&json!(2), &json!(2)));
    settled(&world).await;
    let money = order.money(&world).await;
    assert_eq!(money["total_paid"], "4500000.00");
    assert_eq!(money["invoices"][0]["invoice_status"], "sudah dibayar");
    let mut db = world.db().await;
    assert_eq!(
        db.balances().await,
        [
            format!("bank: {}", 4_500_000 + code + 77_000),
            "deposits: 4500000".to_owned(),
            "suspense: 77000".to_owned(),
            format!("unique_code: {code}"),
        ]
    );
    // The same again, in the same body, in another body, and in many at once: nothing more.
    let other = json!({ "mutations": [line(&world, "m1", &held["amount"])] });
    let calls = (0..10).map(|_| world.mutations(Some(MUTATION_TOKEN), &other));
    for answer in join_all(calls).await {
        assert_eq!(answer.expect(200)["new"], 0);
    }
    assert_eq!(world.mutations(Some(MUTATION_TOKEN), &body).await.expect(200)["new"], 0);
    settled(&world).await;
    assert_eq!(db.number("SELECT count(*) FROM payments").await, 1);
    assert_eq!(world.told("payment.received.v1").await, 1);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_two_invoices_hold_one_amount_however_many_ask_at_once() {
    let world = World::start().await;
    let orders: Vec<Order> = (0..40).map(|_| Order::with_deposit()).collect();
    let invoices = join_all(orders.iter().map(|order| order.first_invoice(&world))).await;
    let held = join_all(invoices.iter().map(|invoice| hold(&world, invoice))).await;
    let mut amounts: Vec<String> = held
        .into_iter()
        .map(|answer| answer.expect(200)["amount"].as_str().unwrap().to_owned())
        .collect();
    amounts.sort();
    amounts.dedup();
    assert_eq!(amounts.len(), 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_passed_gives_the_amount_back() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    let held = hold(&world, &invoice).await.expect(200);
    world.clock.advance(Duration::hours(25));
    let mut db = world.db().await;
    eventually(PATIENCE, async || {
        let held = "SELECT count(*) FROM unique_amounts WHERE state = 'held'";
        (db.number(held).await == 0).then_some(())
    })
    .await;
    // A transfer that comes now is nobody's: staff see it.
    let late = line(&world, "late", &held["amount"]);
    world.mutations(Some(MUTATION_TOKEN), &late).await.expect(200);
    settled(&world).await;
    let waiting = "SELECT reason FROM unmatched_money WHERE state = 'waiting'";
    assert_eq!(db.text(waiting).await, "no_such_amount");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_that_was_paid_another_way_leaves_the_transfer_to_staff() {
    let world = World::start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    let held = hold(&world, &invoice).await.expect(200);
    let part =
        json!({ "invoice_id": invoice["id"], "payment_method": "CASH", "amount": 1_000_000 });
    world.staff(Method::POST, "/api/v1/payment/manual/", Some(part)).await.expect(201);
    let body = json!([line(&world, "m1", &held["amount"])]);
    world.mutations(Some(MUTATION_TOKEN), &body).await.expect(200);
    settled(&world).await;
    let mut db = world.db().await;
    assert_eq!(db.text("SELECT state FROM bank_mutations").await, "unmatched");
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn money_that_went_and_other_accounts_are_none_of_ours() {
    let world = World::start().await;
    let mut debit = line(&world, "d1", &json!(50_000));
    debit["type"] = json!("DB");
    let mut other = line(&world, "o1", &json!(50_000));
    other["account_number"] = json!("9999999999");
    world.mutations(Some(MUTATION_TOKEN), &json!([debit, other])).await.expect(200);
    settled(&world).await;
    let mut db = world.db().await;
    assert_eq!(db.texts("SELECT DISTINCT state FROM bank_mutations").await, ["ignored"]);
    assert_eq!(db.number("SELECT count(*) FROM transfer").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_and_nonsense_store_nothing() {
    let world = World::start().await;
    let body = json!([line(&world, "m1", &json!(1_000))]);
    for token in [None, Some(""), Some("guess")] {
        let refused = world.mutations(token, &body).await.expect(401);
        assert_eq!(refused["error_code"], "INVALID_CALLBACK_TOKEN");
    }
    for body in [json!([]), json!({}), json!("x"), json!([{ "amount": 1 }])] {
        let refused = world.mutations(Some(MUTATION_TOKEN), &body).await.expect(400);
        assert_eq!(refused["error_code"], "UNREADABLE_CALLBACK", "{body}");
    }
    assert_eq!(world.db().await.number("SELECT count(*) FROM mutation_inbox").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verified_transfer_may_carry_the_unique_amount() {
    let world = World::start().await;
    let invoice = Order::with_deposit().first_invoice(&world).await;
    let held = hold(&world, &invoice).await.expect(200);
    let body = json!({
        "invoice_id": invoice["id"], "bank_statement": "mutasi", "bank_name": "BCA",
        "transfer_amount": held["amount"], "transfer_date": world.clock.now(),
        "account_name": "Budi",
    });
    let done = world.staff(Method::POST, "/api/v1/payment/verify-manual/", Some(body)).await;
    assert_eq!(done.expect(200)["invoice"]["invoice_status"], "sudah dibayar");
    let code = held["unique_code"].as_i64().unwrap();
    let mut db = world.db().await;
    assert!(db.balances().await.contains(&format!("unique_code: {code}")));
    assert_eq!(db.text("SELECT state FROM unique_amounts").await, "used");
    world.assert_sound().await;
}
