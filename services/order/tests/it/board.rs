//! The board shows open work by stage, and what is late.

use chrono::TimeZone as _;
use reqwest::Method;
use serde_json::{Value, json};

use crate::change::pay_deposit;
use crate::production::report;
use crate::support::{ADMIN, World, admin_path, path};

async fn board(world: &World, query: &str) -> Value {
    let answer = world.get(ADMIN, &format!("/api/v1/admin/production/board/{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

/// Stages with what stands at them, as `(code, count, late)`.
fn figures(board: &Value) -> Vec<(String, i64, i64)> {
    let stages = board["stages"].as_array().unwrap().iter();
    stages
        .map(|stage| {
            let number = |key: &str| stage[key].as_i64().unwrap();
            (stage["code"].as_str().unwrap().to_owned(), number("count"), number("late"))
        })
        .filter(|(_, count, _)| *count > 0)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn open_work_stands_at_its_stage_and_says_when_it_is_late() {
    let world = World::start().await;
    world.clock.set(chrono::Utc.with_ymd_and_hms(2031, 7, 1, 3, 0, 0).unwrap());
    let unpaid = world.order(json!({})).await;
    let queued = world.order(json!({})).await;
    let cutting = world.order(json!({})).await;
    let sewing = world.order(json!({})).await;
    let by_hand = world.order(json!({})).await;
    for order in [&queued, &cutting, &sewing] {
        pay_deposit(&world, order).await;
    }
    for (order, day) in [(&queued, "2031-07-03"), (&sewing, "2031-07-20")] {
        let promised = json!({ "promised_on": day });
        assert_eq!(world.patch(ADMIN, &path(order), &promised).await.status, 200);
    }
    let plan =
        json!({ "stages": [{ "name": "Potong" }, { "name": "Jahit", "due_on": "2031-07-02" }] });
    let planned = admin_path(&sewing, "production/plan/");
    assert_eq!(world.call(ADMIN, Method::PUT, &planned, Some(&plan)).await.status, 200);
    let cut = json!({ "stage": "potong", "good": 24 });
    assert_eq!(report(&world, &sewing, cut).await.status, 201);
    let some = json!({ "stage": "potong", "good": 1 });
    assert_eq!(report(&world, &cutting, some).await.status, 201);
    let hand = json!({ "production_status": "diproses" });
    assert_eq!(world.patch(ADMIN, &path(&by_hand), &hand).await.status, 200);

    let now = board(&world, "").await;
    let stage = |code: &str, count, late| (code.to_owned(), count, late);
    let expected = [
        stage("menunggu", 1, 0),
        stage("potong", 1, 0),
        stage("jahit", 1, 0),
        stage("diproses", 1, 0),
    ];
    assert_eq!(figures(&now), expected);
    assert_eq!((&now["count"], &now["late"]), (&json!(4), &json!(0)));
    assert!(!now.to_string().contains(unpaid["order_code"].as_str().unwrap()));

    // Half past midnight of the fourth in Jakarta: the queue's promise and the sewing's day passed.
    world.clock.set(chrono::Utc.with_ymd_and_hms(2031, 7, 3, 17, 30, 0).unwrap());
    let late = board(&world, "").await;
    assert_eq!(late["today"], "2031-07-04");
    let expected = [
        stage("menunggu", 1, 1),
        stage("potong", 1, 0),
        stage("jahit", 1, 1),
        stage("diproses", 1, 0),
    ];
    assert_eq!(figures(&late), expected);
    let card = &late["stages"][3]["results"][0];
    assert_eq!((&card["order_code"], &card["is_late"]), (&sewing["order_code"], &json!(true)));

    // What is finished, cancelled or deleted is no open work.
    let done = json!({ "production_status": "selesai" });
    assert_eq!(world.patch(ADMIN, &path(&sewing), &done).await.status, 200);
    let cancel = json!({ "status_order": "dibatalkan" });
    assert_eq!(world.patch(ADMIN, &path(&queued), &cancel).await.status, 200);
    let deleted = world.call(ADMIN, Method::DELETE, &path(&by_hand), None).await;
    assert_eq!(deleted.status, 204);
    assert_eq!(figures(&board(&world, "").await), [stage("potong", 1, 0)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stage_is_paged_the_most_urgent_first() {
    let world = World::start().await;
    let mut codes = Vec::new();
    for day in ["2031-07-09", "2031-07-02", "2031-07-05"] {
        let order = world.order_as(ADMIN, json!({ "promised_on": day })).await;
        let hand = json!({ "production_status": "diproses" });
        assert_eq!(world.patch(ADMIN, &path(&order), &hand).await.status, 200);
        codes.push(order["order_code"].clone());
    }
    let first = board(&world, "?stage=diproses&page_size=2").await;
    let stage = &first["stages"][0];
    let shown = |stage: &Value| -> Vec<Value> {
        let rows = stage["results"].as_array().unwrap().iter();
        rows.map(|row| row["order_code"].clone()).collect()
    };
    assert_eq!(shown(stage), [codes[1].clone(), codes[2].clone()]);
    let next = stage["next"].as_str().unwrap();
    assert!(next.ends_with("/api/v1/admin/production/board/?stage=diproses&page=2&page_size=2"));
    let second = board(&world, "?stage=diproses&page=2&page_size=2").await;
    assert_eq!(shown(&second["stages"][0]), [codes[0].clone()]);
    assert_eq!(second["stages"][0]["next"], Value::Null);
    for (query, status) in
        [("?stage=gudang", 400), ("?stage=diproses&page=3&page_size=2", 404), ("?page=0", 400)]
    {
        let path = format!("/api/v1/admin/production/board/{query}");
        assert_eq!(world.get(ADMIN, &path).await.status, status, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_looks_into_its_index() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let fields = "'tracking_token', md5(n::text), 'order_code', 'T-' || n, 'production_status',
                  CASE WHEN n % 100 = 0 THEN 'diproses' ELSE 'selesai' END";
    world.copies(&order, "generate_series(1, 5000) n", fields).await;
    world.run("ANALYZE orders").await;
    for (file, query) in [
        ("counts", include_str!("../../src/store/board_counts.sql")),
        ("cards", include_str!("../../src/store/board_cards.sql")),
    ] {
        let query = query
            .replace("unnest($1)", "unnest(ARRAY['diproses', 'potong'])")
            .replace("< $1", "< date '2031-07-01'")
            .replace("$2", "20")
            .replace("$3", "0");
        world.run(EXPLAINED).await;
        let plan = format!("SELECT plan AS word FROM explained({})", quoted(&query));
        let plan = world.words(&plan).await.join("\n");
        assert!(plan.contains("orders_board"), "{file}:\n{plan}");
        assert!(!plan.contains("Seq Scan on orders"), "{file}:\n{plan}");
    }
}

/// Answers the plan of a query as rows.
const EXPLAINED: &str = "
    CREATE OR REPLACE FUNCTION explained(query text) RETURNS TABLE (plan text)
    LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN ' || query; END $$";

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
