//! Logging in, staying in, logging out (`contract.md` section 2, `reliability.md` E4, E7, E9).

use std::time::Duration;

use chrono::Duration as Span;
use konveksi_gateway::users;
use konveksi_identity::Role;
use konveksi_test_support::eventually;
use serde_json::json;

use crate::support::{Login, PASSWORD, World, assert_problem, json, set_cookies};

#[tokio::test(flavor = "multi_thread")]
async fn a_login_answers_what_every_client_reads() {
    let world = World::start().await;
    let login = world.staff(Role::Owner).await;
    let user = &login.body["user"];
    assert_eq!(login.body["success"], true);
    assert_eq!(user["username"], "owner");
    assert_eq!(user["role"], "owner");
    assert_eq!(user["is_staff"], true);
    assert_eq!(user["is_superuser"], true);
    assert_eq!(user["first_name"], "Siti");
    assert!(user["id"].is_i64());
    assert_eq!(login.access.split('.').count(), 3);
    assert!(!login.csrf.contains('='));
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_have_the_attributes_the_contract_asks_for() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let line = |name: &str| {
        login.set_cookies.iter().find(|line| line.starts_with(&format!("{name}="))).unwrap()
    };
    for (name, path, http_only) in [
        ("sessionid", "Path=/;", true),
        ("csrftoken", "Path=/;", false),
        ("refresh_token", "Path=/api/v1/auth/;", true),
    ] {
        let line = format!("{};", line(name));
        assert!(line.contains(path), "{line}");
        assert!(line.contains("SameSite=Lax"), "{line}");
        assert_eq!(line.contains("HttpOnly"), http_only, "{line}");
        assert!(!line.contains("Secure"), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_tls_every_cookie_is_secure() {
    let world = World::with_setting("KONVEKSI_GATEWAY_PUBLIC_URL", "https://api.example.id").await;
    let login = world.staff(Role::Admin).await;
    assert_eq!(login.set_cookies.len(), 4);
    assert!(login.set_cookies.iter().all(|line| line.contains("Secure")));
    let answer = world.get("/api/v1/").send().await.unwrap();
    assert!(answer.headers().contains_key("strict-transport-security"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_user_look_the_same() {
    let world = World::start().await;
    world.user("siti", Role::Admin).await;
    let wrong = world.try_log_in("siti", "not the password").await;
    let unknown = world.try_log_in("nobody", "not the password").await;
    let wrong = assert_problem(wrong, 401, "WRONG_CREDENTIALS").await;
    let unknown = assert_problem(unknown, 401, "WRONG_CREDENTIALS").await;
    assert_eq!(wrong["error"], unknown["error"]);
    assert!(wrong["non_field_errors"][0].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_fields_are_named() {
    let world = World::start().await;
    for body in [json!({}), json!({ "username": "", "password": "" }), json!({ "username": 5 })] {
        let answer = world.post("/api/v1/auth/login/").json(&body).send().await.unwrap();
        let problem = assert_problem(answer, 400, "VALIDATION_ERROR").await;
        assert!(problem["details"]["username"].is_array(), "{problem}");
        assert!(problem["details"]["password"].is_array(), "{problem}");
    }
    let answer = world.post("/api/v1/auth/login/").body("{").send().await.unwrap();
    assert_problem(answer, 400, "MALFORMED_JSON").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_the_same_in_any_case() {
    let world = World::start().await;
    world.user("siti", Role::Admin).await;
    assert_eq!(world.try_log_in(" SiTi ", PASSWORD).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_profile_is_shown_to_token_and_cookie_alike() {
    let world = World::start().await;
    let login = world.staff(Role::Finance).await;
    for request in [
        login.bearer(world.get("/api/v1/auth/profile/")),
        login.cookies(world.get("/api/v1/auth/profile")),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(json(answer).await["role"], "finance");
    }
    let answer = world.get("/api/v1/auth/profile/").send().await.unwrap();
    assert_problem(answer, 401, "UNAUTHENTICATED").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_token_is_refused_even_beside_a_good_cookie() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let request = login.cookies(world.get("/api/v1/auth/profile/")).bearer_auth("a.b.c");
    assert_eq!(request.send().await.unwrap().status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_kills_cookie_token_and_refresh() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let answer = login.cookies(world.post("/api/v1/auth/logout/")).send().await.unwrap();
    assert_eq!(answer.status(), 205);
    let cleared = set_cookies(&answer);
    for name in ["sessionid", "csrftoken", "refresh_token"] {
        let line = cleared.iter().find(|line| line.starts_with(&format!("{name}="))).unwrap();
        assert!(line.contains("Max-Age=0"), "{line}");
    }
    assert!(answer.bytes().await.unwrap().is_empty());

    let profile = || world.get("/api/v1/auth/profile/");
    assert_eq!(login.bearer(profile()).send().await.unwrap().status(), 401);
    assert_eq!(login.cookies(profile()).send().await.unwrap().status(), 401);
    let refresh = login.refreshing(world.post("/api/v1/auth/refresh/"));
    assert_eq!(refresh.send().await.unwrap().status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_gateway_hears_of_a_logout_within_five_seconds() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let elsewhere = world.another_gateway().await;
    let profile = format!("{elsewhere}/api/v1/auth/profile/");
    assert_eq!(login.bearer(world.client.get(&profile)).send().await.unwrap().status(), 200);
    let answer = login.cookies(world.post("/api/v1/auth/logout/")).send().await.unwrap();
    assert_eq!(answer.status(), 205);
    eventually(Duration::from_secs(5), async || {
        let status = login.bearer(world.client.get(&profile)).send().await.unwrap().status();
        (status == 401).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_without_any_login_is_polite() {
    let world = World::start().await;
    assert_eq!(world.post("/api/v1/auth/logout/").send().await.unwrap().status(), 205);
}

#[tokio::test(flavor = "multi_thread")]
async fn refreshing_gives_a_token_that_works_and_the_next_refresh_token() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let answer = login.refreshing(world.post("/api/v1/auth/refresh/")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let next = Login::read(answer).await;
    assert_ne!(next.refresh, login.refresh);
    let profile = next.bearer(world.get("/api/v1/auth/profile/"));
    assert_eq!(profile.send().await.unwrap().status(), 200);
    let answer = world.post("/api/v1/auth/refresh/").send().await.unwrap();
    assert_problem(answer, 401, "UNAUTHENTICATED").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_tabs_that_refresh_at_once_all_get_the_same_successor() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let tabs = (0..20).map(|_| async {
        let answer = login.refreshing(world.post("/api/v1/auth/refresh/")).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        Login::read(answer).await.refresh
    });
    let mut successors = futures_util::future::join_all(tabs).await;
    successors.sort();
    successors.dedup();
    assert_eq!(successors.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_refresh_token_shown_again_ends_the_login() {
    let world = World::start().await;
    let first = world.staff(Role::Admin).await;
    let refresh = async |login: &Login| {
        login.refreshing(world.post("/api/v1/auth/refresh/")).send().await.unwrap()
    };
    let second = Login::read(refresh(&first).await).await;
    world.clock.advance(Span::seconds(11));
    assert_eq!(refresh(&first).await.status(), 401);
    assert_eq!(refresh(&second).await.status(), 401);
    eventually(Duration::from_secs(5), async || {
        let profile = second.bearer(world.get("/api/v1/auth/profile/"));
        (profile.send().await.unwrap().status() == 401).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_lives_an_hour() {
    let world = World::start().await;
    let login = world.staff(Role::Admin).await;
    let profile =
        async || login.bearer(world.get("/api/v1/auth/profile/")).send().await.unwrap().status();
    world.clock.advance(Span::minutes(59));
    assert_eq!(profile().await, 200);
    world.clock.advance(Span::minutes(2));
    assert_eq!(profile().await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_down_and_the_owner_elsewhere_is_not() {
    let world = World::with_setting("KONVEKSI_GATEWAY_TRUSTED_PROXIES", "127.0.0.1").await;
    world.user("siti", Role::Admin).await;
    let from = async |address: &str, password: &str| {
        let body = json!({ "username": "siti", "password": password });
        let request = world.post("/api/v1/auth/login/").header("x-forwarded-for", address);
        request.json(&body).send().await.unwrap()
    };
    for _ in 0..5 {
        assert_eq!(from("203.0.113.7", "guess after guess").await.status(), 401);
    }
    let blocked = from("203.0.113.8", PASSWORD).await;
    let wait: u64 = blocked.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=61).contains(&wait));
    assert_problem(blocked, 429, "RATE_LIMITED").await;
    assert_eq!(from("198.51.100.1", PASSWORD).await.status(), 200);
    world.clock.advance(Span::seconds(61));
    assert_eq!(from("203.0.113.7", PASSWORD).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_user_is_out_at_once_and_stays_out() {
    let world = World::start().await;
    let login = world.staff(Role::Viewer).await;
    users::disable(&mut world.connection().await, &*world.clock, "viewer").await.unwrap();
    eventually(Duration::from_secs(5), async || {
        let profile = login.bearer(world.get("/api/v1/auth/profile/"));
        (profile.send().await.unwrap().status() == 401).then_some(())
    })
    .await;
    assert_eq!(world.try_log_in("viewer", PASSWORD).await.status(), 401);
    users::enable(&mut world.connection().await, &*world.clock, "viewer").await.unwrap();
    assert_eq!(world.try_log_in("viewer", PASSWORD).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_every_login() {
    let world = World::start().await;
    let login = world.staff(Role::Viewer).await;
    let new = "tujuh gajah makan roti".to_owned().into();
    users::set_password(&mut world.connection().await, &*world.clock, "viewer", &new)
        .await
        .unwrap();
    eventually(Duration::from_secs(5), async || {
        let profile = login.cookies(world.get("/api/v1/auth/profile/"));
        (profile.send().await.unwrap().status() == 401).then_some(())
    })
    .await;
    assert_eq!(world.try_log_in("viewer", PASSWORD).await.status(), 401);
    assert_eq!(world.try_log_in("viewer", "tujuh gajah makan roti").await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_taken_once_and_weak_passwords_never() {
    let world = World::start().await;
    world.user("siti", Role::Admin).await;
    let mut conn = world.connection().await;
    let new = |username: &str, password: &str| users::NewUser {
        username: username.to_owned(),
        email: String::new(),
        first_name: String::new(),
        last_name: String::new(),
        role: Role::Viewer,
        password: password.to_owned().into(),
    };
    let mut make = async |username: &str, password: &str| {
        users::create(&mut conn, &*world.clock, new(username, password)).await.unwrap_err()
    };
    assert!(matches!(make("SITI", PASSWORD).await, users::UserError::Taken(_)));
    assert!(matches!(make("budi", "password1234").await, users::UserError::Weak(_)));
    assert!(matches!(make("a b", PASSWORD).await, users::UserError::Name(_)));
    let names: Vec<String> =
        users::list(&mut conn).await.unwrap().into_iter().map(|user| user.username).collect();
    assert_eq!(names, ["siti"]);
}
