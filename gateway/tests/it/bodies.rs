//! Bodies and heads that are too large, packed, broken or not what they say (`reliability.md`
//! E24, E25).

use konveksi_identity::Role;
use reqwest::Body;
use serde_json::json;

use crate::support::{World, assert_problem, json, raw};

const MIB: usize = 1024 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn a_json_body_above_its_limit_is_413_announced_or_not() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(300 * 1024));
    let call = || {
        login.bearer(world.post("/api/v1/produkpost/")).header("content-type", "application/json")
    };
    let announced = call().body(large.clone()).send().await.unwrap();
    assert_problem(announced, 413, "PAYLOAD_TOO_LARGE").await;
    let parts = futures_util::stream::iter(
        large
            .into_bytes()
            .chunks(8 * 1024)
            .map(|part| Ok::<_, std::io::Error>(part.to_vec()))
            .collect::<Vec<_>>(),
    );
    // Without a length the gateway cuts in the middle; a client may see the connection go.
    if let Ok(answer) = call().body(Body::wrap_stream(parts)).send().await {
        assert_eq!(answer.status(), 413);
    }
    assert!(world.order.seen().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_passed_on_up_to_its_limit_and_not_beyond() {
    let world = World::start().await;
    let call = |bytes: usize| {
        let chunks =
            (0..bytes / (64 * 1024)).map(|_| Ok::<_, std::io::Error>(vec![7_u8; 64 * 1024]));
        let body = Body::wrap_stream(futures_util::stream::iter(chunks.collect::<Vec<_>>()));
        let design = reqwest::multipart::Part::stream(body).file_name("logo.png");
        // The file first: the gateway cannot know yet whose it is.
        let form = reqwest::multipart::Form::new().part("design", design);
        let form = form.text("order_id", "0190a5b4-7c3d-7e2f-8a1b-2c3d4e5f6071");
        world.post("/api/v1/media/upload-design/").multipart(form)
    };
    assert_eq!(call(20 * MIB).send().await.unwrap().status(), 200);
    let passed_on = world.media.only_call().body.len();
    assert!((20 * MIB..20 * MIB + 2_000).contains(&passed_on), "{passed_on} bytes");
    if let Ok(answer) = call(60 * MIB).send().await {
        assert_eq!(answer.status(), 413);
    }
    assert_eq!(world.media.seen().len(), 1, "half a file must not look like a whole one");
}

#[tokio::test(flavor = "multi_thread")]
async fn packed_bodies_are_refused() {
    let world = World::start().await;
    let request = world.post("/api/v1/order/").header("content-encoding", "gzip").body("{}");
    assert_problem(request.send().await.unwrap(), 415, "UNSUPPORTED_MEDIA_TYPE").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn large_heads_are_refused_with_the_envelope() {
    let world = World::start().await;
    let answer = world.get("/api/v1/").header("x-big", "x".repeat(17_000)).send().await.unwrap();
    assert_problem(answer, 431, "HEADERS_TOO_LARGE").await;
    let mut request = world.get("/api/v1/");
    for number in 0..70 {
        request = request.header(format!("x-h-{number}"), "1");
    }
    assert_problem(request.send().await.unwrap(), 431, "HEADERS_TOO_LARGE").await;
    let answer = world.get(&format!("/api/v1/?{}", "x".repeat(5_000))).send().await.unwrap();
    assert_eq!(answer.status(), 414);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_readers_cannot_disagree_about_where_a_request_ends() {
    let world = World::start().await;
    let hidden = "0\r\n\r\nGET /api/v1/produkpost/ HTTP/1.1\r\nhost: localhost\r\n\r\n";
    for head in [
        "content-length: 4\r\ntransfer-encoding: chunked\r\n",
        "content-length: 4\r\ncontent-length: 5\r\n",
        "transfer-encoding: xchunked\r\n",
        "transfer-encoding: chunked, identity\r\n",
        "content-length: +4\r\n",
        "host: localhost\r\nhost: other\r\n",
    ] {
        let host = if head.starts_with("host") { "" } else { "host: localhost\r\n" };
        let request = format!(
            "POST /api/v1/order/ HTTP/1.1\r\n{host}{head}connection: close\r\n\r\n{hidden}"
        );
        let answer = raw(&world.base, request.as_bytes()).await;
        let refused = answer.is_empty()
            || answer.starts_with("HTTP/1.1 4")
            || answer.starts_with("HTTP/1.1 5");
        assert!(refused, "{head}: {answer}");
        assert_eq!(
            answer.matches("HTTP/1.1 ").count().min(2),
            usize::from(!answer.is_empty()),
            "{head}: {answer}"
        );
    }
    assert!(world.order.seen().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_json_on_a_forwarded_route_is_the_services_to_refuse() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let said = json!({ "error": "Data yang dikirim bukan JSON yang benar.", "detail": "malformed",
                       "error_code": "MALFORMED_JSON", "timestamp": "2025-01-01T00:00:00Z" });
    world.order.on_json("POST /api/v1/produkpost", 400, &said);
    let request = login.bearer(world.post("/api/v1/produkpost/"));
    let answer =
        request.header("content-type", "application/json").body("{\"a\":").send().await.unwrap();
    assert_eq!(answer.status(), 400);
    assert_eq!(json(answer).await, said);
    assert_eq!(world.order.only_call().body, b"{\"a\":");
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_json_on_a_composed_route_is_refused_here() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let path = "/api/v1/order/0190a5b4-7c3d-7e2f-8a1b-2c3d4e5f6071/create-payment-link/";
    for (body, code) in
        [("{\"a\":", "MALFORMED_JSON"), ("[1]", "VALIDATION_ERROR"), ("nul", "MALFORMED_JSON")]
    {
        let answer = login.bearer(world.post(path)).body(body).send().await.unwrap();
        assert_problem(answer, 400, code).await;
    }
    let deep = format!("{}1{}", "{\"a\":".repeat(40), "}".repeat(40));
    let answer = world.post("/api/v1/order/").body(deep).send().await.unwrap();
    assert_problem(answer, 400, "MALFORMED_JSON").await;
    let answer = world
        .post("/api/v1/order/")
        .header("content-type", "text/plain")
        .body("a")
        .send()
        .await
        .unwrap();
    assert_problem(answer, 415, "UNSUPPORTED_MEDIA_TYPE").await;
    assert!(world.order.seen().is_empty());
}
