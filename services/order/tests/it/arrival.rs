//! Whatever the order in which an order's events arrive, the same stands at the end.

use konveksi_eventing::Envelope;
use konveksi_kernel::{FileId, SystemClock};
use konveksi_test_support::permutations;
use serde_json::{Value, json};

use crate::support::facts::{About, Invoice};
use crate::support::{ADMIN, World, path};

/// What stands: the order but for its times, names and the number of its changes, and what the
/// history tells besides the
/// moves of the status, which are the path and not the place.
async fn stands(world: &World, order: &Value) -> (Value, Vec<String>) {
    let mut now = world.read(order).await;
    for field in ["id", "order_code", "created_at", "updated_at", "version", "tracking_url"] {
        now.as_object_mut().unwrap().remove(field);
    }
    let mut facts: Vec<String> = world
        .history(order)
        .await
        .into_iter()
        .filter(|row| row["change_type"] != "order_status")
        .map(|mut row| {
            row.as_object_mut().unwrap().remove("created_at");
            row.to_string()
        })
        .collect();
    facts.sort_unstable();
    (now, facts)
}

/// Lets an order of its own hear each permutation of `events(about)`, and compares.
async fn every_arrival_leaves_the_same(
    world: &World,
    prepare: impl AsyncFn(&Value),
    events: impl AsyncFn(&About) -> Vec<Envelope>,
    count: usize,
) -> Value {
    let indices: Vec<usize> = (0..count).collect();
    let mut first: Option<(Value, Vec<String>)> = None;
    for arrival in permutations(&indices) {
        let order = world.order(json!({})).await;
        prepare(&order).await;
        let envelopes = events(&About::order(&order)).await;
        assert_eq!(envelopes.len(), count);
        let arriving: Vec<Envelope> =
            arrival.iter().map(|&index| envelopes[index].clone()).collect();
        let accepted = world.express(&arriving).await;
        assert_eq!(accepted["applied"], count, "{arrival:?}: {accepted}");
        // Everything once more, as brokers do.
        assert_eq!(world.express(&arriving).await["duplicates"], count, "{arrival:?}");
        let now = stands(world, &order).await;
        match &first {
            None => first = Some(now),
            Some(expected) => assert_eq!(&now, expected, "{arrival:?}"),
        }
    }
    first.unwrap().0
}

#[tokio::test(flavor = "multi_thread")]
async fn the_events_of_a_deposit_order() {
    let world = World::start().await;
    let end = every_arrival_leaves_the_same(
        &world,
        async |_order| {},
        async |about| {
            let (deposit, last) = (Invoice::deposit(), Invoice::last());
            vec![
                world.envelope(&about.created(&deposit)).await,
                world.envelope(&about.expired(&deposit)).await,
                world.envelope(&about.paid(&deposit, 600_000, 1)).await,
                world.envelope(&about.created(&last)).await,
                world.envelope(&about.paid(&last, 1_000_000, 2)).await,
            ]
        },
        5,
    )
    .await;
    assert_eq!(
        (&end["status_order"], &end["paid_amount"]),
        (&json!("lunas"), &json!("1000000.00"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_events_after_the_work_is_done() {
    let world = World::start().await;
    let end = every_arrival_leaves_the_same(
        &world,
        async |order| {
            crate::change::pay_deposit(&world, order).await;
            let done = json!({ "status_order": "pengerjaan_selesai" });
            assert_eq!(world.patch(ADMIN, &path(order), &done).await.status, 200);
        },
        async |about| {
            let last = Invoice::last();
            vec![
                world.envelope(&about.created(&last)).await,
                world.envelope(&about.sent("pelunasan_invoice")).await,
                world.envelope(&about.part(&last, 700_000, 2)).await,
                world.envelope(&about.rejected(&last, 1)).await,
            ]
        },
        4,
    )
    .await;
    assert_eq!(end["status_order"], "menunggu_pelunasan");
    assert_eq!(end["paid_amount"], "700000.00");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_verdicts_on_two_designs() {
    let world = World::start().await;
    let end = every_arrival_leaves_the_same(
        &world,
        async |_order| {},
        async |about| {
            let (first, second) = (FileId::generate(&SystemClock), FileId::generate(&SystemClock));
            let older = world.envelope(&about.stored(first, "/media/a.png")).await;
            world.clock.advance(chrono::Duration::seconds(1));
            vec![
                older,
                world.envelope(&about.stored(second, "/media/b.png")).await,
                world.envelope(&about.refused(second)).await,
                world.envelope(&about.quarantined(first)).await,
            ]
        },
        4,
    )
    .await;
    assert_eq!(end["design"], "http://localhost:8000/media/a.png");
}
