//! A design is taken, scanned, told of and served.

use chrono::{TimeZone as _, Utc};
use konveksi_contracts::v1::MediaStored;
use konveksi_kernel::{OrderId, SystemClock};
use serde_json::{Value, json};

use crate::support::samples::{JPEG, PDF, PNG};
use crate::support::{PUBLIC, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_clean_design_is_answered_told_and_served() {
    let world = World::start().await;
    // 23:30 UTC is the next day in Jakarta. Later than now: a sweep that began before would take a
    // file from the past for one that nobody claimed.
    world.clock.set(Utc.with_ymd_and_hms(2031, 6, 29, 23, 30, 0).unwrap());
    let order = OrderId::generate(&SystemClock);
    let (status, body) = world.upload(order, "Logo_Design.PNG", PNG).await;
    assert_eq!(status, 201, "{body}");
    assert_eq!(body["original_filename"], "Logo_Design.PNG");
    assert_eq!(body["file_size"], json!(PNG.len()));
    assert_eq!(body["dimensions"], json!({ "width": 1, "height": 1 }));
    assert_eq!(body["format"], "PNG");
    assert_eq!(body["status"], "stored");
    assert_eq!(body["thumbnail_url"], Value::Null);
    assert!(body["created_at"].as_str().unwrap().ends_with('Z'));
    let url = body["url"].as_str().unwrap();
    let path = url.strip_prefix(PUBLIC).unwrap();
    assert!(path.starts_with("/media/designs/2031/06/30/logo_design-"), "{path}");
    assert!(path.ends_with("_processed.png"), "{path}");

    let told = world.told::<MediaStored>(1).await;
    assert_eq!(told[0].file_id, body["id"].as_str().unwrap());
    assert_eq!(told[0].order_id, order.to_string());
    assert_eq!(told[0].url, path);
    assert_eq!(
        (told[0].format.as_str(), told[0].size_bytes),
        ("PNG", i64::try_from(PNG.len()).unwrap())
    );

    let served = world.fetch(&body).await;
    assert_eq!(served.status(), 200);
    assert_eq!(served.bytes().await.unwrap(), PNG);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_format_on_the_list_is_taken() {
    let world = World::start().await;
    let order = OrderId::generate(&SystemClock);
    for (name, content, format, dimensions) in [
        ("a.jpg", JPEG, "JPG", json!({ "width": 640, "height": 480 })),
        ("a.JPEG", JPEG, "JPG", json!({ "width": 640, "height": 480 })),
        ("a.pdf", PDF, "PDF", Value::Null),
        ("a.ai", PDF, "AI", Value::Null),
    ] {
        let (status, body) = world.upload(order, name, content).await;
        assert_eq!((status, body["format"].as_str()), (201, Some(format)), "{name}: {body}");
        assert_eq!(body["dimensions"], dimensions, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_many_parts_comes_back_as_it_went() {
    let world = World::start().await;
    let filler = (0..12 * 1024 * 1024_u32).map(|index| index.to_le_bytes()[0]);
    let content: Vec<u8> = PDF.iter().copied().chain(filler).collect();
    let (status, body) = world.upload(OrderId::generate(&SystemClock), "big.pdf", &content).await;
    assert_eq!(status, 201, "{body}");
    let served = world.fetch(&body).await;
    assert_eq!(served.content_length(), u64::try_from(content.len()).ok());
    assert!(served.bytes().await.unwrap() == content, "other bytes came back");
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_uploads_at_once_all_arrive() {
    let world = World::start().await;
    let order = OrderId::generate(&SystemClock);
    let uploads = (0..20).map(|index| {
        let world = &world;
        async move { world.upload(order, &format!("{index}.png"), PNG).await }
    });
    for (status, body) in futures_util::future::join_all(uploads).await {
        assert_eq!((status, body["status"].as_str()), (201, Some("stored")), "{body}");
    }
    assert_eq!(world.told::<MediaStored>(20).await.len(), 20);
    assert_eq!(world.files_on_disk(), 20);
}
