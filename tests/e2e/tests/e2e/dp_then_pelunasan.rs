//! Deposit, production, final payment, `lunas`, shipped.

use anyhow::{Result, ensure};
use konveksi_e2e::{Placed, SOON, Stack, customer_order};
use konveksi_test_support::eventually;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_order_goes_through_production_to_lunas() -> Result<()> {
    let stack = Stack::start().await?;
    let (admin, world) = (stack.admin().await?, stack.world()?);
    let placed = Placed::place(&stack, &customer_order("dp", "081298765432")).await?;
    ensure!(placed.answer["invoice"]["invoice_amount"] == "3750000.00", "{}", placed.answer);

    world.pay(placed.answer["payment_url"].as_str().unwrap()).await?;
    let order = placed.reaches(&admin, "dp_dibayar").await?;
    ensure!(order["paid_amount"] == "3750000.00" && order["is_fully_paid"] == false, "{order}");

    let path = format!("/order/{}/", placed.id);
    for stage in ["diproses", "selesai"] {
        let (status, order) =
            admin.call("PATCH", &path, Some(&json!({ "production_status": stage }))).await?;
        ensure!(status == 200 && order["production_status"] == stage, "{status} {order}");
    }
    let final_path = format!("/admin/order/{}/request-final-payment/", placed.id);
    let (status, asked) = admin.call("POST", &final_path, None).await?;
    ensure!(status == 200, "{status} {asked}");
    ensure!(asked["new_order_status"] == "pengerjaan_selesai", "{asked}");
    ensure!(asked["final_invoice"]["amount"] == "3750000.00", "{asked}");
    let (status, again) = admin.call("POST", &final_path, None).await?;
    ensure!(status == 400, "a second request must be refused: {again}");

    let invoice = asked["final_invoice"]["id"].as_str().unwrap();
    let sending = format!("/invoice/{invoice}/send-payment-link/");
    let (status, sent) = admin.call("POST", &sending, Some(&json!({}))).await?;
    ensure!(status == 200 && sent["whatsapp_sent"] == true, "{status} {sent}");
    placed.reaches(&admin, "menunggu_pelunasan").await?;

    world.pay(asked["final_invoice"]["payment_url"].as_str().unwrap()).await?;
    let order = placed.reaches(&admin, "lunas").await?;
    ensure!(order["paid_amount"] == "7500000.00" && order["is_fully_paid"] == true, "{order}");

    let (status, order) =
        admin.call("PATCH", &path, Some(&json!({ "production_status": "dikirim" }))).await?;
    ensure!(status == 200 && order["production_status"] == "dikirim", "{status} {order}");
    let trail = eventually(SOON, async || {
        let trail = admin.get(&format!("/orders/{}/audit-trail/", placed.id)).await.ok()?;
        (trail["webhook_logs"].as_array()?.len() == 2).then_some(trail)
    })
    .await;
    let moves = trail["status_histories"].to_string();
    for status in ["link_dibuat", "dp_dibayar", "pengerjaan_selesai", "menunggu_pelunasan", "lunas"]
    {
        ensure!(moves.contains(status), "no move to {status}: {moves}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_cannot_declare_an_order_paid() -> Result<()> {
    let stack = Stack::start().await?;
    let admin = stack.admin().await?;
    let placed = Placed::place(&stack, &customer_order("full", "081211112222")).await?;
    let body = json!({ "status_order": "lunas" });
    let (status, answer) =
        admin.call("PATCH", &format!("/order/{}/", placed.id), Some(&body)).await?;
    ensure!(status == 400 && answer.to_string().contains("/payment/manual/"), "{status} {answer}");
    Ok(())
}
