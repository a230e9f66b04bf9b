//! Providers pay out what they hold (`settled.md` 25: bank and fees against clearing).

use konveksi_sandbox::Payment;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::order::Order;
use crate::support::{Answer, World};

const SETTLEMENTS: &str = "/api/v1/admin/payment/settlements/";

/// Xendit holds Rp 4.500.000 for us.
async fn held(world: &World) {
    world.open_callbacks();
    let invoice = Order::with_deposit().first_invoice(world).await;
    let payment = Payment { method: Some("QRIS"), ..Payment::default() };
    world.sandbox.pay(invoice["xendit_invoice_id"].as_str().unwrap(), payment).unwrap();
    world.callbacks_done(1).await;
    assert_eq!(world.db().await.balances().await, ["clearing: 4500000", "deposits: 4500000"]);
}

fn payout() -> Value {
    json!({
        "provider": "xendit", "reference": "XND-001", "amount": "4466000.00", "fee": "34000.00",
        "settled_on": "2020-01-01",
    })
}

async fn record(world: &World, body: &Value) -> Answer {
    world.staff(Method::POST, SETTLEMENTS, Some(body.clone())).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payout_moves_what_was_held_to_the_bank_and_the_rest_to_fees() {
    let world = World::start().await;
    held(&world).await;
    let first = world.keyed("payout-1", SETTLEMENTS, &payout()).await.expect(201);
    assert_eq!(first["provider"], "xendit");
    assert_eq!((&first["amount"], &first["fee"]), (&json!("4466000.00"), &json!("34000.00")));
    assert_eq!(world.keyed("payout-1", SETTLEMENTS, &payout()).await.expect(201), first);
    let mut db = world.db().await;
    let after = ["bank: 4466000", "deposits: 4500000", "fees: 34000"];
    assert_eq!(db.balances().await, after);

    let again = record(&world, &payout()).await.expect(400);
    assert_eq!(again["error_code"], "SETTLEMENT_KNOWN");
    let list = world.staff(Method::GET, SETTLEMENTS, None).await.expect(200);
    assert_eq!((&list["count"], &list["results"][0]), (&json!(1), &first));
    assert_eq!(list["held"], json!({ "xendit": "0.00", "midtrans": "0.00" }));
    let none = world.staff(Method::GET, &format!("{SETTLEMENTS}?provider=midtrans"), None).await;
    assert_eq!(none.expect(200)["count"], 0);
    world.assert_sound().await;

    let reverse = format!("{SETTLEMENTS}{}/reverse/", first["id"].as_str().unwrap());
    for _ in 0..2 {
        let taken = world.staff(Method::POST, &reverse, None).await.expect(200);
        assert!(taken["reversed_at"].is_string());
    }
    assert_eq!(db.balances().await, ["clearing: 4500000", "deposits: 4500000"]);
    record(&world, &payout()).await.expect(201);
    assert_eq!(db.balances().await, after);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_paid_out_that_nobody_holds() {
    let world = World::start().await;
    held(&world).await;
    let mut too_much = payout();
    too_much["fee"] = json!("34001.00");
    let refused = record(&world, &too_much).await.expect(400);
    assert_eq!(refused["error_code"], "SETTLEMENT_TOO_LARGE");
    assert_eq!(refused["held"], "4500000.00");
    let mut midtrans = payout();
    midtrans["provider"] = json!("midtrans");
    assert_eq!(record(&world, &midtrans).await.expect(400)["held"], "0.00");
    for (field, value) in [
        ("provider", json!("manual")),
        ("reference", json!("")),
        ("amount", json!("0")),
        ("amount", json!("10.50")),
        ("fee", json!("0.50")),
        ("settled_on", json!("")),
        ("settled_on", json!("2999-01-01")),
        ("settled_on", json!("30-06-2025")),
    ] {
        let mut wrong = payout();
        wrong[field] = value.clone();
        let refused = record(&world, &wrong).await.expect(400);
        assert!(refused["details"][field].is_array(), "{field} {value}: {refused}");
    }
    let unknown = format!("{SETTLEMENTS}019a0000-0000-7000-8000-000000000000/reverse/");
    world.staff(Method::POST, &unknown, None).await.expect(404);
    world.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_payouts_at_once_only_what_is_held_is_paid_out() {
    let world = World::start().await;
    held(&world).await;
    let mut second = payout();
    second["reference"] = json!("XND-002");
    let first = payout();
    let (one, two) = tokio::join!(record(&world, &first), record(&world, &second));
    let mut codes = [one.status.as_u16(), two.status.as_u16()];
    codes.sort_unstable();
    assert_eq!(codes, [201, 400]);
    world.assert_sound().await;
}
