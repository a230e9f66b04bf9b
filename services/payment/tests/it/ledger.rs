//! The books defend themselves: the database refuses what does not add up and what would change
//! the past, whoever asks.

use konveksi_sandbox::Payment;

use crate::support::World;
use crate::support::db::Db;
use crate::support::order::Order;

/// A world with one payment booked.
async fn with_a_payment() -> World {
    let world = World::start().await;
    world.open_callbacks();
    let invoice = Order::with_deposit().first_invoice(&world).await;
    world.sandbox.pay(invoice["xendit_invoice_id"].as_str().unwrap(), Payment::default()).unwrap();
    world.callbacks_done(1).await;
    world
}

const POST: &str = "SELECT post_transfer(gen_random_uuid(), 'payment_received', NULL";

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_that_does_not_add_up_is_refused() {
    let world = World::start().await;
    let mut service = Db::connect(&world.database.url()).await;
    for amounts in ["100, -99", "100, 100", "0.01, -0.02"] {
        let refused = service
            .run(&format!(
                "{POST}, 'test:1', NULL, now(), ARRAY['bank', 'revenue'], ARRAY[{amounts}])"
            ))
            .await
            .unwrap_err();
        assert!(refused.contains("add up to"), "{refused}");
    }
    let refused = service
        .run(&format!("{POST}, 'test:2', NULL, now(), ARRAY[]::text[], ARRAY[]::numeric[])"))
        .await
        .unwrap_err();
    assert!(refused.contains("no entries"), "{refused}");
    assert_eq!(world.db().await.number("SELECT count(*) FROM transfer").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_services_role_cannot_touch_the_ledger_but_through_its_function() {
    let world = with_a_payment().await;
    let mut service = Db::connect(&world.database.url()).await;
    for statement in [
        "UPDATE entry SET amount = amount * 2",
        "DELETE FROM entry",
        "TRUNCATE entry",
        "INSERT INTO entry (transfer_id, account_id, amount) SELECT transfer_id, account_id, 1 FROM entry",
        "UPDATE transfer SET source = 'x'",
        "DELETE FROM transfer",
        "INSERT INTO transfer (id, kind, source, created_at) VALUES (gen_random_uuid(), 'delivered', 'x', now())",
        "UPDATE account SET floor_zero = false",
        "UPDATE payments SET amount = 1",
        "DELETE FROM payments",
    ] {
        let refused = service.run(statement).await.unwrap_err();
        assert!(refused.contains("permission denied"), "{statement}: {refused}");
    }
    service.run("SELECT count(*) FROM entry").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn not_even_the_tables_owner_changes_what_was_booked() {
    let world = with_a_payment().await;
    let mut owner = world.db().await;
    for statement in [
        "UPDATE entry SET amount = -amount",
        "DELETE FROM entry",
        "TRUNCATE entry",
        "UPDATE transfer SET source = 'x'",
        "DELETE FROM transfer",
        "UPDATE account SET floor_zero = false",
        "UPDATE payments SET amount = 1",
        // Other tables refer to it, which alone would refuse a plain TRUNCATE.
        "TRUNCATE payments CASCADE",
    ] {
        let refused = owner.run(statement).await.unwrap_err();
        assert!(refused.contains("append-only"), "{statement}: {refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_is_booked_once_and_never_with_other_content() {
    let world = World::start().await;
    let mut service = Db::connect(&world.database.url()).await;
    let book = |amount: i64| {
        format!(
            "{POST}, 'test:once', NULL, now(), ARRAY['bank', 'suspense'], ARRAY[{amount}, -{amount}]::numeric[])"
        )
    };
    assert_eq!(service.text(&book(100)).await, "true");
    assert_eq!(service.text(&book(100)).await, "false", "the very same changes nothing");
    let refused = service.run(&book(200)).await.unwrap_err();
    assert!(refused.contains("other content"), "{refused}");
    let mut db = world.db().await;
    assert_eq!(db.balances().await, ["bank: 100", "suspense: 100"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_liability_never_falls_below_zero() {
    let world = World::start().await;
    let mut service = Db::connect(&world.database.url()).await;
    let refused = service
        .run(&format!(
            "{POST}, 'test:floor', NULL, now(), ARRAY['bank', 'suspense'], ARRAY[-1, 1]::numeric[])"
        ))
        .await
        .unwrap_err();
    assert!(refused.contains("below zero: suspense"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sums_of_an_order_are_what_the_ledger_says() {
    let world = with_a_payment().await;
    let mut db = world.db().await;
    let drifted = db
        .number(
            "SELECT count(*) FROM order_money WHERE captured <> (
                 SELECT -sum(amount) FROM entry
                 JOIN account ON account.id = entry.account_id
                 JOIN transfer ON transfer.id = entry.transfer_id
                 WHERE account.order_id = order_money.order_id
                   AND transfer.kind = 'payment_received')",
        )
        .await;
    assert_eq!(drifted, 0);
    assert_eq!(db.text("SELECT sum(amount) FROM entry").await, "0.00");
}
