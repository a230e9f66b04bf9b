//! Customers: listed, edited, and two records made one.

use konveksi_contracts::v1::{CustomerChanged, OrderUpdated};
use konveksi_identity::Role;
use serde_json::{Value, json};

use crate::support::{ADMIN, Who, World};

const CUSTOMERS: &str = "/api/v1/admin/customers/";

async fn customer(world: &World, search: &str) -> Value {
    let answer = world.get(ADMIN, &format!("{CUSTOMERS}?search={search}")).await;
    assert_eq!((answer.status, &answer.body["count"]), (200, &json!(1)), "{}", answer.body);
    answer.body["results"][0].clone()
}

fn at(customer: &Value) -> String {
    format!("{CUSTOMERS}{}/", customer["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_has_totals_history_tags_and_notes() {
    let world = World::start().await;
    world.order(json!({ "total_price": 1_000_000 })).await;
    world.order(json!({ "total_price": 3_000_000 })).await;
    let other = json!({ "customer_name": "Siti", "contact_information": "siti@contoh.com" });
    world.order(other).await;
    let budi = customer(&world, "budi").await;
    assert_eq!(budi["phone"], "6281234567890");
    assert_eq!((&budi["total_orders"], &budi["total_ordered"]), (&json!(2), &json!("4000000.00")));
    let edit = json!({
        "email": "Budi@Contoh.com", "tags": ["VIP", "sekolah"], "notes": "Suka biru",
        "name": "Budi S.",
    });
    let edited = world.patch(ADMIN, &at(&budi), &edit).await;
    assert_eq!(edited.status, 200, "{}", edited.body);
    assert_eq!(edited.body["email"], "budi@contoh.com");
    assert_eq!(edited.body["tags"], json!(["vip", "sekolah"]));
    let told: Vec<CustomerChanged> = world.told_as().await;
    let last = told.last().unwrap();
    assert_eq!((last.name.as_str(), last.email.as_str()), ("Budi S.", "budi@contoh.com"));
    // The same again is no change and is not told.
    world.patch(ADMIN, &at(&budi), &edit).await;
    assert_eq!(world.told_as::<CustomerChanged>().await.len(), told.len());
    let detail = world.get(ADMIN, &at(&budi)).await.body;
    assert_eq!(detail["notes"], "Suka biru");
    assert_eq!(detail["recent_orders"].as_array().unwrap().len(), 2);
    let url = detail["orders_url"].as_str().unwrap();
    let path = url.strip_prefix("http://localhost:8000").unwrap();
    assert_eq!(world.get(ADMIN, path).await.body["count"], 2);
    assert_eq!(world.get(ADMIN, &format!("{CUSTOMERS}?tag=vip")).await.body["count"], 1);
    let all = world.get(ADMIN, &format!("{CUSTOMERS}?page_size=1&ordering=name")).await.body;
    assert_eq!((&all["count"], &all["results"][0]["name"]), (&json!(2), &json!("Budi S.")));
    assert_eq!(
        all["next"],
        "http://localhost:8000/api/v1/admin/customers/?page_size=1&ordering=name&page=2"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_named_and_strangers_are_refused() {
    let world = World::start().await;
    world.order(json!({})).await;
    world.order(json!({ "customer_name": "Siti", "contact_information": "siti@contoh.com" })).await;
    let budi = customer(&world, "budi").await;
    for (body, field) in [
        (json!({ "name": "B" }), "name"),
        (json!({ "phone": "123" }), "phone"),
        (json!({ "phone": null }), "phone"),
        (json!({ "email": "siti@contoh.com" }), "email"),
        (json!({ "tags": "vip" }), "tags"),
        (json!({ "tags": [1] }), "tags"),
    ] {
        let answer = world.patch(ADMIN, &at(&budi), &body).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
        assert!(answer.body["details"][field].is_array(), "{body}: {}", answer.body);
    }
    for query in ["ordering=notes", "page=0", "search=%00"] {
        assert_eq!(world.get(ADMIN, &format!("{CUSTOMERS}?{query}")).await.status, 400, "{query}");
    }
    let merge = format!("{}merge/", at(&budi));
    for body in [json!({}), json!({ "into": "x" }), json!({ "into": budi["id"] })] {
        let answer = world.post(ADMIN, &merge, &body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.body["details"]["into"].is_array(), "{body}: {}", answer.body);
    }
    let nobody = "019a0000-0000-7000-8000-00000000f11e";
    assert_eq!(world.post(ADMIN, &merge, &json!({ "into": nobody })).await.status, 404);
    assert_eq!(world.get(ADMIN, &format!("{CUSTOMERS}{nobody}/")).await.status, 404);
    for who in [Who::Anonymous, Who::Staff(Role::Production)] {
        assert_eq!(world.patch(who, &at(&budi), &json!({ "notes": "x" })).await.status, 403);
        assert_eq!(world.post(who, &merge, &json!({ "into": nobody })).await.status, 403);
    }
    assert_eq!(world.get(Who::Anonymous, CUSTOMERS).await.status, 403);
    assert_eq!(world.get(Who::Anonymous, &at(&budi)).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_records_become_one_and_both_contacts_find_it() {
    let world = World::start().await;
    let phone = json!({ "contact_information": "081234567890" });
    let second = json!({ "contact_information": "081399998888", "customer_name": "Pak Budi" });
    let mail = json!({ "contact_information": "budi@contoh.com", "customer_name": "Budi S" });
    world.order(phone.clone()).await;
    let moved = world.order(second.clone()).await;
    world.order(second.clone()).await;
    world.order(mail.clone()).await;
    let stays = customer(&world, "081234567890").await;
    let other = customer(&world, "081399998888").await;
    let third = customer(&world, "budi%40contoh.com").await;
    let into = json!({ "into": stays["id"] });
    for taken in [&other, &third] {
        let merged = world.post(ADMIN, &format!("{}merge/", at(taken)), &into).await;
        assert_eq!(merged.status, 200, "{}", merged.body);
        assert_eq!(merged.body["id"], stays["id"]);
    }
    let now = world.get(ADMIN, &at(&stays)).await.body;
    assert_eq!(now["total_orders"], 4);
    assert_eq!(
        (&now["phone"], &now["email"]),
        (&json!("6281234567890"), &json!("budi@contoh.com"))
    );
    assert_eq!(now["other_contacts"], json!(["6281399998888"]));
    // The old id answers, and says where it went; it is not listed and not changed any more.
    let old = world.get(ADMIN, &at(&other)).await;
    assert_eq!((old.status, &old.body["merged_into"]), (200, &stays["id"]));
    assert_eq!(world.get(ADMIN, CUSTOMERS).await.body["count"], 1);
    let refused = world.patch(ADMIN, &at(&other), &json!({ "notes": "x" })).await;
    assert_eq!((refused.status, &refused.body["error_code"]), (400, &json!("CUSTOMER_MERGED")));
    assert_eq!(refused.body["merged_into"], stays["id"]);
    // Again is the same, and tells nothing new.
    let before = world.told().await.len();
    let again = world.post(ADMIN, &format!("{}merge/", at(&other)), &into).await;
    assert_eq!((again.status, &again.body["id"]), (200, &stays["id"]));
    assert_eq!(world.told().await.len(), before);
    // Whoever holds the contact reaches the one that stays.
    for contact in [phone, second, mail] {
        world.order(contact).await;
    }
    assert_eq!(world.get(ADMIN, &at(&stays)).await.body["total_orders"], 7);
    assert_eq!(customer(&world, "0813-9999-8888").await["matched_on"][0], "other_contacts");
    told_rightly(&world, &stays, &other, &moved).await;
}

async fn told_rightly(world: &World, stays: &Value, other: &Value, moved: &Value) {
    let told: Vec<CustomerChanged> = world.told_as().await;
    let of_old: Vec<_> = told.iter().filter(|event| event.customer_id == other["id"]).collect();
    let last = of_old.last().unwrap();
    assert_eq!(last.merged_into, stays["id"].as_str().unwrap());
    assert_eq!(last.phone, "6281234567890", "the old id reaches the person");
    assert!(
        told.iter().any(|event| event.customer_id == stays["id"] && event.merged_into.is_empty())
    );
    let told: Vec<OrderUpdated> = world.told_as().await;
    let of_order = told
        .iter()
        .filter_map(|event| event.order.as_ref())
        .find(|order| order.order_id == moved["id"].as_str().unwrap())
        .unwrap();
    assert_eq!(of_order.customer_id, stays["id"].as_str().unwrap());
    let history = world.history(moved).await;
    assert!(history.iter().any(|row| row["notes"] == "Diubah: pelanggan digabung"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_of_merges_ends_at_the_last() {
    let world = World::start().await;
    let mut records = Vec::new();
    for contact in ["081200000001", "081200000002", "081200000003"] {
        world.order(json!({ "contact_information": contact })).await;
        records.push(customer(&world, contact).await);
    }
    let merge = async |taken: &Value, stays: &Value| {
        let path = format!("{}merge/", at(taken));
        world.post(ADMIN, &path, &json!({ "into": stays["id"] })).await
    };
    assert_eq!(merge(&records[0], &records[1]).await.status, 200);
    assert_eq!(merge(&records[1], &records[2]).await.status, 200);
    assert_eq!(merge(&records[0], &records[2]).await.status, 200, "so it is already");
    let circle = merge(&records[2], &records[0]).await;
    assert_eq!((circle.status, &circle.body["error_code"]), (400, &json!("CUSTOMER_MERGED")));
    for old in &records[..2] {
        assert_eq!(world.get(ADMIN, &at(old)).await.body["merged_into"], records[2]["id"]);
    }
    world.order(json!({ "contact_information": "081200000001" })).await;
    assert_eq!(world.get(ADMIN, &at(&records[2])).await.body["total_orders"], 4);
}

/// More orders than one round moves, orders placed meanwhile, and two merges against each other.
#[tokio::test(flavor = "multi_thread")]
async fn a_merge_among_writers_loses_no_order() {
    let world = std::sync::Arc::new(World::start().await);
    let many = world.order(json!({ "contact_information": "081200000001" })).await;
    world.order(json!({ "contact_information": "081200000002" })).await;
    let one = customer(&world, "081200000001").await;
    let two = customer(&world, "081200000002").await;
    let fields = "'tracking_token', md5(n::text), 'order_code', 'BANYAK-' || n";
    world.copies(&many, "generate_series(1, 450) n", fields).await;
    let mut calls = tokio::task::JoinSet::new();
    for (taken, stays) in [(&one, &two), (&two, &one)] {
        let (world, path, into) =
            (world.clone(), format!("{}merge/", at(taken)), stays["id"].clone());
        calls.spawn(async move { world.post(ADMIN, &path, &json!({ "into": into })).await.status });
    }
    for number in 0..4 {
        let world = world.clone();
        calls.spawn(async move {
            let contact = format!("08120000000{}", number % 2 + 1);
            let body = crate::support::usual(json!({ "contact_information": contact }));
            world.post(Who::Anonymous, "/api/v1/order/", &body).await.status
        });
    }
    let mut statuses = calls.join_all().await;
    statuses.sort_unstable();
    let mut expected = vec![200];
    expected.extend([201; 4]);
    expected.push(400);
    assert_eq!(statuses, expected, "one merge wins, every order is placed");
    let stays =
        world.words("SELECT id::text AS word FROM customers WHERE merged_into IS NULL").await;
    world
        .eventually(async || {
            let left =
                "SELECT count(*) AS number FROM orders JOIN customers ON customers.id = customer_id
                        WHERE merged_into IS NOT NULL";
            (world.number(left).await == 0).then_some(())
        })
        .await;
    let survivor = world.get(ADMIN, &format!("{CUSTOMERS}{}/", stays[0])).await.body;
    assert_eq!(survivor["total_orders"], 456);
}
