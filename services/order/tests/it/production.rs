//! Orders go through their stages; nobody reports more pieces than reached a stage.

use futures_util::future::join_all;
use konveksi_contracts::v1::OrderProductionChanged;
use konveksi_identity::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::garments::shirts;
use crate::support::{ADMIN, Answer, Who, World, admin_path, path};

const FLOOR: Who = Who::Staff(Role::Production);

pub(crate) async fn report(world: &World, order: &Value, body: Value) -> Answer {
    world.post(FLOOR, &admin_path(order, "production/reports/"), &body).await
}

async fn taken(world: &World, order: &Value, body: Value) -> Value {
    let answer = report(world, order, body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.body
}

async fn refused(world: &World, order: &Value, body: Value) -> Value {
    let before = world.get(ADMIN, &admin_path(order, "production/")).await.body;
    let answer = report(world, order, body).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    let after = world.get(ADMIN, &admin_path(order, "production/")).await.body;
    assert_eq!(after, before, "a refused report leaves nothing behind");
    answer.body
}

async fn matrix_order(world: &World) -> Value {
    world.order(json!({ "items": shirts(), "quantity": null, "total_price": null })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_matrix_goes_through_its_stages_with_rejects_and_rework() {
    let world = World::start().await;
    let order = matrix_order(&world).await;
    let fresh = world.get(ADMIN, &admin_path(&order, "production/")).await;
    assert_eq!((fresh.status, &fresh.body["stages"]), (200, &json!([])));
    let both = json!([{ "size": "M", "good": 10 }, { "size": "xxl", "good": 5 }]);
    let cut = taken(&world, &order, json!({ "stage": "potong", "counts": both })).await;
    assert_eq!(cut["production_status"], "diproses");
    assert_eq!(cut["current_stage"], "sablon-bordir");
    let names: Vec<_> = cut["stages"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!(names, ["potong", "sablon-bordir", "jahit", "finishing", "qc", "packing"]);
    for stage in ["sablon-bordir", "jahit", "finishing"] {
        taken(&world, &order, json!({ "stage": stage, "counts": both })).await;
    }
    let checked = json!([{ "size": "M", "good": 8, "reject": 2 }, { "size": "2XL", "good": 5 }]);
    let checked = json!({ "stage": "qc", "counts": checked, "notes": "Jahitan lepas" });
    let checked = taken(&world, &order, checked).await;
    assert_eq!(checked["stages"][4]["reject"], 2);
    let back = json!({ "stage": "qc", "back_to": "jahit", "size": "M", "quantity": 2 });
    let back = world.post(FLOOR, &admin_path(&order, "production/rework/"), &back).await;
    assert_eq!(back.status, 201, "{}", back.body);
    assert_eq!(back.body["current_stage"], "jahit");
    assert_eq!(back.body["stages"][2]["counts"][0]["waiting"], 2);
    assert_eq!(back.body["stages"][4]["reject"], 0);
    for stage in ["jahit", "finishing", "qc"] {
        taken(&world, &order, json!({ "stage": stage, "size": "M", "good": 2 })).await;
    }
    let packed = taken(&world, &order, json!({ "stage": "packing", "counts": both })).await;
    assert_eq!(packed["production_status"], "selesai");
    assert_eq!(packed["current_stage"], Value::Null);
    insta::assert_json_snapshot!(packed, {
        ".order_id" => "[id]", ".order_code" => "[code]", ".stages[].started_at" => "[time]",
        ".stages[].finished_at" => "[time]",
    });
    let told: Vec<OrderProductionChanged> = world.told_as().await;
    assert_eq!(told.iter().map(|event| event.notify).collect::<Vec<_>>(), [false, true]);
    history_tells_all(&world, &order).await;
}

async fn history_tells_all(world: &World, order: &Value) {
    let reports = world.get(ADMIN, &admin_path(order, "production/reports/?page_size=3")).await;
    assert_eq!(reports.body["count"], 16);
    assert_eq!(reports.body["results"].as_array().unwrap().len(), 3);
    assert_eq!(reports.body["results"][0]["actor"], "staff:7");
    assert!(reports.body["next"].as_str().unwrap().contains("page=2"));
    let history = world.history(order).await;
    let of_kind = |kind: &str| {
        let rows = history.iter().filter(|row| row["change_type"] == kind);
        rows.map(|row| row["notes"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let reports = of_kind("production_report");
    assert_eq!(reports.len(), 10);
    assert_eq!(reports[0], "Potong: +10 baik, +0 rusak M; +5 baik, +0 rusak 2XL.");
    assert!(reports[4].ends_with("Jahitan lepas"));
    assert_eq!(reports[5], "2 rusak ukuran M dari QC kembali ke Jahit.");
    assert_eq!(of_kind("production_status").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_order_is_counted_as_one() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let cut = taken(&world, &order, json!({ "stage": "potong", "good": 20, "reject": 4 })).await;
    assert_eq!(cut["stages"][0]["counts"][0]["size"], "-");
    let too_many = refused(&world, &order, json!({ "stage": "jahit", "good": 1 })).await;
    assert_eq!(too_many["error_code"], "PRODUCTION_COUNT_INVALID");
    assert!(too_many["error"].as_str().unwrap().contains("1 potong dihitung, padahal baru 0"));
    let printed = taken(&world, &order, json!({ "stage": "sablon-bordir", "good": 20 })).await;
    assert_eq!(printed["stages"][1]["is_finished"], false);
    refused(&world, &order, json!({ "stage": "potong", "good": 1 })).await;
    // A slip is corrected, but not below what the next stage used.
    refused(&world, &order, json!({ "stage": "potong", "good": -1 })).await;
    taken(&world, &order, json!({ "stage": "potong", "good": 1, "reject": -1 })).await;
    for (body, field) in [
        (json!({ "good": 1 }), "stage"),
        (json!({ "stage": "gudang", "good": 1 }), "stage"),
        (json!({ "stage": "potong" }), "counts[0].good"),
        (json!({ "stage": "potong", "counts": [] }), "counts"),
        (json!({ "stage": "potong", "good": 1.5 }), "counts[0].good"),
        (json!({ "stage": "potong", "good": 1, "size": "M" }), "counts[0].size"),
        (json!({ "stage": "potong", "good": 1, "item": 0 }), "counts[0].item"),
        (json!({ "stage": "potong", "counts": [{ "good": [] }] }), "counts[0].good"),
    ] {
        let told = refused(&world, &order, body.clone()).await;
        assert!(told["details"][field].is_array(), "{body}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_at_one_stage_cannot_count_a_piece_twice() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let path = admin_path(&order, "production/reports/");
    let body = json!({ "stage": "potong", "good": 3 });
    let cut = async || world.post(FLOOR, &path, &body).await;
    let reports = join_all((0..20).map(|_| world.served(cut))).await;
    let taken = reports.iter().filter(|answer| answer.status == 201).count();
    let refused = reports.iter().filter(|answer| answer.status == 400).count();
    assert_eq!((taken, refused), (8, 12), "24 pieces are eight times three");
    let made = world.get(ADMIN, &admin_path(&order, "production/")).await.body;
    assert_eq!(made["stages"][0]["good"], 24);
    assert_eq!(world.number("SELECT sum(good) AS number FROM production_reports").await, 24);
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_may_still_set_production_by_hand() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let by_hand = |status: &str| json!({ "production_status": status });
    assert_eq!(world.patch(ADMIN, &path(&order), &by_hand("selesai")).await.status, 200);
    // The counts do not pull it back: staff know better.
    let cut = taken(&world, &order, json!({ "stage": "potong", "good": 24 })).await;
    assert_eq!(cut["production_status"], "selesai");
    assert_eq!(world.patch(ADMIN, &path(&order), &by_hand("menunggu")).await.status, 200);
    let printed = taken(&world, &order, json!({ "stage": "sablon-bordir", "good": 1 })).await;
    assert_eq!(printed["production_status"], "diproses");
    assert_eq!(world.patch(ADMIN, &path(&order), &by_hand("selesai")).await.status, 200);
    assert_eq!(world.patch(ADMIN, &path(&order), &by_hand("dikirim")).await.status, 200);
    let late = refused(&world, &order, json!({ "stage": "jahit", "good": 1 })).await;
    assert_eq!(late["error_code"], "PRODUCTION_INVALID_TRANSITION");
    let other = world.order(json!({})).await;
    let cancel = json!({ "status_order": "dibatalkan" });
    assert_eq!(world.patch(ADMIN, &path(&other), &cancel).await.status, 200);
    let late = refused(&world, &other, json!({ "stage": "potong", "good": 1 })).await;
    assert_eq!(late["error_code"], "ORDER_CANCELLED");
}

#[tokio::test(flavor = "multi_thread")]
async fn counted_pieces_fix_sizes_and_stages() {
    let world = World::start().await;
    let order = matrix_order(&world).await;
    taken(&world, &order, json!({ "stage": "potong", "size": "M", "good": 1 })).await;
    let mut more = shirts();
    more[0]["sizes"][0]["quantity"] = json!(11);
    for body in [json!({ "items": more }), json!({ "items": [], "quantity": 15 })] {
        let answer = world.patch(ADMIN, &path(&order), &body).await;
        let told = (answer.status, &answer.body["error_code"]);
        assert_eq!(told, (400, &json!("PRODUCTION_STARTED")), "{}", answer.body);
    }
    let plan = admin_path(&order, "production/plan/");
    let other = json!({ "stages": [{ "name": "Potong" }, { "name": "Jahit" }] });
    let answer = world.call(ADMIN, Method::PUT, &plan, Some(&other)).await;
    assert_eq!((answer.status, &answer.body["error_code"]), (400, &json!("PRODUCTION_STARTED")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_planned_with_stages_and_days_of_its_own() {
    let world = World::start().await;
    let order = world.order(json!({})).await;
    let plan = admin_path(&order, "production/plan/");
    let body = json!({
        "promised_on": "2031-07-14",
        "stages": [{ "name": "Potong", "due_on": "2031-07-02" }, { "name": "Obras & Jahit" }],
        "version": order["version"],
    });
    let planned = world.call(ADMIN, Method::PUT, &plan, Some(&body)).await;
    assert_eq!(planned.status, 200, "{}", planned.body);
    assert_eq!(planned.body["promised_on"], "2031-07-14");
    assert_eq!(planned.body["stages"][0]["due_on"], "2031-07-02");
    assert_eq!(planned.body["stages"][1]["code"], "obras-jahit");
    let stale = world.call(ADMIN, Method::PUT, &plan, Some(&body)).await;
    assert_eq!((stale.status, &stale.body["current_version"]), (412, &json!(2)));
    let wrong = json!({ "stages": [{ "name": "P" }, { "name": "Jahit", "due_on": "besok" }] });
    let wrong = world.call(ADMIN, Method::PUT, &plan, Some(&wrong)).await;
    assert!(wrong.body["details"]["stages[0].name"].is_array(), "{}", wrong.body);
    assert!(wrong.body["details"]["stages[1].due_on"].is_array());
    taken(&world, &order, json!({ "stage": "potong", "good": 24 })).await;
    // Once begun, days may still move.
    let later = json!({ "stages": [{ "name": "Potong" },
                                   { "name": "Obras & Jahit", "due_on": "2031-07-10" }] });
    let moved = world.call(ADMIN, Method::PUT, &plan, Some(&later)).await;
    assert_eq!(moved.status, 200, "{}", moved.body);
    assert_eq!(moved.body["stages"][0]["good"], 24);
    assert_eq!(moved.body["stages"][1]["due_on"], "2031-07-10");
    let kinds: Vec<_> = world.history(&order).await;
    assert_eq!(kinds.iter().filter(|row| row["change_type"] == "production_plan").count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shop_sets_its_own_stages() {
    let world = World::start().await;
    let stages = "/api/v1/admin/production/stages/";
    let begun = world.order(json!({})).await;
    taken(&world, &begun, json!({ "stage": "potong", "good": 1 })).await;
    let list = json!({ "stages": [{ "name": "Potong", "days": 2 }, { "name": "Jahit", "days": 3 },
                                  { "code": "cek", "name": "Pemeriksaan Akhir" }] });
    let set = world.call(ADMIN, Method::PUT, stages, Some(&list)).await;
    assert_eq!(set.status, 200, "{}", set.body);
    assert_eq!(world.get(FLOOR, stages).await.body, set.body);
    let next = world.order(json!({})).await;
    let made = taken(&world, &next, json!({ "stage": "potong", "good": 24 })).await;
    let codes: Vec<_> = made["stages"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!(codes, ["potong", "jahit", "cek"]);
    assert!(made["stages"][1]["due_on"].is_string() && made["stages"][2]["due_on"].is_null());
    // What has begun keeps its stages.
    let kept = taken(&world, &begun, json!({ "stage": "potong", "good": 1 })).await;
    assert_eq!(kept["stages"].as_array().unwrap().len(), 6);
    let empty = world.call(ADMIN, Method::PUT, stages, Some(&json!({ "stages": [] }))).await;
    assert!(empty.body["details"]["stages"].is_array());
}
