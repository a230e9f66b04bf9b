//! Passing calls on: what reaches the service, what reaches the client, and what happens when the
//! service does not answer.

use konveksi_identity::Role;
use reqwest::Method;
use serde_json::json;

use crate::support::{Reply, World, assert_problem, json};

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_comes_back_unchanged_but_for_what_is_ours() {
    let world = World::start().await;
    let reply = Reply::json(200, &json!({ "count": 0, "results": [] }))
        .with("etag", "\"7\"")
        .with("content-disposition", "attachment; filename=\"a.csv\"")
        .with("x-kv-express", "c2VjcmV0")
        .with("server", "inner/1.0")
        .with("set-cookie", "inner=1")
        .with("x-ratelimit-limit", "1");
    world.order.on("GET /api/v1/produkpost", reply);
    let answer = world.get("/api/v1/produkpost/?page=3").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let headers = answer.headers().clone();
    assert_eq!(headers["etag"], "\"7\"");
    assert_eq!(headers["content-disposition"], "attachment; filename=\"a.csv\"");
    assert_eq!(headers["content-type"], "application/json");
    for name in ["x-kv-express", "server", "set-cookie"] {
        assert!(!headers.contains_key(name), "{name}");
    }
    assert_eq!(headers["x-ratelimit-limit"], "1000000");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
    assert!(headers.contains_key("x-request-id"));
    assert_eq!(json(answer).await["count"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_is_passed_on_with_its_body_and_key() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    world.order.on_json("PATCH /api/v1/order", 200, &json!({ "production_status": "diproses" }));
    let path = "/api/v1/0190a5b4-7c3d-7e2f-8a1b-2c3d4e5f6071/";
    let answer = login
        .page(world.request(Method::PATCH, path))
        .header("idempotency-key", "key-0001")
        .json(&json!({ "production_status": "diproses" }))
        .send()
        .await
        .unwrap();
    assert_eq!(json(answer).await["production_status"], "diproses");
    let seen = world.order.only_call();
    assert_eq!(seen.json()["production_status"], "diproses");
    assert_eq!(seen.header("idempotency-key"), Some("key-0001"));
    assert_eq!(seen.header("content-type"), Some("application/json"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_content_stays_no_content() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    world.order.on("DELETE /api/v1/order", Reply { status: 204, headers: vec![], body: vec![] });
    let path = "/api/v1/order/0190a5b4-7c3d-7e2f-8a1b-2c3d4e5f6071/";
    let answer = login.bearer(world.request(Method::DELETE, path)).send().await.unwrap();
    assert_eq!(answer.status(), 204);
    assert!(answer.bytes().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_is_streamed_with_its_length_and_its_own_caching() {
    let world = World::start().await;
    let bytes = vec![9_u8; 3 * 1024 * 1024];
    let reply = Reply {
        status: 200,
        headers: vec![
            ("content-type", "image/png".to_owned()),
            ("cache-control", "public, max-age=60".to_owned()),
        ],
        body: bytes.clone(),
    };
    world.media.on("GET /media/designs/2025/06/30/kaos-1a2b3c4d_processed.png", reply);
    let path = "/media/designs/2025/06/30/kaos-1a2b3c4d_processed.png";
    let answer = world.get(path).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert_eq!(answer.headers()["cache-control"], "public, max-age=60");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert_eq!(answer.content_length(), Some(3 * 1024 * 1024));
    assert_eq!(answer.bytes().await.unwrap(), bytes);
    let head = world.request(Method::HEAD, path).send().await.unwrap();
    assert_eq!(head.status(), 200);
    assert!(head.bytes().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_service_costs_only_its_own_routes_a_quick_503() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    world.payment.stop().await;
    let started = std::time::Instant::now();
    let answer = login.bearer(world.get("/api/v1/invoice/")).send().await.unwrap();
    assert_eq!(answer.headers()["retry-after"], "1");
    assert!(answer.headers().contains_key("x-ratelimit-remaining"));
    assert_problem(answer, 503, "SERVICE_UNAVAILABLE").await;
    assert!(started.elapsed() < std::time::Duration::from_secs(3));
    let answer = login.bearer(world.get("/api/v1/order/")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_hangs_is_given_up_and_a_write_is_never_repeated() {
    let world = World::start().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let calls = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = calls.clone();
    // Takes a request, then breaks the connection without an answer.
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            use tokio::io::AsyncReadExt as _;
            let mut buffer = [0_u8; 4_096];
            drop(stream.read(&mut buffer).await);
            counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        }
    });
    let broken = World::with_setting("KONVEKSI_GATEWAY_NOTIFICATION_URL", &address).await;
    let login = broken.staff(Role::Admin).await;
    let answer = login.bearer(broken.post("/api/v1/email-blast/")).body("{}").send().await.unwrap();
    assert_problem(answer, 503, "SERVICE_UNAVAILABLE").await;
    assert_eq!(calls.load(std::sync::atomic::Ordering::SeqCst), 1);
    drop(world);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_does_not_believe_us_does_not_log_staff_out() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    world.order.on_json("GET /api/v1/order", 401, &json!({ "error": "who are you" }));
    let answer = login.bearer(world.get("/api/v1/order/")).send().await.unwrap();
    assert_problem(answer, 503, "SERVICE_UNAVAILABLE").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_is_passed_on_with_its_token_and_its_very_bytes() {
    let world = World::start().await;
    world.payment.on_json("POST /api/v1/webhook/xendit", 200, &json!({ "status": "success" }));
    let body = "{ \"id\": \"x\",  \"status\":\"PAID\" }\n";
    let request = world.post("/api/v1/webhook/xendit/").header("x-callback-token", "t0ken");
    let answer =
        request.header("content-type", "application/json").body(body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(!answer.headers().contains_key("x-ratelimit-limit"));
    let seen = world.payment.only_call();
    assert_eq!(seen.header("x-callback-token"), Some("t0ken"));
    assert_eq!(seen.body, body.as_bytes());
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_callback_tokens_are_capped_and_right_ones_never() {
    let world = World::start().await;
    let refused = json!({ "error": "Token salah.", "detail": "x", "error_code": "INVALID_CALLBACK_TOKEN",
                          "timestamp": "2025-01-01T00:00:00Z" });
    world.payment.on_json("POST /api/v1/webhook/xendit", 401, &refused);
    let call = async || {
        world.post("/api/v1/webhook/xendit/").body("{}").send().await.unwrap().status().as_u16()
    };
    let mut statuses = Vec::new();
    for _ in 0..65 {
        statuses.push(call().await);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 60);
    assert_eq!(*statuses.last().unwrap(), 429);
    world.payment.on_json("POST /api/v1/webhook/xendit", 200, &json!({ "status": "success" }));
    for _ in 0..70 {
        assert_eq!(call().await, 200);
    }
}
