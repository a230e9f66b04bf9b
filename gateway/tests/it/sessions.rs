//! Sessions grow old (`reliability.md` E8), and cookies need proof (E10).

use chrono::Duration as Span;
use konveksi_identity::Role;
use reqwest::Method;
use serde_json::json;

use crate::support::{Login, PAGE, World, assert_problem};

const STAFF_WRITE: &str = "/api/v1/produkpost/";

async fn status_of_profile(world: &World, login: &Login) -> u16 {
    login.cookies(world.get("/api/v1/auth/profile/")).send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_after_two_idle_hours_and_lives_while_it_is_used() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    for _ in 0..3 {
        world.clock.advance(Span::minutes(110));
        assert_eq!(status_of_profile(&world, &login).await, 200);
    }
    world.clock.advance(Span::minutes(121));
    assert_eq!(status_of_profile(&world, &login).await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_after_eight_hours_whatever_happens() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    for _ in 0..4 {
        world.clock.advance(Span::minutes(110));
        assert_eq!(status_of_profile(&world, &login).await, 200);
    }
    world.clock.advance(Span::minutes(41));
    assert_eq!(status_of_profile(&world, &login).await, 401);
    let refresh = login.refreshing(world.post("/api/v1/auth/refresh/")).send().await.unwrap();
    assert_eq!(refresh.status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_login_in_the_same_browser_ends_the_old_one() {
    let world = World::start().await;
    let old = world.staff(Role::Admin).await;
    let body = json!({ "username": "admin", "password": crate::support::PASSWORD });
    let request = old.cookies(world.post("/api/v1/auth/login/")).json(&body);
    let new = Login::read(request.send().await.unwrap()).await;
    assert_ne!(new.session, old.session);
    assert_eq!(status_of_profile(&world, &old).await, 401);
    assert_eq!(status_of_profile(&world, &new).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsafe_call_by_cookie_needs_the_csrf_token() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let stranger = world.log_in("admin").await;
    let call = || world.post(STAFF_WRITE).json(&json!({}));
    let session = |request: reqwest::RequestBuilder, csrf: &str| {
        request.header("cookie", format!("sessionid={}; csrftoken={csrf}", login.session))
    };
    let refused = [
        ("no header", login.cookies(call())),
        (
            "no cookie",
            call()
                .header("cookie", format!("sessionid={}", login.session))
                .header("x-csrftoken", &login.csrf),
        ),
        ("another value", login.cookies(call()).header("x-csrftoken", "0".repeat(64))),
        (
            "another session's",
            session(call(), &stranger.csrf).header("x-csrftoken", &stranger.csrf),
        ),
        ("invented", session(call(), "abc").header("x-csrftoken", "abc")),
        ("foreign origin", login.page(call()).header("origin", "https://evil.example")),
        ("null origin", login.page(call()).header("origin", "null")),
    ];
    for (kind, request) in refused {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 403, "{kind}");
        assert_problem(answer, 403, "CSRF_FAILED").await;
    }
    assert!(world.order.seen().is_empty());
    for request in [
        login.page(call()),
        login.page(call()).header("origin", PAGE),
        login.page(call()).header("origin", &world.base),
        login.bearer(call()),
    ] {
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
    assert_eq!(world.order.seen().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_unsafe_method_is_guarded_and_reading_is_not() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let path = "/api/v1/produkpost/0190a5b4-7c3d-7e2f-8a1b-2c3d4e5f6071/";
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let answer = login.cookies(world.request(method.clone(), path)).send().await.unwrap();
        assert_eq!(answer.status(), 403, "{method}");
        let answer = login.page(world.request(method, path)).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }
    let answer = login.cookies(world.get("/api/v1/order/")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_page_can_neither_log_in_nor_out() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    for path in ["/api/v1/auth/login/", "/api/v1/auth/refresh/", "/api/v1/auth/logout/"] {
        let request = login.refreshing(world.post(path)).header("origin", "https://evil.example");
        assert_problem(request.send().await.unwrap(), 403, "CSRF_FAILED").await;
    }
    assert_eq!(status_of_profile(&world, &login).await, 200);
    let request = login.refreshing(world.post("/api/v1/auth/refresh/")).header("origin", PAGE);
    assert_eq!(request.send().await.unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_without_proof_does_not_order_in_staffs_name() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let created = json!({ "order": { "order_code": "ORD-20250630-A1B" }, "snapshot": {} });
    world.order.on_json("POST /api/v1/order", 201, &created);
    let call = || world.post("/api/v1/order/").json(&json!({ "quantity": 1 }));
    assert_eq!(login.cookies(call()).send().await.unwrap().status(), 201);
    assert_eq!(login.page(call()).send().await.unwrap().status(), 201);
    let kinds: Vec<String> = world
        .order
        .seen_on("POST /api/v1/order")
        .iter()
        .map(|seen| format!("{:?}", seen.identity.as_ref().unwrap().kind))
        .collect();
    assert_eq!(kinds, ["Anonymous", "Staff"]);
}
