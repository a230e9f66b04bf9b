//! The list: pages, filters, search, figures.

use chrono::{Duration, TimeZone as _, Utc};
use serde_json::{Value, json};

use crate::support::facts::{About, Invoice};
use crate::support::{ADMIN, Who, World, path};

/// Five orders of three days in Jakarta, as `(code, …)` in the order they were placed.
async fn shop(world: &World) -> Vec<Value> {
    let mut orders = Vec::new();
    let rows = [
        ("Budi Santoso", "Kaos Custom", "081234567890", 1_000_000, "dp"),
        ("Siti Aminah", "Kemeja PDH", "siti@contoh.com", 2_000_000, "full"),
        ("Andi 100%", "Jaket_Hoodie", "0857 1111 2222", 3_000_000, "dp"),
        ("Budiman", "Kaos Polo", "+62 812 9999 8888", 4_000_000, "full"),
        ("Dewi", "Topi", "dewi@topi.co.id", 5_000_000, "dp"),
    ];
    for (index, (name, product, contact, total, kind)) in rows.into_iter().enumerate() {
        // 16:30 UTC is half an hour before midnight in Jakarta; the next is half an hour after.
        let day = 10 + u32::try_from(index / 2).unwrap();
        let hour = if index % 2 == 0 { 16 } else { 17 };
        world.clock.set(Utc.with_ymd_and_hms(2031, 3, day, hour, 30, 0).unwrap());
        let order = world
            .order(json!({
                "customer_name": name, "product_name": product, "contact_information": contact,
                "total_price": total, "payment_type": kind,
            }))
            .await;
        orders.push(order);
    }
    orders
}

