//! Customers are found again by any spelling of one contact.

use chrono::Duration;
use konveksi_contracts::v1::{CustomerChanged, OrderCreated};
use serde_json::json;

use crate::support::{ADMIN, World};

const SPELLINGS: [&str; 10] = [
    "081234567890",
    "0812-3456-7890",
    "0812 3456 7890",
    "(0812) 34567890",
    "81234567890",
    "6281234567890",
    "+6281234567890",
    "+62 812-3456-7890",
    "+62 (812) 3456 7890",
    "62 812 3456 7890",
];

#[tokio::test(flavor = "multi_thread")]
async fn ten_spellings_at_once_make_one_customer() {
    let world = std::sync::Arc::new(World::start().await);
    let mut calls = tokio::task::JoinSet::new();
    for contact in SPELLINGS {
        let world = world.clone();
        calls.spawn(async move { world.order(json!({ "contact_information": contact })).await });
    }
    calls.join_all().await;
    assert_eq!(world.number("SELECT count(*) AS number FROM orders").await, 10);
    assert_eq!(world.number("SELECT count(*) AS number FROM customers").await, 1);
    let told: Vec<CustomerChanged> = world.told_as().await;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].phone.as_str(), told[0].email.as_str()), ("6281234567890", ""));
    // Of one contact's public orders of a day, three are written about, also when all come at once.
    let told: Vec<OrderCreated> = world.told_as().await;
    assert_eq!(told.iter().filter(|event| event.notify).count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_allowed_again_the_next_day_and_always_to_staff() {
    let world = World::start().await;
    for _ in 0..4 {
        world.order(json!({})).await;
    }
    world.order_as(ADMIN, json!({})).await;
    world.clock.advance(Duration::days(1));
    world.order(json!({})).await;
    let told: Vec<OrderCreated> = world.told_as().await;
    let notified: Vec<_> = told.iter().map(|event| event.notify).collect();
    assert_eq!(notified, [true, true, true, false, true, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_staff_rename_a_known_customer() {
    let world = World::start().await;
    world.order(json!({})).await;
    let other = world.order(json!({ "customer_name": "Orang Lain" })).await;
    assert_eq!(other["customer_name"], "Orang Lain", "the order keeps what was typed");
    assert_eq!(world.told_as::<CustomerChanged>().await.len(), 1);
    world.order_as(ADMIN, json!({ "customer_name": "Budi Setiawan" })).await;
    let told: Vec<CustomerChanged> = world.told_as().await;
    assert_eq!(told.last().unwrap().name, "Budi Setiawan");
    assert_eq!(told.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_contact_makes_another_customer() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let before = world.number("SELECT count(*) AS number FROM customers").await;
    let changed = json!({ "contact_information": "Budi@Contoh.com", "customer_name": "Budi S" });
    let answer = world.patch(ADMIN, &crate::support::path(&order), &changed).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["contact_information"], "Budi@Contoh.com");
    assert_eq!(world.number("SELECT count(*) AS number FROM customers").await, before + 1);
    let told: Vec<CustomerChanged> = world.told_as().await;
    let last = told.last().unwrap();
    assert_eq!((last.email.as_str(), last.phone.as_str()), ("budi@contoh.com", ""));
}
