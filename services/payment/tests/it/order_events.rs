//! What order's events change, in whatever order and however often they come.

use konveksi_contracts::v1::{OrderStatus, ProductionStatus};
use konveksi_eventing::Envelope;
use konveksi_test_support::{eventually, permutations};
use reqwest::Method;
use serde_json::json;

use crate::support::order::Order;
use crate::support::{PATIENCE, World};

/// Open invoices as `kind amount status`, the books, and what is known of the order.
async fn state_of(world: &World, order: &Order) -> Vec<String> {
    let mut db = world.db().await;
    let invoices = format!(
        "SELECT kind || ' ' || amount || ' ' || status FROM invoices
         WHERE order_id = '{}' AND status <> 'dibatalkan'",
        order.id
    );
    let projection = format!(
        "SELECT version || ' ' || total || ' ' || status || ' ' || production_status || ' ' || deleted
         FROM order_projection WHERE order_id = '{}'",
        order.id
    );
    let balances = format!(
        "SELECT split_part(code, ':', 1) || ' ' || sum(amount)::bigint FROM account
         JOIN entry ON account_id = account.id JOIN transfer ON transfer.id = transfer_id
         WHERE transfer.order_id = '{}' GROUP BY account.id HAVING sum(amount) <> 0",
        order.id
    );
    let mut state = db.texts(&projection).await;
    state.extend(db.texts(&invoices).await);
    state.extend(db.texts(&balances).await);
    state
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Created,
    Repriced,
    WorkDone,
    Shipped,
    Cancelled,
}

async fn tell(world: &World, base: &Order, event: Event) {
    let repriced = Order { rupiah: 8_000_000, version: 2, ..base.clone() };
    let work_done = Order { status: OrderStatus::WorkDone, version: 3, ..repriced.clone() };
    let production = ProductionStatus::Shipped;
    let shipped = Order { production, version: 4, ..work_done.clone() };
    match event {
        Event::Created => {
            base.tell_created(world).await;
        }
        Event::Repriced => repriced.tell_updated(world).await,
        Event::WorkDone => work_done.tell_status(world, OrderStatus::WorkDone).await,
        Event::Shipped => shipped.tell_shipped(world).await,
        Event::Cancelled => {
            let cancelled =
                Order { status: OrderStatus::Cancelled, version: 3, ..repriced.clone() };
            cancelled.tell_cancelled(world).await;
        }
    }
}

