//! Lists from the cache: never older than the last commit, and never missed when Redis is away.

use std::time::Duration;

use konveksi_cache::{Cache, Found, ReadThrough};
use konveksi_test_support::{key_prefix, redis_url};
use reqwest::Method;
use serde_json::json;
use tokio::sync::Notify;

use crate::support::facts::{About, Invoice};
use crate::support::{ADMIN, World, path};

const LIST: &str = "/api/v1/order/?status=menunggu_link,link_dibuat";

#[tokio::test(flavor = "multi_thread")]
async fn the_second_reader_is_answered_from_the_cache() {
    let world = World::start().await;
    world.order(json!({})).await;
    let first = world.get(ADMIN, LIST).await;
    let second = world.get(ADMIN, LIST).await;
    assert_eq!(first.cache.as_deref(), Some("miss"));
    assert_eq!(second.cache.as_deref(), Some("hit"));
    assert_eq!(first.body, second.body);
    // Another question is another answer.
    assert_eq!(world.get(ADMIN, "/api/v1/order/?page_size=5").await.cache.as_deref(), Some("miss"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reread_after_a_write_is_never_stale() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    for round in 0..20 {
        assert!(world.get(ADMIN, LIST).await.cache.is_some());
        let notes = format!("putaran {round}");
        let body = json!({ "design_notes": notes });
        assert_eq!(world.patch(ADMIN, &path(&order), &body).await.status, 200);
        let again = world.get(ADMIN, LIST).await;
        assert_eq!(again.body["results"][0]["design_notes"], notes.as_str(), "round {round}");
    }
    let other = world.order(json!({})).await;
    assert_eq!(world.get(ADMIN, LIST).await.body["count"], 2);
    world.hear(&About::order(&order).created(&Invoice::deposit())).await;
    assert_eq!(world.get(ADMIN, LIST).await.body["results"][1]["status_order"], "link_dibuat");
    assert_eq!(world.call(ADMIN, Method::DELETE, &path(&other), None).await.status, 204);
    assert_eq!(world.get(ADMIN, LIST).await.body["count"], 1);
}

/// Writers and readers at once: whoever has written finds what was written.
#[tokio::test(flavor = "multi_thread")]
async fn every_writer_finds_its_own_write_among_others() {
    let world = std::sync::Arc::new(World::start().await);
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..4 {
        let world = world.clone();
        writers.spawn(async move {
            let contact = format!("0812000000{writer:02}");
            let changes = json!({ "contact_information": contact });
            let order = world.order(changes).await;
            for round in 0..10 {
                let notes = format!("{writer}/{round}");
                let body = json!({ "design_notes": notes });
                assert_eq!(world.patch(ADMIN, &path(&order), &body).await.status, 200);
                let list = world.get(ADMIN, LIST).await.body;
                let row = list["results"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .find(|row| row["id"] == order["id"])
                    .cloned()
                    .unwrap();
                assert_eq!(row["design_notes"], notes.as_str());
            }
        });
    }
    writers.join_all().await;
}

/// The version is more than a count of commits seen: one that commits late makes a new version
/// too, whatever was read while it was open.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_comes_late_is_seen_as_well() {
    use diesel_async::SimpleAsyncConnection as _;
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let mut slow = world.connect_as_service().await;
    let id = order["id"].as_str().unwrap();
    slow.batch_execute(&format!(
        "BEGIN; UPDATE orders SET design_notes = 'lambat' WHERE id = '{id}'"
    ))
    .await
    .unwrap();
    // Another order commits while the first change is open, and the list is read and kept.
    world.order(json!({ "contact_information": "081399990000" })).await;
    for _ in 0..2 {
        let list = world.get(ADMIN, LIST).await;
        assert_eq!(list.body["results"][1]["design_notes"], "");
    }
    slow.batch_execute("COMMIT").await.unwrap();
    assert_eq!(world.get(ADMIN, LIST).await.body["results"][1]["design_notes"], "lambat");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_lists_are_made_each_time() {
    let world = World::on_redis("redis://127.0.0.1:1/").await;
    let order = world.order(json!({})).await;
    for _ in 0..3 {
        let list = world.get(ADMIN, LIST).await;
        assert_eq!((list.status, list.cache.as_deref()), (200, Some("miss")));
        assert_eq!(list.body["results"][0]["id"], order["id"]);
    }
    assert_eq!(world.get(ADMIN, "/api/v1/admin/customers/").await.body["count"], 1);
    let ready = world.get(ADMIN, "/internal/health/ready").await;
    assert_eq!(ready.status, 200, "Redis is optional: {}", ready.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_somebody_else_wrote_is_a_miss() {
    let world = World::start().await;
    world.order(json!({})).await;
    let fresh = world.get(ADMIN, LIST).await.body;
    let redis = Cache::new(&redis_url(), 1, Duration::from_secs(5)).unwrap();
    let all = konveksi_cache::Script::new(
        "local found = redis.call('KEYS', '*' .. KEYS[1] .. '*')
         for _, key in ipairs(found) do redis.call('SETEX', key, 60, '{\"count\": 999}') end
         return #found",
    );
    let poisoned: i64 = redis.run(&all, &[world.redis_prefix.as_str()], &[]).await.unwrap();
    assert!(poisoned >= 2, "the list and its figures were kept");
    let again = world.get(ADMIN, LIST).await;
    assert_eq!((again.cache.as_deref(), &again.body), (Some("miss"), &fresh));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_readers_at_once_cause_one_list() {
    let world = std::sync::Arc::new(World::start().await);
    world.order(json!({})).await;
    let mut readers = tokio::task::JoinSet::new();
    for _ in 0..30 {
        let world = world.clone();
        readers.spawn(async move { world.get(ADMIN, LIST).await });
    }
    let answers = readers.join_all().await;
    let misses = answers.iter().filter(|answer| answer.cache.as_deref() == Some("miss")).count();
    assert_eq!(misses, 1, "the others shared it or found it kept");
    assert!(answers.iter().all(|answer| answer.body["count"] == 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_replicas_that_need_the_same_one_makes_it() {
    const KEPT: Duration = Duration::from_mins(1);
    let prefix = key_prefix();
    let replica = || {
        let redis = Cache::new(&redis_url(), 4, Duration::from_secs(5)).unwrap();
        ReadThrough::new(redis, "test", &prefix)
    };
    let (begun, goes_on) = (Notify::new(), Notify::new());
    let (first, second) = (replica(), replica());
    let one = first.text("list", "1", KEPT, async || {
        begun.notify_one();
        goes_on.notified().await;
        Ok::<_, ()>("made by the first".to_owned())
    });
    let two = async {
        begun.notified().await;
        let made = second.text("list", "1", KEPT, async || Ok::<_, ()>("made twice".to_owned()));
        tokio::pin!(made);
        let waits = tokio::time::timeout(Duration::from_millis(300), &mut made).await;
        assert!(waits.is_err(), "it was there before anybody had made it: {waits:?}");
        goes_on.notify_one();
        made.await
    };
    let (one, two) = tokio::join!(one, two);
    assert_eq!(one, Ok(("made by the first".to_owned(), Found::Computed)));
    assert_eq!(two, Ok(("made by the first".to_owned(), Found::Shared)));
    let third = second.text("list", "1", KEPT, async || Err(())).await;
    assert_eq!(third, Ok(("made by the first".to_owned(), Found::Cached)));
}
