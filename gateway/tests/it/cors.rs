//! Which web pages may call, and what their browsers are told (`contract.md` section 3).

use reqwest::Method;

use crate::support::{PAGE, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_page_may_ask_before_any_call() {
    let world = World::with_setting("KONVEKSI_GATEWAY_LIMIT_PUBLIC_PER_HOUR", "1").await;
    for path in ["/api/v1/order/", "/api/v1/nowhere/", "/ws/orders/", "/anything"] {
        for _ in 0..3 {
            let answer = world
                .request(Method::OPTIONS, path)
                .header("origin", PAGE)
                .header("access-control-request-method", "PATCH")
                .header("access-control-request-headers", "content-type,ngrok-skip-browser-warning")
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 204, "{path}");
            let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
            assert_eq!(header("access-control-allow-origin"), PAGE);
            assert_eq!(header("access-control-allow-credentials"), "true");
            assert_eq!(header("access-control-max-age"), "600");
            assert!(header("vary").contains("Origin"));
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
                assert!(header("access-control-allow-methods").contains(method));
            }
            for name in
                ["authorization", "content-type", "x-csrftoken", "ngrok-skip-browser-warning"]
            {
                assert!(header("access-control-allow-headers").contains(name));
            }
            assert!(!answer.headers().contains_key("x-ratelimit-limit"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_can_be_read_by_a_listed_page_too() {
    let world = World::with_setting("KONVEKSI_GATEWAY_LIMIT_PUBLIC_PER_HOUR", "3").await;
    for (path, status) in [
        ("/api/v1/order/", 401),
        ("/api/v1/nowhere/", 404),
        ("/api/v1/track-order/", 400),
        ("/api/v1/", 429),
    ] {
        let answer = world.get(path).header("origin", PAGE).send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(answer.headers()["access-control-allow-origin"], PAGE);
        assert_eq!(answer.headers()["access-control-allow-credentials"], "true");
        let exposed = answer.headers()["access-control-expose-headers"].to_str().unwrap();
        assert!(
            exposed.contains("X-RateLimit-Remaining") && exposed.contains("Content-Disposition")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_page_is_told_nothing() {
    let world = World::start().await;
    for origin in
        ["https://evil.example", "http://localhost:5173.evil.example", "null", "http://localhost"]
    {
        for method in [Method::OPTIONS, Method::GET] {
            let answer =
                world.request(method, "/api/v1/").header("origin", origin).send().await.unwrap();
            assert!(!answer.headers().contains_key("access-control-allow-origin"), "{origin}");
            assert!(answer.headers()["vary"].to_str().unwrap().contains("Origin"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_services_own_cors_headers_do_not_count() {
    let world = World::start().await;
    let reply = crate::support::Reply::json(200, &serde_json::json!({}))
        .with("access-control-allow-origin", "*");
    world.order.on("GET /api/v1/produkpost", reply);
    let answer = world.get("/api/v1/produkpost/").send().await.unwrap();
    assert!(!answer.headers().contains_key("access-control-allow-origin"));
}