/// Feeds every permutation of `events`, each about an order of its own; all must end alike.
async fn every_permutation_ends_alike(events: &[Event], wanted: &[&str]) {
    let world = World::start().await;
    let mut heard = 0;
    for permutation in permutations(events) {
        let order = Order::with_deposit();
        for event in &permutation {
            tell(&world, &order, *event).await;
            heard += 1;
            // One by one, so that it is this very order.
            world.settle(heard).await;
        }
        assert_eq!(state_of(&world, &order).await, wanted, "{permutation:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_permutation_of_a_life_to_delivery_ends_alike() {
    every_permutation_ends_alike(
        &[Event::Created, Event::Repriced, Event::WorkDone, Event::Shipped],
        &[
            "4 8000000.00 pengerjaan_selesai dikirim false",
            "pelunasan 8000000.00 belum dibayar",
            "receivable 8000000",
            "revenue -8000000",
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_permutation_of_a_cancelled_life_ends_alike() {
    every_permutation_ends_alike(
        &[Event::Created, Event::Repriced, Event::Cancelled],
        &["3 8000000.00 dibatalkan menunggu false"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_price_replaces_the_unpaid_link() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    tell(&world, &order, Event::Repriced).await;
    world.settle(1).await;
    let body = eventually(PATIENCE, async || {
        let body = order.money(&world).await["invoices"][0].clone();
        body["payment_url"].is_string().then_some(body)
    })
    .await;
    assert_eq!(body["invoice_amount"], "4800000.00");
    assert_eq!(body["id"], invoice["id"]);
    assert_ne!(body["payment_url"], invoice["payment_url"]);
    let old = invoice["xendit_invoice_id"].as_str().unwrap();
    eventually(PATIENCE, async || {
        (world.sandbox.invoice(old).unwrap().status.as_wire() == "EXPIRED").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_order_asks_for_nothing_any_more() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    let cancelled = Order { status: OrderStatus::Cancelled, ..order.next() };
    cancelled.tell_cancelled(&world).await;
    world.settle(1).await;
    assert_eq!(order.money(&world).await["invoices"][0]["invoice_status"], "dibatalkan");
    assert_eq!(world.told("invoice.cancelled.v1").await, 1);
    let id = invoice["xendit_invoice_id"].as_str().unwrap();
    eventually(PATIENCE, async || {
        (world.sandbox.invoice(id).unwrap().status.as_wire() == "EXPIRED").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_order_asks_for_nothing_any_more() {
    let world = World::start().await;
    let order = Order::with_deposit();
    order.first_invoice(&world).await;
    order.next().tell_deleted(&world).await;
    world.settle(1).await;
    assert_eq!(order.money(&world).await["invoices"][0]["invoice_status"], "dibatalkan");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_order_asks_for_its_money_again_and_sends_nothing() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let first = order.first_invoice(&world).await;
    let deleted = order.next();
    deleted.tell_deleted(&world).await;
    world.settle(1).await;
    let restored = deleted.next();
    restored.tell_updated(&world).await;
    restored.next().tell_updated(&world).await;
    world.settle(3).await;
    let invoices = order.money(&world).await["invoices"].clone();
    let invoices = invoices.as_array().unwrap();
    assert_eq!(invoices.len(), 2, "{invoices:?}");
    assert_eq!(invoices[0]["id"], first["id"]);
    assert_eq!(invoices[0]["invoice_status"], "dibatalkan");
    assert_eq!(invoices[1]["invoice_status"], "belum dibayar");
    assert_eq!(invoices[1]["invoice_amount"], "4500000.00");
    let mut db = world.db().await;
    let silent = "SELECT notify::text FROM invoices WHERE status = 'belum dibayar'";
    assert_eq!(db.texts(silent).await, ["false"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_final_invoice_asked_for_again_is_refused_while_it_can_be_paid() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let deposit = order.first_invoice(&world).await;
    let paid =
        json!({ "invoice_id": deposit["id"], "payment_method": "CASH", "amount": 4_500_000 });
    world.staff(Method::POST, "/api/v1/payment/manual/", Some(paid)).await.expect(201);
    let done = Order { status: OrderStatus::WorkDone, ..order.next() };
    let path = format!("/internal/v1/orders/{}/final-invoice", order.id);
    let again = json!({ "snapshot": done.snapshot(), "fresh": true });
    // Nobody has made it yet: asking again makes it.
    let made = world.compose(&path, again.clone()).await.expect(200)["invoice"].clone();
    let refused = world.compose(&path, again.clone()).await.expect(400);
    assert_eq!(refused["error_code"], "FINAL_INVOICE_EXISTS");
    assert_eq!(refused["invoice_code"], made["invoice_code"]);
    // Cancelled by staff, it is followed by another one.
    let cancel = format!("/api/v1/invoice/{}/", made["id"].as_str().unwrap());
    world.staff(Method::DELETE, &cancel, None).await.expect(204);
    let next = world.compose(&path, again).await.expect(200)["invoice"].clone();
    assert_ne!(next["id"], made["id"]);
    assert_eq!(next["invoice_status"], "belum dibayar");
    assert_eq!(next["invoice_amount"], "3000000.00");
}

#[tokio::test(flavor = "multi_thread")]
async fn delivered_goods_become_revenue_once_and_follow_a_changed_price() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let invoice = order.first_invoice(&world).await;
    let paid =
        json!({ "invoice_id": invoice["id"], "payment_method": "CASH", "amount": 4_500_000 });
    world.staff(Method::POST, "/api/v1/payment/manual/", Some(paid)).await.expect(201);

    let shipped = Order { production: ProductionStatus::Shipped, ..order.next() };
    let shipped = Order { status: OrderStatus::WorkDone, ..shipped };
    shipped.tell_shipped(&world).await;
    shipped.next().tell_updated(&world).await;
    world.settle(2).await;
    let mut db = world.db().await;
    assert_eq!(db.balances().await, ["bank: 4500000", "receivable: 3000000", "revenue: 7500000"]);

    let cheaper = Order { rupiah: 7_000_000, version: 9, ..shipped.clone() };
    cheaper.tell_updated(&world).await;
    world.settle(3).await;
    assert_eq!(db.balances().await, ["bank: 4500000", "receivable: 2500000", "revenue: 7000000"]);

    // What is still owed is paid after delivery.
    let rest = eventually(PATIENCE, async || {
        let invoices = order.money(&world).await["invoices"].clone();
        invoices.as_array()?.iter().find(|one| one["payment_type"] == "pelunasan").cloned()
    })
    .await;
    assert_eq!(rest["invoice_amount"], "2500000.00");
    let paid = json!({ "invoice_id": rest["id"], "payment_method": "CASH", "amount": 2_500_000 });
    world.staff(Method::POST, "/api/v1/payment/manual/", Some(paid)).await.expect(201);
    assert_eq!(db.balances().await, ["bank: 7000000", "revenue: 7000000"]);
    assert_eq!(order.money(&world).await["total_paid"], "7000000.00");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_final_invoice_is_made_once_by_event_and_composition_and_sends_nothing() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let deposit = order.first_invoice(&world).await;
    let paid =
        json!({ "invoice_id": deposit["id"], "payment_method": "CASH", "amount": 4_500_000 });
    world.staff(Method::POST, "/api/v1/payment/manual/", Some(paid)).await.expect(201);
    let done = Order { status: OrderStatus::WorkDone, ..order.next() };
    done.tell_status(&world, OrderStatus::WorkDone).await;
    let path = format!("/internal/v1/orders/{}/final-invoice", order.id);
    let body = world.compose(&path, json!({ "snapshot": done.snapshot() })).await.expect(200);
    assert_eq!(body["invoice"]["payment_type"], "pelunasan");
    assert_eq!(body["invoice"]["invoice_amount"], "3000000.00");
    assert!(body["payment_url"].is_string());
    world.settle(1).await;
    let again = world.compose(&path, json!({ "snapshot": done.snapshot() })).await.expect(200);
    assert_eq!(again["invoice"], body["invoice"]);
    let mut db = world.db().await;
    assert_eq!(db.number("SELECT count(*) FROM invoices WHERE kind = 'pelunasan'").await, 1);
    assert_eq!(db.texts("SELECT DISTINCT notify FROM invoices").await, ["false"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_carried_by_another_services_answer_count_once() {
    let world = World::start().await;
    let order = Order::with_deposit();
    let envelope = order.tell_created(&world).await;
    world.settle(1).await;
    let mut db = world.db().await;
    // What the broker brought comes again by express.
    let body = json!({ "events": Envelope::encode_all(&[envelope]) });
    let answer = world.compose("/internal/v1/events", body).await.expect(200);
    assert_eq!(answer["applied"], 0);
    assert_eq!(answer["duplicates"], 1);
    assert_eq!(db.number("SELECT count(*) FROM invoices").await, 1);
    let answer = world.compose("/internal/v1/events", json!({ "events": "!" })).await;
    assert_eq!(answer.expect(400)["details"]["events"].as_array().map(Vec::len), Some(1));
}
