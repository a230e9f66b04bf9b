//! Front page, API root and API document.

use serde_json::Value;

use crate::support::{World, assert_problem, json};

#[tokio::test(flavor = "multi_thread")]
async fn the_front_page_is_small_and_loads_nothing() {
    let world = World::start().await;
    let answer = world.get("/").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    let page = answer.text().await.unwrap();
    assert!(page.len() < 8 * 1024);
    assert!(page.contains("/docs/index.html") && page.contains("/api/v1/health/"));
    assert!(page.contains(&format!("curl -s {}/api/v1/auth/login/", world.base)));
    assert!(!page.contains("<script") && !page.contains("src="));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_root_of_the_api_answers_get_alone() {
    let world = World::start().await;
    for path in ["/api/v1/", "/api/v1"] {
        let body = json(world.get(path).send().await.unwrap()).await;
        assert_eq!(body["version"], "2.0.0");
        assert_eq!(body["endpoints"]["health"], format!("{}/api/v1/health/", world.base));
    }
    assert_problem(world.post("/api/v1/").send().await.unwrap(), 405, "METHOD_NOT_ALLOWED").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reader_of_the_document_works_without_any_outside_file() {
    let world = World::start().await;
    for path in ["/docs", "/docs/"] {
        let answer = world.get(path).send().await.unwrap();
        assert_eq!(answer.status(), 303);
        assert_eq!(answer.headers()["location"], "/docs/index.html");
    }
    let answer = world.get("/docs/index.html").send().await.unwrap();
    assert!(answer.headers()["content-security-policy"].to_str().unwrap().contains("'self'"));
    let page = answer.text().await.unwrap();
    for part in page.split(['"', '\'']).filter(|part| part.starts_with("./")) {
        let file =
            world.get(&format!("/docs/{}", part.trim_start_matches("./"))).send().await.unwrap();
        assert_eq!(file.status(), 200, "{part}");
    }
    assert!(!page.contains("https://"));
    let start =
        world.get("/docs/swagger-initializer.js").send().await.unwrap().text().await.unwrap();
    assert!(start.contains("/docs/openapi.json") && start.contains("\"none\""));
    assert_eq!(world.get("/docs/nothing.js").send().await.unwrap().status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_describes_the_whole_surface() {
    let world = World::start().await;
    let document: Value = json(world.get("/docs/openapi.json").send().await.unwrap()).await;
    assert_eq!(document["openapi"], "3.1.0");
    for path in
        ["/api/v1/order/", "/api/v1/track-order/", "/api/v1/webhook/xendit/", "/media/{path}"]
    {
        assert!(document["paths"][path].is_object(), "{path}");
    }
    assert!(document["paths"]["/internal/v1/events/"].is_null());
}
