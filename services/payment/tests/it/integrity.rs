//! The check of the books names what is broken. Everything here is broken by the tables' owner with
//! its guards taken off: the service itself cannot.

use konveksi_identity::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::World;
use crate::support::order::Order;

const PATH: &str = "/api/v1/admin/integrity/";

async fn check(world: &World) -> Value {
    world.staff(Method::GET, PATH, None).await.expect(200)
}

/// The names of the checks that found something.
fn broken(found: &Value) -> Vec<&str> {
    let checks = found["checks"].as_array().unwrap();
    let broken = checks.iter().filter(|check| check["breaches"] != 0);
    broken.map(|check| check["name"].as_str().unwrap()).collect()
}

async fn with_a_paid_plan(world: &World) -> Order {
    let order = Order::with_deposit();
    order.first_invoice(world).await;
    let body = json!({
        "order_id": order.id, "plan": "equal", "parts": 3,
        "first_due_date": "2027-01-04T00:00:00Z",
    });
    let plan =
        world.staff(Method::POST, "/api/v1/payment/create-plan/", Some(body)).await.expect(201);
    let paid = json!({
        "invoice_id": plan["installments"][0]["invoice_id"],
        "payment_method": "CASH", "amount": 3_000_000,
    });
    world.staff(Method::POST, "/api/v1/payment/manual/", Some(paid)).await.expect(201);
    with_money_that_went_back(world).await;
    order
}

/// A payment that was taken back and one that is refunded in part.
async fn with_money_that_went_back(world: &World) {
    let other = Order::with_deposit();
    let invoice = other.first_invoice(world).await;
    let body = json!({
        "invoice_id": invoice["id"], "payment_method": "CASH", "amount": 1_000_000,
    });
    let manual = "/api/v1/payment/manual/";
    let paid = world.staff(Method::POST, manual, Some(body.clone())).await.expect(201);
    let refund = json!({ "payment_id": paid["id"], "refund_amount": 1, "reason": "x" });
    world.staff(Method::POST, "/api/v1/payment/refund/", Some(refund)).await.expect(201);
    let paid = world.staff(Method::POST, manual, Some(body)).await.expect(201);
    let path = format!("/api/v1/payment/{}/", paid["id"].as_str().unwrap());
    assert_eq!(world.staff(Method::DELETE, &path, None).await.status.as_u16(), 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn sound_books_have_no_breach_and_only_those_who_handle_money_ask() {
    let world = World::start().await;
    assert_eq!(check(&world).await["status"], "sound", "empty books are sound");
    with_a_paid_plan(&world).await;
    let found = check(&world).await;
    assert_eq!((&found["status"], broken(&found).len()), (&json!("sound"), 0), "{found}");
    assert!(found["checks"].as_array().unwrap().len() >= 11);
    for role in [Role::Viewer, Role::Production] {
        let identity = world.identity.staff("payment", role);
        assert_eq!(world.call(Method::GET, PATH, &identity, None).await.status, 403);
    }
}

/// What is broken, how it is mended, and the check that names it.
const BREACHES: &[(&str, &str, &str)] = &[
    (
        "UPDATE entry SET amount = amount + 1 WHERE id = (SELECT min(id) FROM entry)",
        "UPDATE entry SET amount = amount - 1 WHERE id = (SELECT min(id) FROM entry)",
        "transfers",
    ),
    (
        "UPDATE invoices SET amount_paid = amount_paid + 1 WHERE status = 'belum dibayar'",
        "UPDATE invoices SET amount_paid = amount_paid - 1 WHERE status = 'belum dibayar'",
        "allocations",
    ),
    (
        "UPDATE invoices SET amount = amount + 1 WHERE status = 'belum dibayar' AND installment_id IS NOT NULL",
        "UPDATE invoices SET amount = amount - 1 WHERE status = 'belum dibayar' AND installment_id IS NOT NULL",
        "plans",
    ),
    (
        "UPDATE payment_plans SET total = total + 1",
        "UPDATE payment_plans SET total = total - 1",
        "plans",
    ),
    (
        "UPDATE order_money SET captured = captured + 1",
        "UPDATE order_money SET captured = captured - 1",
        "order_money",
    ),
    (
        "UPDATE order_money SET revenue_booked = 5",
        "UPDATE order_money SET revenue_booked = NULL",
        "revenue",
    ),
    (
        "UPDATE payments SET unique_code = 1 WHERE part = 1",
        "UPDATE payments SET unique_code = 0",
        "payments_in_ledger",
    ),
    (
        "ALTER TABLE order_money DROP CONSTRAINT refunds_never_exceed_captures; UPDATE order_money SET refunded = captured + 1",
        "UPDATE order_money SET refunded = 0",
        "refunds",
    ),
    (
        "UPDATE payment_refunds SET pending = pending + 1",
        "UPDATE payment_refunds SET pending = pending - 1",
        "refunds",
    ),
    ("UPDATE refunds SET state = 'cancelled'", "UPDATE refunds SET state = 'approved'", "refunds"),
    (
        "UPDATE transfer SET source = 'x' WHERE kind = 'correction'",
        "UPDATE transfer SET source = 'correction:' || payment_id FROM payment_reversals WHERE kind = 'correction'",
        "reversals",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_breach_is_named_with_what_is_broken() {
    let world = World::start().await;
    let order = with_a_paid_plan(&world).await;
    let mut owner = world.db().await;
    owner.run("SET session_replication_role = replica").await.unwrap();
    for &(breakage, mending, wanted) in BREACHES {
        owner.run(breakage).await.unwrap();
        let found = check(&world).await;
        assert_eq!(found["status"], "broken");
        assert!(broken(&found).contains(&wanted), "{breakage}: {:?}", broken(&found));
        let checks = found["checks"].as_array().unwrap();
        let named = checks.iter().find(|check| check["name"] == wanted).unwrap();
        assert!(named["examples"][0]["detail"].is_string(), "{named}");
        owner.run(mending).await.unwrap();
        assert_eq!(check(&world).await["status"], "sound", "mended: {breakage}");
    }
    assert_eq!(order.money(&world).await["total_paid"], "3000000.00");
}
