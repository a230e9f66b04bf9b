//! Credentials and headers that somebody made up (`reliability.md` E5, E26, E27, E28).

use konveksi_identity::{Identity, Kind, Role};
use reqwest::Method;

use crate::support::{World, assert_problem};

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_are_not_access_tokens_open_nothing() {
    let world = World::start().await;
    let login = world.staff(Role::Owner).await;
    let other = World::start().await;
    let other_token = other.staff(Role::Owner).await.access;
    let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIiwidHlwIjoiYWNjZXNzIn0.";
    let statement = world.identity.signed(&Identity::system(), "order");
    for token in [
        "",
        "x",
        "a.b.c",
        unsigned,
        &statement,
        &other_token,
        &login.refresh,
        &login.session,
        &login.csrf,
        &format!("{}x", login.access),
    ] {
        let answer = world.get("/api/v1/order/").bearer_auth(token).send().await.unwrap();
        assert_problem(answer, 401, "UNAUTHENTICATED").await;
    }
    for header in ["Basic YWRtaW46YWRtaW4=", "Bearer", "bearer ", &login.access] {
        let answer =
            world.get("/api/v1/order/").header("authorization", header).send().await.unwrap();
        assert_eq!(answer.status(), 401, "{header}");
    }
    assert!(world.order.seen().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_only_we_may_set_never_reach_a_service() {
    let world = World::start().await;
    let login = world.staff(Role::Viewer).await;
    let forged = world.identity.staff("order", Role::Owner);
    let request = login
        .bearer(world.get("/api/v1/order/?page=2&search=a%20b"))
        .header("x-kv-identity", forged)
        .header("x-kv-deadline", "999999")
        .header("x-kv-public-url", "https://evil.example")
        .header("x-user-id", "1")
        .header("x-internal-admin", "yes")
        .header("x-forwarded-for", "6.6.6.6")
        .header("x-forwarded-host", "evil.example")
        .header("forwarded", "for=6.6.6.6")
        .header("x-real-ip", "6.6.6.6")
        .header("x-original-url", "/api/v1/admin/")
        .header("x-http-method-override", "DELETE")
        .header("connection", "x-private, x-kv-identity")
        .header("x-private", "hop")
        .header("traceparent", "00-11111111111111111111111111111111-2222222222222222-01")
        .header("x-request-id", "shop-2025-0001")
        .header("if-match", "\"7\"");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["x-request-id"], "shop-2025-0001");
    let seen = world.order.only_call();
    assert_eq!(seen.method, "GET");
    assert_eq!(seen.target, "/api/v1/order/?page=2&search=a%20b");
    let identity = seen.identity.clone().unwrap();
    assert_eq!((identity.kind, identity.role), (Kind::Staff, Some(Role::Viewer)));
    assert!(identity.sid.is_some());
    assert!(seen.header("x-kv-deadline").unwrap().parse::<u64>().unwrap() <= 15_000);
    assert_eq!(seen.header("x-kv-public-url"), Some(world.base.as_str()));
    assert_eq!(seen.header("x-request-id"), Some("shop-2025-0001"));
    assert_eq!(seen.header("if-match"), Some("\"7\""));
    for name in [
        "x-user-id",
        "x-internal-admin",
        "x-forwarded-for",
        "x-forwarded-host",
        "forwarded",
        "x-real-ip",
        "x-original-url",
        "x-http-method-override",
        "x-private",
        "authorization",
        "cookie",
    ] {
        assert_eq!(seen.header(name), None, "{name}");
    }
    let strangers = "11111111111111111111111111111111";
    assert!(!seen.header("traceparent").is_some_and(|trace| trace.contains(strangers)));
}

#[tokio::test(flavor = "multi_thread")]
async fn anonymous_callers_are_signed_too() {
    let world = World::start().await;
    let answer = world.get("/api/v1/produkpost/").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(world.order.only_call().identity, Some(Identity::anonymous()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_statement_of_ours_is_for_one_service_alone() {
    let world = World::start().await;
    world.get("/api/v1/produkpost/").send().await.unwrap();
    let said = world.order.only_call();
    let said = said.header("x-kv-identity").unwrap();
    assert!(world.identity.verifier("order").verify(said).is_ok());
    assert!(world.identity.verifier("payment").verify(said).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_forwarded_address_does_not_buy_fresh_limits() {
    let world = World::with_setting("KONVEKSI_GATEWAY_LIMIT_PUBLIC_PER_HOUR", "3").await;
    let mut statuses = Vec::new();
    for number in 0..5 {
        let request = world.get("/api/v1/").header("x-forwarded-for", format!("6.6.6.{number}"));
        statuses.push(request.send().await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 200, 429, 429]);
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_with_tricks_reach_nothing() {
    let world = World::start().await;
    let login = world.staff(Role::Owner).await;
    // Written by hand: a client library would tidy them up.
    for path in [
        "/api/v1/produkpost/../order/",
        "/api/v1/./order/",
        "/api/v1//order/",
        "//api/v1/order/",
        "/api/v1/produkpost/%2e%2e/order/",
        "/api/v1%2forder/",
        "/api/v1/order/%00",
        "/api/v1/order;x=1/",
        "/api/v1/order/%ff",
        "/api/v1/order/..%5cadmin",
    ] {
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\nconnection: close\r\n\r\n",
            login.access
        );
        let answer = crate::support::raw(&world.base, head.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{path}: {answer}");
    }
    for path in ["/API/V1/ORDER/", "/api/v1/Order/", "/api/v1/order/x/y/"] {
        let answer = login.bearer(world.get(path)).send().await.unwrap();
        assert_problem(answer, 404, "NOT_FOUND").await;
    }
    assert!(world.order.seen().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn methods_nobody_serves_are_405() {
    let world = World::start().await;
    for method in ["TRACE", "CONNECT", "PROPFIND", "PURGE"] {
        let head = format!(
            "{method} /api/v1/order/ HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
        );
        let answer = crate::support::raw(&world.base, head.as_bytes()).await;
        let refused = answer.starts_with("HTTP/1.1 405") || answer.starts_with("HTTP/1.1 400");
        assert!(refused, "{method}: {answer}");
    }
    let request = world.request(Method::POST, "/api/v1/").header("x-http-method-override", "GET");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["allow"], "GET, OPTIONS");
    assert_problem(answer, 405, "METHOD_NOT_ALLOWED").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_host_name_is_not_served_but_health_is() {
    let world = World::start().await;
    let answer = world.get("/api/v1/").header("host", "evil.example").send().await.unwrap();
    assert_problem(answer, 400, "UNKNOWN_HOST").await;
    let answer = world.get("/health/live").header("host", "10.1.2.3:8000").send().await.unwrap();
    assert_eq!(answer.status(), 200);
}
