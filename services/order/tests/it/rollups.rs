//! Roll-ups are at every moment what counting the orders gives.

use chrono::Duration;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::facts::{About, Invoice};
use crate::support::{ADMIN, World, path};

/// Each filter, and the same as a condition on the orders themselves.
const FILTERS: [(&str, &str); 15] = [
    ("", "true"),
    ("status=dp_dibayar,lunas", "status_order IN ('dp_dibayar', 'lunas')"),
    ("status=dibatalkan", "status_order = 'dibatalkan'"),
    ("production_status=diproses", "production_status = 'diproses'"),
    ("payment_type=full", "payment_type = 'full'"),
    (
        "status=menunggu_link&production_status=menunggu&payment_type=dp",
        "status_order = 'menunggu_link' AND production_status = 'menunggu' AND payment_type = 'dp'",
    ),
    (
        "date_from=2031-03-02&date_to=2031-03-03",
        "(created_at AT TIME ZONE 'Asia/Jakarta')::date BETWEEN '2031-03-02' AND '2031-03-03'",
    ),
    // By product alone, by name alone, by either.
    ("search=topi", "product_name ILIKE '%topi%'"),
    ("search=agus", "customer_name ILIKE '%agus%'"),
    ("search=kaos", "product_name ILIKE '%kaos%' OR customer_name ILIKE '%kaos%'"),
    // Products are known by state, names are not.
    (
        "search=kaos&status=menunggu_link,lunas",
        "(product_name ILIKE '%kaos%' OR customer_name ILIKE '%kaos%')
         AND status_order IN ('menunggu_link', 'lunas')",
    ),
    (
        "search=topi&production_status=menunggu&payment_type=full",
        "product_name ILIKE '%topi%' AND production_status = 'menunggu' AND payment_type = 'full'",
    ),
    (
        "search=kaos&date_from=2031-03-02",
        "(product_name ILIKE '%kaos%' OR customer_name ILIKE '%kaos%')
         AND (created_at AT TIME ZONE 'Asia/Jakarta')::date >= '2031-03-02'",
    ),
    ("customer_name=agus", "customer_name ILIKE '%agus%'"),
    ("customer_name=us kao", "customer_name ILIKE '%us kao%'"),
];

async fn compare(world: &World, when: &str) {
    for (query, condition) in FILTERS {
        let list = world.get(ADMIN, &format!("/api/v1/order/?{query}&page_size=100")).await.body;
        let count = format!(
            "SELECT count(*) AS number FROM orders WHERE deleted_at IS NULL AND ({condition})"
        );
        assert_eq!(list["count"], world.number(&count).await, "{when}: {query}");
        let paid = format!(
            "SELECT to_char(coalesce(sum(paid_amount), 0), 'FM9999999999990.00') AS word
             FROM orders WHERE deleted_at IS NULL AND ({condition})"
        );
        let expected = json!(world.words(&paid).await[0]);
        assert_eq!(list["summary"]["total_revenue"], expected, "{when}: {query}");
        let rows = list["results"].as_array().unwrap().len();
        assert_eq!(list["count"], rows, "{when}: {query}");
    }
}

