//! A design that comes with a new order: kept as a draft, given to the order when that is told.

use std::time::Duration as StdDuration;

use chrono::Duration;
use konveksi_contracts::v1::{MediaStored, OrderCreated};
use konveksi_kernel::{OrderId, SystemClock};
use konveksi_test_support::eventually;
use serde_json::Value;

use crate::support::samples::PNG;
use crate::support::{PATIENCE, World};

fn created(draft: &Value) -> OrderCreated {
    let design_file_id = draft["id"].as_str().unwrap().to_owned();
    OrderCreated { design_file_id, ..OrderCreated::default() }
}

async fn heard(world: &World, count: i64) {
    eventually(PATIENCE, async || {
        (world.number("SELECT count(*) AS number FROM inbox").await == count).then_some(())
    })
    .await;
    let waiting = world.number("SELECT count(*) AS number FROM inbox_retry").await;
    assert_eq!(waiting, 0, "an event was put off or refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_served_and_told_once_its_order_is_known() {
    let world = World::start().await;
    let (status, draft) = world.draft("logo.png", PNG).await;
    assert_eq!((status, draft["status"].as_str()), (201, Some("stored")), "{draft}");
    let before = world.told::<MediaStored>(1).await;
    assert_eq!(before[0].order_id, "", "a draft is nobody's");
    assert_eq!(world.fetch(&draft).await.status(), 404);

    let order = OrderId::generate(&SystemClock);
    world.tell(order, 1, &created(&draft)).await;
    let told = world.told::<MediaStored>(2).await;
    assert_eq!(told[1].order_id, order.to_string());
    assert_eq!(told[1].file_id, draft["id"].as_str().unwrap());
    assert_eq!(told[1].url, draft["url"].as_str().unwrap());
    assert_eq!(world.fetch(&draft).await.bytes().await.unwrap(), PNG);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_told_again_and_another_order_change_nothing() {
    let world = World::start().await;
    let (_, draft) = world.draft("logo.png", PNG).await;
    let (order, thief) = (OrderId::generate(&SystemClock), OrderId::generate(&SystemClock));
    world.tell(order, 1, &created(&draft)).await;
    world.tell(order, 2, &created(&draft)).await;
    world.tell(thief, 1, &created(&draft)).await;
    world.tell(OrderId::generate(&SystemClock), 1, &OrderCreated::default()).await;
    heard(&world, 4).await;
    let told = world.told::<MediaStored>(2).await;
    assert_eq!(told[1].order_id, order.to_string());
    assert_eq!(world.told_in_all().await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_is_gone_leaves_the_order_without_a_design() {
    let world = World::start().await;
    let unknown = OrderId::generate(&SystemClock).to_string();
    let event = OrderCreated { design_file_id: unknown, ..OrderCreated::default() };
    world.tell(OrderId::generate(&SystemClock), 1, &event).await;
    heard(&world, 1).await;
    assert_eq!(world.told_in_all().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_design_id_that_is_none_is_parked() {
    let world = World::start().await;
    let event = OrderCreated { design_file_id: "../x".to_owned(), ..OrderCreated::default() };
    world.tell(OrderId::generate(&SystemClock), 1, &event).await;
    let parked = "SELECT count(*) AS number FROM inbox_retry WHERE parked_at IS NOT NULL";
    eventually(PATIENCE, async || (world.number(parked).await == 1).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_nobody_claims_go_after_a_day_and_orders_designs_stay() {
    let world = World::start().await;
    let (_, claimed) = world.draft("claimed.png", PNG).await;
    let order = OrderId::generate(&SystemClock);
    world.tell(order, 1, &created(&claimed)).await;
    heard(&world, 1).await;
    world.draft("forgotten.png", PNG).await;
    world.clock.advance(Duration::hours(23));
    let (_, late) = world.draft("late.png", PNG).await;
    assert_eq!((world.rows().await, world.files_on_disk()), (3, 3));
    world.clock.advance(Duration::minutes(61));
    eventually(StdDuration::from_secs(10), async || {
        ((world.rows().await, world.files_on_disk()) == (2, 2)).then_some(())
    })
    .await;
    assert_eq!(world.fetch(&claimed).await.status(), 200);
    let order = OrderId::generate(&SystemClock);
    world.tell(order, 1, &created(&late)).await;
    heard(&world, 2).await;
    assert_eq!(world.fetch(&late).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_a_crash_cut_off_is_swept() {
    let world = World::start().await;
    let (_, draft) = world.draft("logo.png", PNG).await;
    // As a process killed between storing the bytes and saying so leaves it.
    world.leave_unfinished(draft["id"].as_str().unwrap()).await;
    assert_eq!(world.files_on_disk(), 2, "the bytes and a half-written copy");
    world.clock.advance(Duration::hours(25));
    eventually(StdDuration::from_secs(10), async || {
        ((world.rows().await, world.files_on_disk()) == (0, 0)).then_some(())
    })
    .await;
}
