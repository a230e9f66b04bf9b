//! Is all well (`contract.md` row 6, `settled.md` 35).

use konveksi_test_support::eventually;
use serde_json::{Value, json};

use crate::support::{SOON, Wishes, World, json};

async fn healthy_world() -> World {
    let world = World::with(Wishes { broker: true, ..Wishes::default() }).await;
    all_well(&world);
    world
}

fn all_well(world: &World) {
    let ready = json!({ "status": "healthy", "checks": {} });
    for service in [
        &world.order,
        &world.payment,
        &world.notification,
        &world.media,
        &world.analytics,
        &world.automation,
    ] {
        service.on_json("GET /internal/health/ready", 200, &ready);
    }
    let scanned = json!({ "status": "healthy", "checks": { "clamd": "connected" } });
    world.media.on_json("GET /internal/health/ready", 200, &scanned);
}

/// Waits for this status: answers are kept for a second.
async fn becomes(world: &World, status: &str) -> (u16, Value) {
    eventually(SOON, async || {
        let answer = world.get("/api/v1/health/").send().await.unwrap();
        let code = answer.status().as_u16();
        let body = json(answer).await;
        (body["status"] == status).then_some((code, body))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_system_is_healthy_and_says_so_in_the_contracts_words() {
    let world = healthy_world().await;
    let (status, body) = becomes(&world, "healthy").await;
    assert_eq!(status, 200);
    assert_eq!(body["database"], "connected");
    assert_eq!(body["redis"], "connected");
    assert_eq!(body["broker"], "connected");
    assert_eq!(body["scanner"], "connected");
    assert_eq!(body["websocket"], "active");
    assert_eq!(body["version"], "2.0.0");
    assert!(body["uptime"].as_str().unwrap().starts_with("0h 0m "));
    assert!(body["last_deployment"].as_str().unwrap().ends_with('Z'));
    assert_eq!(body["services"]["order"], "healthy");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_core_service_away_is_unhealthy_and_another_only_degraded() {
    let world = healthy_world().await;
    becomes(&world, "healthy").await;
    world.automation.stop().await;
    let (status, body) = becomes(&world, "degraded").await;
    assert_eq!(status, 200);
    assert_eq!(body["services"]["automation"], "unhealthy");
    world.order.stop().await;
    let (status, body) = becomes(&world, "unhealthy").await;
    assert_eq!(status, 503);
    assert_eq!(body["services"]["order"], "unhealthy");
}

#[tokio::test(flavor = "multi_thread")]
async fn broker_and_redis_away_are_degraded_the_database_is_not() {
    let world = World::with_setting("REDIS_URL", "redis://127.0.0.1:1/").await;
    all_well(&world);
    let (status, body) = becomes(&world, "degraded").await;
    assert_eq!(status, 200);
    assert_eq!(body["redis"], "disconnected");
    assert_eq!(body["broker"], "disconnected");
    let url = "postgres://nobody:x@127.0.0.1:1/nothing";
    let world = World::with_setting("KONVEKSI_GATEWAY_DATABASE_URL", url).await;
    all_well(&world);
    let (status, body) = becomes(&world, "unhealthy").await;
    assert_eq!(status, 503);
    assert_eq!(body["database"], "disconnected");
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_not_counted_and_a_flood_of_probes_is_no_flood_on_services() {
    let world = World::with_setting("KONVEKSI_GATEWAY_LIMIT_PUBLIC_PER_HOUR", "1").await;
    let started = std::time::Instant::now();
    for _ in 0..50 {
        let answer = world.get("/health/").send().await.unwrap();
        assert!(!answer.headers().contains_key("x-ratelimit-limit"));
        assert_ne!(answer.status(), 429);
    }
    let seconds = started.elapsed().as_secs() + 2;
    let looks = world.order.seen_on("GET /internal/health/ready").len();
    assert!(u64::try_from(looks).unwrap() <= seconds, "{looks} looks in {seconds} s");
    assert_eq!(world.get("/health/live").send().await.unwrap().status(), 200);
}