async fn write(world: &World, random: &mut StdRng, orders: &mut Vec<Value>, number: i64) {
    if orders.len() < 4 || random.random_bool(0.3) {
        world.clock.advance(Duration::hours(random.random_range(0..9)));
        let kind = ["dp", "full"][random.random_range(0..2)];
        let product = ["Kaos Polos", "Kemeja", "Jaket Kaos"][random.random_range(0..3)];
        let name = ["Agus Kaosan", "Agus", "Dewi Kaos", "Wulandari"][random.random_range(0..4)];
        let order = world
            .order(json!({
                "customer_name": name,
                "product_name": product,
                "payment_type": kind,
                "total_price": 1_000_000 * random.random_range(1..9),
                "contact_information": format!("0812000{number:05}"),
            }))
            .await;
        orders.push(order);
        return;
    }
    let order = &orders[random.random_range(0..orders.len())];
    let id = order["id"].as_str().unwrap();
    match random.random_range(0..8) {
        0 => drop(world.call(ADMIN, Method::DELETE, &path(order), None).await),
        1 => {
            world.run(&format!("UPDATE orders SET deleted_at = NULL WHERE id = '{id}'")).await;
        }
        2 => {
            let invoice = Invoice { rupiah: 500_000, ..Invoice::deposit() };
            world.hear(&About::order(order).paid(&invoice, 500_000, number + 1)).await;
        }
        3 => {
            let invoice = Invoice { rupiah: 9_000_000, ..Invoice::full() };
            world.hear(&About::order(order).paid(&invoice, 9_000_000, number + 1)).await;
        }
        4 => {
            let body = json!({ "status_order": "dibatalkan" });
            drop(world.patch(ADMIN, &path(order), &body).await);
        }
        5 => {
            let body = json!({ "production_status": "diproses" });
            drop(world.patch(ADMIN, &path(order), &body).await);
        }
        6 => {
            let body = json!({ "total_price": 2_000_000, "product_name": "Topi" });
            drop(world.patch(ADMIN, &path(order), &body).await);
        }
        // Several rows in one statement.
        _ => {
            world
                .run("UPDATE orders SET production_status = 'menunggu' WHERE production_status = 'diproses'")
                .await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_any_writes_the_figures_are_those_of_the_orders() {
    let world = World::start().await;
    let seed: u64 = rand::rng().random();
    let mut random = StdRng::seed_from_u64(seed);
    world.clock.set("2031-03-01T09:00:00Z".parse().unwrap());
    let mut orders = Vec::new();
    for number in 0..60 {
        write(&world, &mut random, &mut orders, number).await;
        // The upkeep folds meanwhile, whenever its second is over.
        if number % 12 == 11 {
            compare(&world, &format!("seed {seed}, write {number}")).await;
        }
    }
    world
        .eventually(async || {
            let waiting = "SELECT count(*) AS number FROM order_changes";
            (world.number(waiting).await == 0).then_some(())
        })
        .await;
    compare(&world, &format!("seed {seed}, all folded")).await;
    for rollup in ["product_rollup", "name_rollup"] {
        let empty = format!("SELECT count(*) AS number FROM {rollup} WHERE orders = 0");
        assert_eq!(world.number(&empty).await, 0, "seed {seed}: {rollup} forgets");
    }
    world.run("SELECT orders_rebuild_rollups()").await;
    compare(&world, &format!("seed {seed}, made anew")).await;
    assert_eq!(
        world
            .number("SELECT count(*) AS number FROM order_rollup WHERE orders < 0 OR paid < 0")
            .await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_by_day_are_the_pages_without_roll_ups() {
    let world = World::start().await;
    for number in 0..25 {
        world.clock.advance(Duration::hours(5));
        let kind = if number % 3 == 0 { "full" } else { "dp" };
        world.order(json!({ "payment_type": kind })).await;
    }
    for ordering in ["-created_at", "created_at"] {
        for filter in ["", "&payment_type=full", "&status=menunggu_link&payment_type=dp"] {
            let ids = async |query: String| -> Vec<Value> {
                let body = world.get(ADMIN, &format!("/api/v1/order/?{query}")).await.body;
                let results = body["results"].as_array().unwrap();
                results.iter().map(|row| row["id"].clone()).collect()
            };
            // An amount keeps the roll-ups out of it.
            let whole = format!("page_size=100&min_amount=1&ordering={ordering}{filter}");
            let expected = ids(whole).await;
            let mut paged = Vec::new();
            for page in 1..=expected.len().div_ceil(4) {
                paged.extend(
                    ids(format!("page_size=4&page={page}&ordering={ordering}{filter}")).await,
                );
            }
            assert_eq!(paged, expected, "{ordering}{filter}");
        }
    }
}