async fn list(world: &World, query: &str) -> Value {
    let answer = world.get(ADMIN, &format!("/api/v1/order/?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    answer.body
}

/// Positions of the found orders in the shop, ascending.
async fn found(world: &World, orders: &[Value], query: &str) -> Vec<usize> {
    let body = list(world, query).await;
    let results = body["results"].as_array().unwrap();
    assert_eq!(body["count"], results.len(), "{query}");
    let mut positions: Vec<_> = results
        .iter()
        .map(|row| orders.iter().position(|order| order["id"] == row["id"]).unwrap())
        .collect();
    positions.sort_unstable();
    positions
}

#[tokio::test(flavor = "multi_thread")]
async fn one_box_searches_name_code_product_and_contact() {
    let world = World::start().await;
    let orders = shop(&world).await;
    let code = orders[2]["order_code"].as_str().unwrap();
    for (search, expected) in [
        ("budi", vec![0, 3]),
        ("BUDI%20SANTOSO", vec![0]),
        ("kaos", vec![0, 3]),
        ("100%25", vec![2]),
        ("%25", vec![2]),
        ("_", vec![2]),
        ("%5C", vec![]),
        ("siti%40contoh.com", vec![1]),
        ("SITI%40CONTOH", vec![1]),
        ("0812", vec![0, 3]),
        ("081234567890", vec![0]),
        ("%2B62%20812%203456%207890", vec![0]),
        ("6285711112222", vec![2]),
        (code, vec![2]),
        (&code.to_lowercase(), vec![2]),
        ("ORD-20310310", vec![]),
        ("tidak-ada", vec![]),
    ] {
        let query = format!("search={search}");
        assert_eq!(found(&world, &orders, &query).await, expected, "{search}");
    }
    let echoed = list(&world, "search=0812%203456").await;
    assert_eq!(echoed["filters_applied"], json!({ "search": "0812 3456" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_narrow_and_days_are_jakartas() {
    let world = World::start().await;
    let orders = shop(&world).await;
    world.hear(&About::order(&orders[0]).created(&Invoice::deposit())).await;
    let done = json!({ "production_status": "diproses" });
    assert_eq!(world.patch(ADMIN, &path(&orders[1]), &done).await.status, 200);
    for (query, expected) in [
        ("", vec![0, 1, 2, 3, 4]),
        ("status=link_dibuat", vec![0]),
        ("status=link_dibuat,lunas", vec![0]),
        ("status=menunggu_link&status=link_dibuat", vec![0, 1, 2, 3, 4]),
        ("production_status=diproses", vec![1]),
        ("payment_type=full", vec![1, 3]),
        // Order 0 was placed at 23:30 on the 10th, order 1 at 00:30 on the 11th… in Jakarta.
        ("date_from=2031-03-10&date_to=2031-03-10", vec![0]),
        ("date_from=2031-03-11&date_to=2031-03-11", vec![1, 2]),
        ("date_from=2031-03-12", vec![3, 4]),
        ("date_to=2031-03-11", vec![0, 1, 2]),
        ("min_amount=2000000&max_amount=4000000.00", vec![1, 2, 3]),
        ("min_amount=5000000", vec![4]),
        ("customer_name=BUDI", vec![0, 3]),
        ("search=kaos&payment_type=dp", vec![0]),
        ("unknown=1&status=&search=", vec![0, 1, 2, 3, 4]),
    ] {
        assert_eq!(found(&world, &orders, query).await, expected, "{query}");
    }
    let code = orders[3]["order_code"].as_str().unwrap().to_lowercase();
    assert_eq!(found(&world, &orders, &format!("order_code={code}")).await, [3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_says_what_was_filtered_and_sums_the_whole_set() {
    let world = World::start().await;
    let orders = shop(&world).await;
    let pay = |order: &Value, rupiah: i64| {
        let invoice = Invoice { rupiah, ..Invoice::full() };
        About::order(order).paid(&invoice, rupiah, 1)
    };
    world.hear(&pay(&orders[1], 2_000_000)).await;
    world.hear(&pay(&orders[3], 4_000_000)).await;
    let cancelled = json!({ "status_order": "dibatalkan" });
    assert_eq!(world.patch(ADMIN, &path(&orders[4]), &cancelled).await.status, 200);
    let body =
        list(&world, "date_from=2031-03-01&date_to=2031-03-31&min_amount=1&page_size=1").await;
    assert_eq!(body["count"], 5);
    assert_eq!(
        body["filters_applied"],
        json!({ "date_range": "2031-03-01 to 2031-03-31", "amount_range": "from 1" })
    );
    assert_eq!(
        body["summary"],
        json!({
            "total_revenue": "6000000.00", "avg_order_value": "1200000.00", "completion_rate": 50.0
        })
    );
    let nothing = list(&world, "search=tidak-ada").await;
    assert_eq!(
        nothing["summary"],
        json!({ "total_revenue": "0.00", "avg_order_value": "0.00", "completion_rate": 0.0 })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_by_absolute_links() {
    let world = World::start().await;
    let orders = shop(&world).await;
    let first = list(&world, "status=menunggu_link&page_size=2").await;
    assert_eq!(first["previous"], Value::Null);
    assert_eq!(
        first["next"],
        "http://localhost:8000/api/v1/order/?status=menunggu_link&page_size=2&page=2"
    );
    assert_eq!(first["results"][0]["id"], orders[4]["id"], "newest first");
    let second = list(&world, "status=menunggu_link&page_size=2&page=2").await;
    assert_eq!(
        second["previous"],
        "http://localhost:8000/api/v1/order/?status=menunggu_link&page_size=2&page=1"
    );
    let third = list(&world, "status=menunggu_link&page_size=2&page=3").await;
    assert_eq!((&third["next"], third["results"].as_array().unwrap().len()), (&Value::Null, 1));
    let admin = world.get(ADMIN, "/api/v1/admin/orders/?page_size=2").await.body;
    assert_eq!(admin["next"], "http://localhost:8000/api/v1/admin/orders/?page_size=2&page=2");
    let beyond = world.get(ADMIN, "/api/v1/order/?page=99").await;
    assert_eq!((beyond.status, &beyond.body["error_code"]), (404, &json!("PAGE_NOT_FOUND")));
    assert_eq!(list(&world, "page_size=1000").await["count"], 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_sorted_by_allowed_columns() {
    let world = World::start().await;
    let orders = shop(&world).await;
    let by = async |ordering: &str| -> Vec<usize> {
        let body = list(&world, &format!("ordering={ordering}")).await;
        let results = body["results"].as_array().unwrap();
        let place = |row: &Value| orders.iter().position(|order| order["id"] == row["id"]).unwrap();
        results.iter().map(place).collect()
    };
    assert_eq!(by("total_price").await, [0, 1, 2, 3, 4]);
    assert_eq!(by("-total_price").await, [4, 3, 2, 1, 0]);
    assert_eq!(by("created_at").await, [0, 1, 2, 3, 4]);
    assert_eq!(by("customer_name").await, [2, 0, 3, 4, 1]);
    for key in ["updated_at", "product_name", "order_code", "quantity", "status_order"] {
        assert_eq!(by(key).await.len(), 5, "{key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slim_rows_have_only_the_fields_asked_for() {
    let world = World::start().await;
    let orders = shop(&world).await;
    let body = list(&world, "fields=id,order_code&search=dewi").await;
    assert_eq!(
        body["results"],
        json!([{ "id": orders[4]["id"], "order_code": orders[4]["order_code"] }])
    );
    let full = list(&world, "customer_name=dewi").await;
    let mut row = orders[4].clone();
    // What only a single order shows.
    for field in ["items", "adjustments", "tracking_url"] {
        row.as_object_mut().unwrap().remove(field).unwrap();
    }
    assert_eq!(full["results"][0], row);
}

#[tokio::test(flavor = "multi_thread")]
async fn since_finds_what_changed_after_an_instant() {
    let world = World::start().await;
    let orders = shop(&world).await;
    let seen = orders[4]["updated_at"].as_str().unwrap();
    assert!(found(&world, &orders, &format!("since={seen}")).await.is_empty());
    world.clock.advance(Duration::seconds(5));
    let body = json!({ "design_notes": "baru" });
    assert_eq!(world.patch(ADMIN, &path(&orders[2]), &body).await.status, 200);
    assert_eq!(found(&world, &orders, &format!("since={seen}")).await, [2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_parameters_are_named() {
    let world = World::start().await;
    for (query, field) in [
        ("status=selesai", "status"),
        ("production_status=lunas", "production_status"),
        ("payment_type=pelunasan", "payment_type"),
        ("date_from=01-01-2031", "date_from"),
        ("date_to=2031-02-30", "date_to"),
        ("date_from=2031-02-02&date_to=2031-02-01", "date_to"),
        ("date_to=99999-01-01", "date_to"),
        ("min_amount=sejuta", "min_amount"),
        ("max_amount=-1", "max_amount"),
        ("min_amount=2&max_amount=1", "max_amount"),
        ("since=kemarin", "since"),
        ("ordering=tracking_token", "ordering"),
        ("fields=id,tracking_token", "fields"),
        ("page=0", "page"),
        ("page=x", "page"),
        ("page_size=0", "page_size"),
        ("search=%00", "search"),
    ] {
        let answer = world.get(ADMIN, &format!("/api/v1/order/?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.body["details"][field].is_array(), "{query}: {}", answer.body);
    }
    assert_eq!(world.get(Who::Anonymous, "/api/v1/order/?page=0").await.status, 403);
}
