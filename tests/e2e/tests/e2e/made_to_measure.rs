//! An order of sizes and prints: placed once however often it is sent, made stage by stage, followed
//! by its link, deleted and restored.

use anyhow::{Result, ensure};
use futures_util::future::join_all;
use konveksi_e2e::{Admin, Placed, SOON, Stack, customer_order};
use konveksi_test_support::eventually;
use serde_json::{Value, json};

/// 100 pieces for 7,500,000.
fn sized_order() -> Value {
    let mut order = customer_order("dp", "081277776666");
    order["items"] = json!([{
        "product_name": "Kaos Custom", "colour": "Navy", "unit_price": 65_000,
        "sizes": [{ "size": "M", "quantity": 60 }, { "size": "XXL", "quantity": 40, "surcharge": 10_000 }],
        "decorations": [{ "type": "dtf", "place": "punggung", "size": "A4", "price": 8_000 }],
    }]);
    order["adjustments"] =
        json!([{ "type": "diskon", "description": "Seragam sekolah", "amount": 200_000 }]);
    order
}

async fn place(stack: &Stack, key: &str, order: &Value) -> Result<(u16, Value)> {
    let request = stack.http().post(stack.api("/order/")?).header("idempotency-key", key);
    let answer = request.json(order).send().await?;
    Ok((answer.status().as_u16(), answer.json().await?))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_placed_once_made_by_size_and_followed_by_its_link() -> Result<()> {
    let stack = Stack::start().await?;
    let (admin, world) = (stack.admin().await?, stack.world()?);
    let order = sized_order();
    let sent = join_all((0..8).map(|_| place(&stack, "seragam-1", &order))).await;
    let sent: Vec<(u16, Value)> = sent.into_iter().collect::<Result<_>>()?;
    let (status, answer) = &sent[0];
    ensure!(*status == 201 && answer["order"]["items"][0]["quantity"] == 100, "{answer}");
    ensure!(sent.iter().all(|one| *one == sent[0]), "eight equal answers: {sent:?}");
    let list = admin.get("/admin/orders/").await?;
    ensure!(list["count"] == 1, "{list}");
    let text = |pointer: &str| answer.pointer(pointer).unwrap().as_str().unwrap().to_owned();
    let placed =
        Placed { id: text("/order/id"), code: text("/order/order_code"), answer: answer.clone() };
    world.pay(&text("/payment_url")).await?;
    let paid = placed.reaches(&admin, "dp_dibayar").await?;

    made(&admin, &placed).await?;
    let note = json!({ "text": "Kain sudah dipotong", "visible": true });
    let notes = format!("/admin/orders/{}/notes/", placed.id);
    let (status, answer) = admin.call("POST", &notes, Some(&note)).await?;
    ensure!(status == 201, "{status} {answer}");
    let link = paid["tracking_url"].as_str().unwrap();
    let tracked: Value = stack.http().get(link).send().await?.json().await?;
    ensure!(tracked["data"]["order_code"] == placed.code.as_str(), "{tracked}");
    ensure!(tracked["data"]["notes"][0]["text"] == "Kain sudah dipotong", "{tracked}");
    ensure!(!tracked.to_string().contains("081277776666"), "{tracked}");
    Ok(())
}

/// Goes through the stages to `selesai`, with two rejects on the way.
async fn made(admin: &Admin, placed: &Placed) -> Result<()> {
    let reports = format!("/admin/orders/{}/production/reports/", placed.id);
    let all = json!([{ "size": "M", "good": 60 }, { "size": "2XL", "good": 40 }]);
    for stage in ["potong", "sablon-bordir", "jahit", "finishing"] {
        let body = json!({ "stage": stage, "counts": all });
        let (status, answer) = admin.call("POST", &reports, Some(&body)).await?;
        ensure!(status == 201 && answer["production_status"] == "diproses", "{status} {answer}");
    }
    let too_many = json!({ "stage": "packing", "size": "M", "good": 1 });
    let (status, answer) = admin.call("POST", &reports, Some(&too_many)).await?;
    ensure!(status == 400 && answer["error_code"] == "PRODUCTION_COUNT_INVALID", "{answer}");
    let checked = json!({ "stage": "qc", "counts": [
        { "size": "M", "good": 58, "reject": 2 }, { "size": "2XL", "good": 40 }] });
    let (status, answer) = admin.call("POST", &reports, Some(&checked)).await?;
    ensure!(status == 201, "{status} {answer}");
    let back = json!({ "stage": "qc", "size": "M", "quantity": 2, "back_to": "finishing" });
    let rework = format!("/admin/orders/{}/production/rework/", placed.id);
    let (status, answer) = admin.call("POST", &rework, Some(&back)).await?;
    ensure!(status == 201 && answer["current_stage"] == "finishing", "{status} {answer}");
    let board = admin.get("/admin/production/board/?stage=finishing").await?;
    ensure!(board["stages"][0]["results"][0]["id"] == placed.id.as_str(), "{board}");
    for stage in ["finishing", "qc"] {
        let body = json!({ "stage": stage, "size": "M", "good": 2 });
        let (status, answer) = admin.call("POST", &reports, Some(&body)).await?;
        ensure!(status == 201, "{status} {answer}");
    }
    let packed = json!({ "stage": "packing", "counts": all });
    let (status, answer) = admin.call("POST", &reports, Some(&packed)).await?;
    ensure!(status == 201 && answer["production_status"] == "selesai", "{status} {answer}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_order_is_restored_with_something_to_pay() -> Result<()> {
    let stack = Stack::start().await?;
    let (admin, world) = (stack.admin().await?, stack.world()?);
    let placed = Placed::place(&stack, &customer_order("full", "081255554444")).await?;
    let path = format!("/order/{}/", placed.id);
    let (status, _) = admin.call("DELETE", &path, None).await?;
    ensure!(status == 204, "{status}");
    let invoices = format!("/invoice/?order={}", placed.id);
    let cancelled = |list: &Value| list["results"][0]["invoice_status"] == "dibatalkan";
    eventually(SOON, async || cancelled(&admin.get(&invoices).await.ok()?).then_some(())).await;
    let restore = format!("/admin/orders/{}/restore/", placed.id);
    let (status, order) = admin.call("POST", &restore, None).await?;
    ensure!(status == 200 && order["order_code"] == placed.code.as_str(), "{status} {order}");
    world.pay(&placed.link(&admin, "full").await?).await?;
    placed.reaches(&admin, "lunas").await?;

    let bulk = json!({ "order_ids": [placed.id, "bukan-id"], "action": "update_status",
                       "data": { "production_status": "diproses" } });
    let (status, answer) = admin.call("POST", "/admin/orders/bulk-update/", Some(&bulk)).await?;
    ensure!(status == 200 && answer["updated"] == 1, "{status} {answer}");
    ensure!(answer["failed"][0]["id"] == "bukan-id", "{answer}");
    let stale = json!({ "design_notes": "x", "version": order["version"] });
    let (status, answer) = admin.call("PATCH", &path, Some(&stale)).await?;
    ensure!(status == 412 && answer["current_version"].is_i64(), "{status} {answer}");
    Ok(())
}
