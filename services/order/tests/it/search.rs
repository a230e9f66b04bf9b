//! The search box: typos, word order, accents, spellings of a contact, and which field was met.

use serde_json::{Value, json};

use crate::support::{ADMIN, World};

/// Orders of these (name, product, contact), in the order they are placed.
async fn place(world: &World, rows: &[(&str, &str, &str)]) -> Vec<Value> {
    let mut orders = Vec::new();
    for (name, product, contact) in rows {
        world.clock.advance(chrono::Duration::minutes(1));
        let changes = json!({
            "customer_name": name, "product_name": product, "contact_information": contact,
        });
        orders.push(world.order(changes).await);
    }
    orders
}

/// Positions of the found orders as they are ranked, and the field each was ranked by.
async fn ranked(world: &World, orders: &[Value], search: &str) -> Vec<(usize, String)> {
    let query: String =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("search", search).finish();
    let answer = world.get(ADMIN, &format!("/api/v1/order/?{query}")).await;
    assert_eq!(answer.status, 200, "{search}: {}", answer.body);
    let results = answer.body["results"].as_array().unwrap();
    assert_eq!(answer.body["count"], results.len(), "{search}");
    results
        .iter()
        .map(|row| {
            let place = orders.iter().position(|order| order["id"] == row["id"]).unwrap();
            (place, row["matched_on"][0].as_str().unwrap_or_default().to_owned())
        })
        .collect()
}

async fn found(world: &World, orders: &[Value], search: &str) -> Vec<usize> {
    let mut places: Vec<_> =
        ranked(world, orders, search).await.into_iter().map(|(place, _)| place).collect();
    places.sort_unstable();
    places
}

