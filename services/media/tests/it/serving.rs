//! Files are served as what they are, and nothing else is.

use konveksi_kernel::{OrderId, SystemClock};
use reqwest::Response;

use crate::support::samples::{PDF, PNG};
use crate::support::{PUBLIC, World};

fn header(answer: &Response, name: &str) -> String {
    answer.headers()[name].to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn images_are_shown_and_documents_only_saved() {
    let world = World::start().await;
    let order = OrderId::generate(&SystemClock);
    for (name, content, content_type, kind) in [
        ("logo.png", PNG, "image/png", "inline"),
        ("logo.pdf", PDF, "application/pdf", "attachment"),
        ("logo.ai", PDF, "application/pdf", "attachment"),
    ] {
        let (_, body) = world.upload(order, name, content).await;
        let served = world.fetch(&body).await;
        assert_eq!(served.status(), 200);
        assert_eq!(header(&served, "content-type"), content_type);
        assert_eq!(header(&served, "x-content-type-options"), "nosniff");
        assert!(header(&served, "content-security-policy").contains("sandbox"));
        let disposition = header(&served, "content-disposition");
        assert!(disposition.starts_with(&format!("{kind}; filename=\"{name}\"")), "{disposition}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_try_something_stay_names() {
    let world = World::start().await;
    let order = OrderId::generate(&SystemClock);
    for (name, kept) in [
        ("../../../etc/passwd.png", "passwd.png"),
        ("..\\..\\windows\\logo.png", "logo.png"),
        ("désign né.png", "désign né.png"),
        ("gnp.\u{202E}x.png", "gnp.x.png"),
    ] {
        let (status, body) = world.upload(order, name, PNG).await;
        assert_eq!((status, body["original_filename"].as_str()), (201, Some(kept)), "{body}");
        assert!(!body["url"].as_str().unwrap().contains(".."), "{body}");
        let served = world.fetch(&body).await;
        assert_eq!(served.status(), 200);
        assert!(served.headers()["content-disposition"].to_str().is_ok());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_file_is_not_sent_again() {
    let world = World::start().await;
    let (_, body) = world.upload(OrderId::generate(&SystemClock), "logo.png", PNG).await;
    let etag = header(&world.fetch(&body).await, "etag");
    let path = body["url"].as_str().unwrap().strip_prefix(PUBLIC).unwrap();
    for (sent, wanted) in [(etag.as_str(), 304), ("\"other\"", 200), ("*", 304)] {
        let request = world.client.get(format!("{}{path}", world.base));
        let request = world.anonymous(request).header("if-none-match", sent);
        assert_eq!(request.send().await.unwrap().status().as_u16(), wanted, "{sent}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_that_name_no_file_do_not_exist() {
    let world = World::start().await;
    let (_, body) = world.upload(OrderId::generate(&SystemClock), "logo.png", PNG).await;
    let path = body["url"].as_str().unwrap().strip_prefix(PUBLIC).unwrap().to_owned();
    assert_eq!(world.get(&path).await.status(), 200);
    for path in [
        "/media/",
        "/media/designs/",
        "/media/designs/2025/06/30/logo-00000000_processed.png",
        "/media/../Cargo.toml",
        "/media/%2e%2e/%2e%2e/etc/passwd",
        "/media/..%2f..%2fetc%2fpasswd",
        "/media/designs/%00",
        "/media//etc/passwd",
        "/media/designs/*",
        "/media/%25",
        &path.to_uppercase(),
        &format!("{path}x"),
    ] {
        let answer = world.get(path).await;
        assert_eq!(answer.status(), 404, "{path}");
        let body: serde_json::Value = answer.json().await.unwrap();
        assert!(body["error"].is_string(), "{path}: {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_whose_bytes_are_gone_is_no_empty_file() {
    let world = World::start().await;
    let (_, body) = world.upload(OrderId::generate(&SystemClock), "logo.png", PNG).await;
    world.lose_all_bytes();
    assert_eq!(world.fetch(&body).await.status(), 503);
}
