//! What the other services tell has its effect, once.

use konveksi_contracts::v1::{
    InvoiceCreated, MediaStored, NotificationSent, OrderStatusChanged, OrderUpdated, Trigger,
};
use konveksi_kernel::{FileId, SystemClock};
use serde_json::{Value, json};

use crate::change::pay_deposit;
use crate::support::facts::{About, Invoice};
use crate::support::{ADMIN, World, path};

#[tokio::test(flavor = "multi_thread")]
async fn an_order_lives_from_its_link_to_lunas() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let about = About::order(&order);
    let (deposit, last) = (Invoice::deposit(), Invoice::last());

    world.hear(&about.created(&deposit)).await;
    assert_eq!(world.read(&order).await["status_order"], "link_dibuat");
    world.hear(&about.sent("dp_invoice")).await;
    world.hear(&about.paid(&deposit, 600_000, 1)).await;
    let paid = world.read(&order).await;
    assert_eq!(
        (&paid["status_order"], &paid["paid_amount"]),
        (&json!("dp_dibayar"), &json!("600000.00"))
    );
    assert_eq!(paid["is_fully_paid"], false);

    let done = json!({ "status_order": "pengerjaan_selesai" });
    assert_eq!(world.patch(ADMIN, &path(&order), &done).await.status, 200);
    world.hear(&about.created(&last)).await;
    assert_eq!(world.read(&order).await["status_order"], "pengerjaan_selesai");
    world.hear(&about.sent("pelunasan_invoice")).await;
    assert_eq!(world.read(&order).await["status_order"], "menunggu_pelunasan");
    world.hear(&about.paid(&last, 1_000_000, 2)).await;
    let settled = world.read(&order).await;
    assert_eq!(settled["status_order"], "lunas");
    assert_eq!(settled["is_fully_paid"], true);

    let history = world.history(&order).await;
    let moves: Vec<_> = history
        .iter()
        .filter(|row| row["change_type"] == "order_status")
        .map(|row| row["new_status"].as_str().unwrap())
        .collect();
    assert_eq!(
        moves,
        [
            "menunggu_link",
            "link_dibuat",
            "dp_dibayar",
            "pengerjaan_selesai",
            "menunggu_pelunasan",
            "lunas"
        ]
    );
    insta::assert_json_snapshot!(history, { "[].created_at" => "[time]" });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_is_told_again_as_the_orders_own_change() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let about = About::order(&order);
    let invoice = Invoice::full();
    let envelope = world.envelope(&about.paid(&invoice, 1_000_000, 1)).await;
    for expected in ["applied", "duplicates", "duplicates"] {
        let accepted = world.express(std::slice::from_ref(&envelope)).await;
        assert_eq!(accepted[expected], 1, "{accepted}");
    }
    let changed: Vec<OrderStatusChanged> = world.told_as().await;
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].trigger, i32::from(Trigger::Webhook));
    let updated: Vec<OrderUpdated> = world.told_as().await;
    assert_eq!(updated.len(), 1);
    assert_eq!(updated[0].order.as_ref().unwrap().paid_sen, 100_000_000);
    assert_eq!(world.read(&order).await["status_order"], "lunas");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_come_over_the_broker_too_and_twice_is_once() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let about = About::order(&order);
    world.tell(&about.created(&Invoice::deposit())).await;
    world
        .eventually(async || {
            (world.read(&order).await["status_order"] == "link_dibuat").then_some(())
        })
        .await;
    world.run("UPDATE outbox SET published_at = NULL").await;
    world
        .eventually(async || {
            let pending = "SELECT count(*) AS number FROM outbox WHERE published_at IS NULL";
            (world.number(pending).await == 0).then_some(())
        })
        .await;
    // Something told after the repetition shows that the repetition was dealt with.
    world.tell(&about.expired(&Invoice::deposit())).await;
    let noted =
        "SELECT count(*) AS number FROM status_history WHERE change_type = 'invoice_status'";
    world.eventually(async || (world.number(noted).await == 2).then_some(())).await;
    assert_eq!(world.number("SELECT count(*) AS number FROM inbox_retry").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_invoice_and_a_late_payment_are_noted() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let (about, invoice) = (About::order(&order), Invoice::deposit());
    world.hear(&about.created(&invoice)).await;
    world.hear(&about.expired(&invoice)).await;
    assert_eq!(world.read(&order).await["status_order"], "link_dibuat");
    let mut payment = about.paid(&invoice, 600_000, 1);
    payment.late = true;
    world.hear(&payment).await;
    assert_eq!(world.read(&order).await["status_order"], "dp_dibayar");
    let history = world.history(&order).await;
    let row = |change: &str, new: &str| {
        history.iter().find(|row| row["change_type"] == change && row["new_status"] == new).unwrap()
    };
    assert!(row("payment", "diterima")["notes"].as_str().unwrap().contains("Terlambat"));
    assert_eq!(row("invoice_status", "sudah dibayar")["previous_status"], "kadaluarsa");
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_and_refusals_of_money_move_no_status() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let (about, invoice) = (About::order(&order), Invoice::deposit());
    world.hear(&about.created(&invoice)).await;
    world.hear(&about.part(&invoice, 100_000, 1)).await;
    world.hear(&about.rejected(&invoice, 50_000)).await;
    world.hear(&about.cancelled(&invoice)).await;
    world.hear(&about.unsent("dp_invoice")).await;
    let now = world.read(&order).await;
    assert_eq!(
        (&now["status_order"], &now["paid_amount"]),
        (&json!("link_dibuat"), &json!("100000.00"))
    );
    let told: Vec<_> =
        world.history(&order).await.iter().map(|row| row["new_status"].clone()).collect();
    assert_eq!(
        told,
        [
            "menunggu_link",
            "belum dibayar",
            "link_dibuat",
            "diterima",
            "ditolak",
            "dibatalkan",
            "gagal"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn money_for_a_cancelled_order_is_counted_and_flagged() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    assert_eq!(
        world.patch(ADMIN, &path(&order), &json!({ "status_order": "dibatalkan" })).await.status,
        200
    );
    world.hear(&About::order(&order).paid(&Invoice::deposit(), 600_000, 1)).await;
    let now = world.read(&order).await;
    assert_eq!(
        (&now["status_order"], &now["paid_amount"]),
        (&json!("dibatalkan"), &json!("600000.00"))
    );
    let history = world.history(&order).await;
    let payment = history.iter().find(|row| row["change_type"] == "payment").unwrap();
    assert!(payment["notes"].as_str().unwrap().contains("dibatalkan"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clean_design_is_shown_and_a_rejected_one_is_not() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let about = About::order(&order);
    let (first, second) = (FileId::generate(&SystemClock), FileId::generate(&SystemClock));
    world.hear(&about.quarantined(first)).await;
    assert_eq!(world.read(&order).await["design"], Value::Null);
    world.hear(&about.stored(first, "/media/designs/a.png")).await;
    assert_eq!(world.read(&order).await["design"], "http://localhost:8000/media/designs/a.png");
    world.clock.advance(chrono::Duration::minutes(1));
    world.hear(&about.stored(second, "https://cdn.example/b.png")).await;
    assert_eq!(world.read(&order).await["design"], "https://cdn.example/b.png");
    world.hear(&about.refused(second)).await;
    assert_eq!(world.read(&order).await["design"], "http://localhost:8000/media/designs/a.png");
    assert_eq!(world.told_as::<OrderUpdated>().await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_about_no_order_changes_nothing() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    world.hear(&NotificationSent::default()).await;
    world.hear(&MediaStored { url: "/x".to_owned(), ..MediaStored::default() }).await;
    assert_eq!(world.history(&order).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_can_never_be_applied_is_parked_for_a_person() {
    let world = World::start().await;
    let unknown = json!({
        "id": "019a0000-0000-7000-8000-000000000000", "order_code": "X", "total_price": "1.00",
    });
    world.tell(&About::order(&unknown).created(&Invoice::deposit())).await;
    world.tell(&InvoiceCreated::default()).await;
    let parked = "SELECT count(*) AS number FROM inbox_retry WHERE parked_at IS NOT NULL";
    world.eventually(async || (world.number(parked).await == 2).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_payment_told_twenty_times_at_once_is_one() {
    let world = std::sync::Arc::new(World::start().await);
    let order = world.order(json!({})).await;
    pay_deposit(&world, &order).await;
    let envelope = world.envelope(&About::order(&order).paid(&Invoice::last(), 1_000_000, 2)).await;
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (world, envelope) = (world.clone(), envelope.clone());
        calls.spawn(async move { world.express(&[envelope]).await["applied"].as_i64().unwrap() });
    }
    assert_eq!(calls.join_all().await.into_iter().sum::<i64>(), 1);
    let rows = "SELECT count(*) AS number FROM status_history WHERE change_type = 'payment'";
    assert_eq!(world.number(rows).await, 2);
    assert_eq!(world.read(&order).await["status_order"], "lunas");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_express_delivery_that_is_none_is_refused() {
    let world = World::start().await;
    for body in [json!({}), json!({ "events": "?" }), json!({ "events": 3 })] {
        let answer = world.post(crate::support::Who::System, "/internal/v1/events", &body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.body["details"]["events"].is_array(), "{}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_lowers_what_is_paid_and_never_the_status() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let about = About::order(&order);
    let invoice = Invoice::full();
    world.hear(&about.paid(&invoice, 1_000_000, 1)).await;
    world.hear(&about.refunded(&invoice, 250_000, (750_000, 2))).await;
    let after = world.read(&order).await;
    assert_eq!(
        (&after["status_order"], &after["paid_amount"]),
        (&json!("lunas"), &json!("750000.00"))
    );
    assert_eq!(after["is_fully_paid"], false, "a function of the money");
    let history = world.history(&order).await;
    let row = history.iter().find(|row| row["new_status"] == "dikembalikan").unwrap();
    assert_eq!(row["notes"], "Refund melalui bank_transfer.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_heard_before_its_payment_ends_the_same() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let about = About::order(&order);
    let invoice = Invoice::full();
    world.hear(&about.refunded(&invoice, 250_000, (750_000, 2))).await;
    world.hear(&about.paid(&invoice, 1_000_000, 1)).await;
    let after = world.read(&order).await;
    assert_eq!(
        (&after["status_order"], &after["paid_amount"]),
        (&json!("lunas"), &json!("750000.00"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_overdue_order_is_flagged_until_the_invoice_is_paid() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let about = About::order(&order);
    let deposit = Invoice::deposit();
    world.hear(&about.created(&deposit)).await;
    assert_eq!(world.read(&order).await["payment_overdue"], false);
    world.hear(&about.overdue(&deposit)).await;
    world.hear(&about.overdue(&deposit)).await;
    let flagged = world.read(&order).await;
    assert_eq!(flagged["payment_overdue"], true);
    assert_eq!(flagged["status_order"], "link_dibuat", "its status keeps its seven words");
    let history = world.history(&order).await;
    let rows = history.iter().filter(|row| row["new_status"] == "payment_overdue").count();
    assert_eq!(rows, 2, "each step is told");
    world.hear(&about.paid(&deposit, 600_000, 1)).await;
    assert_eq!(world.read(&order).await["payment_overdue"], false);
}