#[tokio::test(flavor = "multi_thread")]
async fn typos_word_order_and_accents_are_forgiven() {
    let world = World::start().await;
    let orders = place(
        &world,
        &[
            ("Budi Santoso", "Kaos Custom", "081200000001"),
            ("Siti Nurhaliza", "Kemeja PDH", "081200000002"),
            ("Réza Wijaya", "Jaket", "081200000003"),
            ("Agus", "Topi", "081200000004"),
        ],
    )
    .await;
    for (search, expected) in [
        // One typo below six letters: left out, added, replaced, exchanged.
        ("bdi", vec![0]),
        ("buddi", vec![0]),
        ("bufi", vec![0]),
        ("bdui", vec![0]),
        ("agsu", vec![3]),
        // Two are too many.
        ("bxxi", vec![]),
        // Two from six letters on.
        ("santoso", vec![0]),
        ("sntosp", vec![0]),
        ("nurhaiza", vec![1]),
        ("nurhalisah", vec![1]),
        ("wjiyaa", vec![2]),
        // Three are too many.
        ("nurxxxiza", vec![]),
        // In any order, each misspelt.
        ("santozo budi", vec![0]),
        ("nurhalisa sitti", vec![1]),
        ("budi wijaya", vec![]),
        // Accents on either side.
        ("reza", vec![2]),
        ("RÉZÀ", vec![2]),
        ("bùdi sántoso", vec![0]),
    ] {
        assert_eq!(found(&world, &orders, search).await, expected, "{search}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_best_match_comes_first_and_says_its_field() {
    let world = World::start().await;
    let orders = place(
        &world,
        &[
            ("Rudy Hartono", "Kaos Budi", "081200000001"),
            ("Yudi", "Topi", "budi@contoh.com"),
            ("Budiman", "Kemeja", "081200000003"),
            ("Budi", "Jaket", "081200000004"),
            ("Bubi", "Jaket", "081200000005"),
            ("Santi", "Topi", "081200000006"),
        ],
    )
    .await;
    let field = |name: &str| name.to_owned();
    assert_eq!(
        ranked(&world, &orders, "budi").await,
        [
            (3, field("customer_name")),
            (2, field("customer_name")),
            (0, field("product_name")),
            (1, field("contact_information")),
            (4, field("customer_name")),
        ]
    );
    let code = orders[0]["order_code"].as_str().unwrap().to_lowercase();
    assert_eq!(ranked(&world, &orders, &code).await, [(0, field("order_code"))]);
    assert_eq!(
        ranked(&world, &orders, "Budi@Contoh.com").await,
        [(1, field("contact_information"))]
    );
    // All fields that were met stand there, and only in answer to a search.
    let both = world.get(ADMIN, "/api/v1/order/?search=kaos%20budi").await.body;
    assert_eq!(both["results"][0]["matched_on"], json!(["product_name"]));
    let plain = world.get(ADMIN, "/api/v1/order/").await.body;
    assert!(plain["results"][0].get("matched_on").is_none());
    let slim = world.get(ADMIN, "/api/v1/order/?search=santi&fields=order_code,matched_on").await;
    assert_eq!(
        slim.body["results"],
        json!([{ "order_code": orders[5]["order_code"], "matched_on": ["customer_name"] }])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_spellings_of_one_phone_find_one_customer() {
    let world = World::start().await;
    let orders = place(
        &world,
        &[
            ("Budi", "Kaos", "0812-3456-7890"),
            ("Siti", "Kaos", "081234567891"),
            ("Agus", "Kaos", "0857 1111 2222"),
        ],
    )
    .await;
    for search in [
        "081234567890",
        "0812-3456-7890",
        "0812 3456 7890",
        "0812.3456.7890",
        "(0812) 34567890",
        "81234567890",
        "6281234567890",
        "+6281234567890",
        "+62 812-3456-7890",
        "+62 (812) 3456 7890",
        "62 812 3456 7890",
    ] {
        assert_eq!(found(&world, &orders, search).await, [0], "{search}");
        let query: String = url::form_urlencoded::byte_serialize(search.as_bytes()).collect();
        let customers = world.get(ADMIN, &format!("/api/v1/admin/customers/?search={query}")).await;
        assert_eq!(customers.body["count"], 1, "{search}: {}", customers.body);
        assert_eq!(customers.body["results"][0]["phone"], "6281234567890");
        assert_eq!(customers.body["results"][0]["matched_on"][0], "phone");
    }
    for (search, expected) in
        [("0812", vec![0, 1]), ("812 3456", vec![0, 1]), ("1111", vec![2]), ("62857", vec![2])]
    {
        assert_eq!(found(&world, &orders, search).await, expected, "{search}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_is_narrowed_sorted_and_paged() {
    let world = World::start().await;
    let mut orders = Vec::new();
    for number in 0..7 {
        world.clock.advance(chrono::Duration::minutes(1));
        let name = if number % 2 == 0 { "Budi" } else { "Budiman" };
        let changes = json!({ "customer_name": name, "total_price": 1_000_000 * (number + 1) });
        orders.push(world.order(changes).await);
    }
    let places = async |query: &str| -> Vec<usize> {
        let body = world.get(ADMIN, &format!("/api/v1/order/?{query}")).await.body;
        let place = |row: &Value| orders.iter().position(|order| order["id"] == row["id"]).unwrap();
        body["results"].as_array().unwrap().iter().map(place).collect()
    };
    // Whole words first, then parts; within each the newest.
    assert_eq!(places("search=budi").await, [6, 4, 2, 0, 5, 3, 1]);
    assert_eq!(places("search=budi&page_size=3&page=2").await, [0, 5, 3]);
    assert_eq!(places("search=budi&page_size=3&page=3").await, [1]);
    assert_eq!(places("search=budi&ordering=created_at").await, [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(places("search=budi&ordering=-total_price&page_size=2").await, [6, 5]);
    assert_eq!(places("search=budi&min_amount=3000000&max_amount=5000000").await, [4, 2, 3]);
    let body = world.get(ADMIN, "/api/v1/order/?search=budi&page_size=3&page=2").await.body;
    assert_eq!(body["count"], 7);
    assert_eq!(body["next"], "http://localhost:8000/api/v1/order/?search=budi&page_size=3&page=3");
    assert_eq!(
        body["previous"],
        "http://localhost:8000/api/v1/order/?search=budi&page_size=3&page=1"
    );
    let long = "kata%20".repeat(11);
    let refused = world.get(ADMIN, &format!("/api/v1/order/?search={long}")).await;
    assert_eq!(refused.status, 400);
    assert!(refused.body["details"]["search"].is_array());
}

/// Rust folds what is searched, PostgreSQL what is stored: they must agree.
#[tokio::test(flavor = "multi_thread")]
async fn both_sides_fold_alike() {
    let world = World::start().await;
    let names = [
        "Budi SANTOSO",
        "Réza Üğur",
        "Dr. H. Nur'aini, S.H.",
        "Al-Farisi / Hidayat",
        "  Øystein  Ångström ",
        "Łukasz Żółć",
        "ﬁrman Ⅳ",
        "李小龙",
        "Жанна",
        "O’Brien “X”",
    ];
    let orders: Vec<(&str, &str, &str)> =
        names.iter().map(|name| (*name, "Kaos", "081234567890")).collect();
    place(&world, &orders).await;
    for name in names {
        let query: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
        let body = world.get(ADMIN, &format!("/api/v1/order/?search={query}")).await.body;
        assert_eq!(body["results"][0]["customer_name"], name.trim(), "{name}: {body}");
        assert_eq!(body["results"][0]["matched_on"][0], "customer_name", "{name}");
    }
}
