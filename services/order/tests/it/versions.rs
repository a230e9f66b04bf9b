//! Nobody overwrites what they have not seen.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::support::{ADMIN, World, path};

#[tokio::test(flavor = "multi_thread")]
async fn a_change_may_insist_on_the_version_it_saw() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let shown = world.get(ADMIN, &path(&order)).await;
    assert_eq!(shown.etag.as_deref(), Some("\"1\""));
    let change = |text: &str| json!({ "design_notes": text });
    let first = world.patch_if(ADMIN, &path(&order), "\"1\"", &change("satu")).await;
    assert_eq!((first.status, first.etag.as_deref()), (200, Some("\"2\"")));
    let second = world.patch_if(ADMIN, &path(&order), "\"1\"", &change("dua")).await;
    assert_eq!(second.status, 412);
    assert_eq!(second.body["error_code"], "ORDER_CHANGED");
    assert_eq!(second.body["current_version"], 2);
    assert!(second.body["error"].as_str().unwrap().contains("diubah"));
    let body = json!({ "design_notes": "dua", "version": 1 });
    assert_eq!(world.patch(ADMIN, &path(&order), &body).await.status, 412);
    let body = json!({ "design_notes": "tiga", "version": "2" });
    assert_eq!(world.patch(ADMIN, &path(&order), &body).await.status, 200);
    for (tag, status) in [("\"2\"", 412), ("\"x\"", 412), ("*", 200), ("W/\"4\"", 200)] {
        let answer = world.patch_if(ADMIN, &path(&order), tag, &change(tag)).await;
        assert_eq!(answer.status, status, "{tag}: {}", answer.body);
    }
    let wrong = world.patch(ADMIN, &path(&order), &json!({ "version": "baru" })).await;
    assert!(wrong.body["details"]["version"].is_array());
    let headers = [("if-match", "\"1\"")];
    let deleted = world.send_with(ADMIN, Method::DELETE, &path(&order), &headers, None).await;
    assert_eq!(deleted.status, 412);
    let headers = [("if-match", "\"5\"")];
    let deleted = world.send_with(ADMIN, Method::DELETE, &path(&order), &headers, None).await;
    assert_eq!(deleted.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_updates_at_once_lose_none() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let path = path(&order);
    let writers = (0..50).map(|number| {
        let (world, path) = (&world, &path);
        async move {
            // Reads, adds its mark and writes, until nobody was faster.
            loop {
                let seen = world.served(async || world.get(ADMIN, path).await).await;
                let notes = seen.body["design_notes"].as_str().unwrap();
                let body = json!({ "design_notes": format!("{notes}[{number}]") });
                let answer = world.patch_if(ADMIN, path, &seen.etag.unwrap(), &body).await;
                match answer.status {
                    200 => return,
                    412 | 503 => {}
                    other => panic!("{other}: {}", answer.body),
                }
            }
        }
    });
    join_all(writers).await;
    let end = world.read(&order).await;
    assert_eq!(end["version"], 51);
    let notes = end["design_notes"].as_str().unwrap();
    assert!((0..50).all(|number| notes.contains(&format!("[{number}]"))), "{notes}");
    assert_eq!(world.history(&order).await.len(), 51);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_different_changes_without_a_version_all_happen() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let path = path(&order);
    let statuses = ["diproses", "menunggu", "selesai"];
    let writes = (0..50_usize).map(|number| {
        let body = json!({ "production_status": statuses[number % 3],
                           "notes": format!("perubahan {number}") });
        let (world, path) = (&world, &path);
        async move { world.served(async || world.patch(ADMIN, path, &body).await).await.status }
    });
    assert!(join_all(writes).await.into_iter().all(|status| status == 200));
    let history = world.history(&order).await;
    for number in 0..50 {
        let note = format!("perubahan {number}");
        assert_eq!(history.iter().filter(|row| row["notes"] == note.as_str()).count(), 1);
    }
    // Every move is one version, and starts where the one before ended.
    let moves: Vec<_> =
        history.iter().filter(|row| row["change_type"] == "production_status").collect();
    let version = world.read(&order).await["version"].as_u64().unwrap();
    assert_eq!(u64::try_from(moves.len()).unwrap() + 1, version);
    assert!(moves.windows(2).all(|pair| pair[0]["new_status"] == pair[1]["previous_status"]));
}
