//! The history as staff read it.

use konveksi_contracts::v1;
use konveksi_identity::Role;
use serde_json::json;

use crate::support::{Story, World, payment_received};

const PATH: &str = "/api/v1/admin/notifications/history/";

async fn filled() -> World {
    let world = World::new().await;
    let story = Story::by(v1::Channel::Both);
    world.tell(&story.beginning()).await;
    world.settled().await;
    world.sandbox.set_switches(|switches| {
        switches.smtp.fail_next.count = 1;
        switches.smtp.fail_next.status = Some(550);
    });
    world.clock.advance(chrono::Duration::seconds(1));
    world.tell(&[payment_received(&story)]).await;
    world.settled().await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn it_has_the_specs_fields_newest_first() {
    let world = filled().await;
    let list = world.get(PATH).await.body;
    assert_eq!(list["count"], 4);
    assert_eq!(list["next"], json!(null));
    let entries = list["results"].as_array().unwrap();
    assert_eq!(entries[0]["type"], "payment_received");
    let sent =
        entries.iter().find(|one| one["type"] == "dp_invoice" && one["channel"] == "whatsapp");
    insta::assert_json_snapshot!(sent.unwrap(), {
        ".id" => "[id]", ".sent_at" => "[time]", ".created_at" => "[time]",
    });
    let failed = entries.iter().find(|one| one["status"] == "failed").unwrap();
    assert_eq!(failed["error"], "Ditolak oleh penyedia layanan");
    assert_eq!(failed["sent_at"], json!(null));
    assert_eq!(failed["recipient"], "john@contoh.id");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_filters_and_pages() {
    let world = filled().await;
    let count =
        async |query: &str| world.get(&format!("{PATH}?{query}")).await.body["count"].clone();
    assert_eq!(count("status=failed").await, 1);
    assert_eq!(count("channel=whatsapp").await, 2);
    assert_eq!(count("order_code=ORD-20250630-A1B").await, 4);
    assert_eq!(count("order_code=ORD-20250630-XXX").await, 0);
    let page = world.get(&format!("{PATH}?status=sent&page=2&page_size=1")).await.body;
    assert!(
        page["previous"].as_str().unwrap().ends_with("/history/?status=sent&page_size=1&page=1")
    );
    assert!(page["next"].as_str().unwrap().contains("page=3"));
    assert_eq!(page["results"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_filters_and_callers_are_refused() {
    let world = World::new().await;
    for (query, field) in [
        ("status=terkirim", "status"),
        ("channel=both", "channel"),
        ("page=0", "page"),
        ("page_size=x", "page_size"),
    ] {
        let answer = world.get(&format!("{PATH}?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.body["details"][field].is_array(), "{}", answer.body);
    }
    assert_eq!(world.get(&format!("{PATH}?page=2")).await.status, 404);
    let get = reqwest::Method::GET;
    assert_eq!(world.call(world.anonymous(), get.clone(), PATH, None).await.status, 401);
    assert_eq!(
        world.call(world.staff(Role::Production), get.clone(), PATH, None).await.status,
        403
    );
    assert_eq!(world.call(world.staff(Role::Viewer), get.clone(), PATH, None).await.status, 200);
    assert_eq!(world.call("forged".to_owned(), get, PATH, None).await.status, 401);
}
