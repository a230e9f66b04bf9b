//! How often (`contract.md` section 9, `reliability.md` D).

use chrono::Duration as Span;
use konveksi_identity::Role;
use reqwest::Response;

use crate::support::{Wishes, World, assert_problem};

fn number(answer: &Response, name: &str) -> i64 {
    answer.headers()[name].to_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_is_counted_by_address_and_told_on_every_answer() {
    let world = World::with_setting("KONVEKSI_GATEWAY_LIMIT_PUBLIC_PER_HOUR", "4").await;
    for (remaining, path, status) in [
        (3, "/api/v1/", 200),
        (2, "/api/v1/nowhere/", 404),
        (1, "/api/v1/order/", 401),
        (0, "/api/v1/track-order/", 400),
    ] {
        let answer = world.get(path).send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(number(&answer, "x-ratelimit-limit"), 4);
        assert_eq!(number(&answer, "x-ratelimit-remaining"), remaining);
        assert_eq!(number(&answer, "x-ratelimit-window"), 3_600);
        assert!(number(&answer, "x-ratelimit-reset") > 1_700_000_000);
        assert_eq!(answer.headers()["ratelimit-policy"], "\"public\";q=4;w=3600");
        let told = answer.headers()["ratelimit"].to_str().unwrap().to_owned();
        assert!(told.starts_with(&format!("\"public\";r={remaining};t=")), "{told}");
    }
    let answer = world.get("/api/v1/").send().await.unwrap();
    let wait = number(&answer, "retry-after");
    assert!((1..=3_660).contains(&wait));
    assert_eq!(number(&answer, "x-ratelimit-remaining"), 0);
    let problem = assert_problem(answer, 429, "RATE_LIMITED").await;
    assert!(problem["detail"].as_str().unwrap().contains(&format!("{wait} detik")));
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_are_counted_by_user_wherever_they_call_from() {
    let world = World::with(Wishes {
        settings: vec![
            ("KONVEKSI_GATEWAY_LIMIT_ADMIN_PER_HOUR", "3".to_owned()),
            ("KONVEKSI_GATEWAY_LIMIT_PUBLIC_PER_HOUR", "1".to_owned()),
        ],
        broker: false,
    })
    .await;
    let (one, two) = (world.staff(Role::Admin).await, world.staff(Role::Owner).await);
    let call = async |login: &crate::support::Login| {
        login.bearer(world.get("/api/v1/produkpost/")).send().await.unwrap()
    };
    for _ in 0..3 {
        let answer = call(&one).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["ratelimit-policy"], "\"admin\";q=3;w=3600");
    }
    assert_eq!(call(&one).await.status(), 429);
    assert_eq!(call(&two).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn tracking_has_ten_a_minute_of_its_own() {
    let world = World::with_setting("KONVEKSI_GATEWAY_LIMIT_TRACK_PER_HOUR", "600").await;
    let track = async || world.get("/api/v1/track-order/?order_code=").send().await.unwrap();
    for _ in 0..10 {
        let answer = track().await;
        assert_eq!(answer.status(), 400);
        assert_eq!(answer.headers()["ratelimit-policy"], "\"track\";q=10;w=60");
    }
    let answer = track().await;
    assert_eq!(answer.status(), 429);
    assert!((1..=61).contains(&number(&answer, "retry-after")));
    assert_eq!(world.get("/api/v1/").send().await.unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_and_logins_have_counts_of_their_own() {
    let world = World::with(Wishes {
        settings: vec![
            ("KONVEKSI_GATEWAY_LIMIT_UPLOAD_PER_HOUR", "2".to_owned()),
            ("KONVEKSI_GATEWAY_LIMIT_LOGIN_PER_HOUR", "120".to_owned()),
        ],
        broker: false,
    })
    .await;
    let upload = async || {
        let request = world.post("/api/v1/media/upload-design/");
        let form = reqwest::multipart::Form::new();
        request.multipart(form).send().await.unwrap().status().as_u16()
    };
    assert_eq!([upload().await, upload().await, upload().await], [400, 400, 429]);
    let login = async || world.try_log_in("nobody", "wrong password").await.status().as_u16();
    assert_eq!([login().await, login().await, login().await], [401, 401, 429]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_gateways_count_together_exactly() {
    let world = World::with_setting("KONVEKSI_GATEWAY_LIMIT_PUBLIC_PER_HOUR", "40").await;
    let elsewhere = world.another_gateway().await;
    let calls = (0..80).map(|number| {
        let base = if number % 2 == 0 { &world.base } else { &elsewhere };
        let request = world.client.get(format!("{base}/api/v1/"));
        async move { request.send().await.unwrap().status().as_u16() }
    });
    let statuses = futures_util::future::join_all(calls).await;
    let admitted = statuses.iter().filter(|status| **status == 200).count();
    assert_eq!(admitted, 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_the_gateway_serves_and_counts_for_itself() {
    let world = World::with(Wishes {
        settings: vec![
            ("REDIS_URL", "redis://127.0.0.1:1/".to_owned()),
            ("KONVEKSI_GATEWAY_LIMIT_PUBLIC_PER_HOUR", "5".to_owned()),
        ],
        broker: false,
    })
    .await;
    let call = async || world.get("/api/v1/").send().await.unwrap();
    for remaining in (0..5).rev() {
        let answer = call().await;
        assert_eq!(answer.status(), 200);
        assert_eq!(number(&answer, "x-ratelimit-remaining"), remaining);
    }
    assert_eq!(call().await.status(), 429);
    world.clock.advance(Span::minutes(62));
    assert_eq!(call().await.status(), 200);
}
