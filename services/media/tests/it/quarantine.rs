//! Scanning fails closed: what no scanner has judged is not served, and is judged later.

use chrono::Duration;
use konveksi_contracts::v1::{MediaQuarantined, MediaRejected, MediaStored, OrderCreated};
use konveksi_kernel::{OrderId, SystemClock};
use konveksi_test_support::eventually;
use serde_json::Value;

use crate::support::samples::{PNG, infected_pdf};
use crate::support::{PATIENCE, World};

#[tokio::test(flavor = "multi_thread")]
async fn without_a_scanner_a_file_waits_and_is_released_when_it_returns() {
    let world = World::start().await;
    world.clamd.cut();
    let order = OrderId::generate(&SystemClock);
    let (status, body) = world.upload(order, "logo.png", PNG).await;
    assert_eq!((status, body["status"].as_str()), (201, Some("quarantined")), "{body}");
    let told = world.told::<MediaQuarantined>(1).await;
    assert_eq!(told[0].order_id, order.to_string());
    assert_eq!(world.fetch(&body).await.status(), 404);
    assert_eq!(health(&world).await, "degraded");

    world.clamd.mend();
    let told = world.told::<MediaStored>(1).await;
    assert_eq!(told[0].order_id, order.to_string());
    assert_eq!(world.fetch(&body).await.bytes().await.unwrap(), PNG);
}

async fn health(world: &World) -> String {
    let answer = world.client.get(format!("{}/internal/health/ready", world.base)).send().await;
    let body: Value = answer.unwrap().json().await.unwrap();
    assert_eq!(body["checks"]["clamd"], "disconnected", "{body}");
    body["status"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_infected_file_that_came_without_a_scanner_is_rejected_later() {
    let world = World::start().await;
    world.clamd.cut();
    let order = OrderId::generate(&SystemClock);
    let (status, body) = world.upload(order, "logo.pdf", &infected_pdf()).await;
    assert_eq!((status, body["status"].as_str()), (201, Some("quarantined")));
    world.clamd.mend();
    let told = world.told::<MediaRejected>(1).await;
    assert_eq!(told[0].order_id, order.to_string());
    eventually(PATIENCE, async || (world.files_on_disk() == 0).then_some(())).await;
    assert_eq!(world.fetch(&body).await.status(), 404);
    assert_eq!(world.rows().await, 1, "the record of it stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanner_that_hangs_is_not_waited_for() {
    let world = World::start().await;
    world.clamd.freeze();
    let (status, body) = world.upload(OrderId::generate(&SystemClock), "logo.png", PNG).await;
    assert_eq!((status, body["status"].as_str()), (201, Some("quarantined")), "{body}");
    world.clamd.mend();
    world.told::<MediaStored>(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quarantined_draft_is_told_with_its_order_when_it_is_released() {
    let world = World::start().await;
    world.clamd.cut();
    let (_, draft) = world.draft("logo.png", PNG).await;
    let order = OrderId::generate(&SystemClock);
    let design_file_id = draft["id"].as_str().unwrap().to_owned();
    world.tell(order, 1, &OrderCreated { design_file_id, ..OrderCreated::default() }).await;
    let attached = "SELECT count(*) AS number FROM files WHERE order_id IS NOT NULL";
    eventually(PATIENCE, async || (world.number(attached).await == 1).then_some(())).await;
    assert_eq!(world.fetch(&draft).await.status(), 404);
    world.clamd.mend();
    let told = world.told::<MediaStored>(1).await;
    assert_eq!(told[0].order_id, order.to_string());
    assert_eq!(world.fetch(&draft).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_that_was_lost_is_done_again() {
    let world = World::start().await;
    world.clamd.cut();
    let (_, body) = world.upload(OrderId::generate(&SystemClock), "logo.png", PNG).await;
    // As a worker that was killed in the middle of a scan leaves it: claimed for a while.
    world
        .number(
            "WITH claimed AS (UPDATE files SET scan_due_at = scan_due_at + interval '5 minutes'
             RETURNING 1) SELECT count(*) AS number FROM claimed",
        )
        .await;
    world.clamd.mend();
    assert_eq!(world.fetch(&body).await.status(), 404);
    world.clock.advance(Duration::minutes(6));
    world.told::<MediaStored>(1).await;
    assert_eq!(world.fetch(&body).await.status(), 200);
}
