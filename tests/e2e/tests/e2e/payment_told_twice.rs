//! The provider tells of one payment many times, at once, and out of order: it counts once.

use anyhow::{Result, ensure};
use konveksi_e2e::{Placed, SOON, Stack, customer_order};
use konveksi_test_support::eventually;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_told_twenty_times_at_once_counts_once() -> Result<()> {
    let stack = Stack::start().await?;
    let (admin, world) = (stack.admin().await?, stack.world()?);
    world.switches(&json!({ "callbacks": { "duplicates": 19, "concurrent": true } })).await?;
    let placed = Placed::place(&stack, &customer_order("full", "081255556666")).await?;
    world.pay(placed.answer["payment_url"].as_str().unwrap()).await?;
    placed.reaches(&admin, "lunas").await?;

    // Nothing more can come once every callback is stored and settled.
    eventually(SOON, async || {
        let trail = admin.get(&format!("/orders/{}/audit-trail/", placed.id)).await.ok()?;
        let logs = trail["webhook_logs"].as_array()?;
        (!logs.is_empty() && logs.iter().all(|log| log["status"] == "processed")).then_some(())
    })
    .await;
    let payments = admin.get("/payment/").await?;
    ensure!(payments["count"] == 1, "{payments}");
    let order = admin.get(&format!("/order/{}/", placed.id)).await?;
    ensure!(order["paid_amount"] == "7500000.00", "{order}");
    let receipts = world.messages_with("Pembayaran Diterima").await?;
    ensure!(receipts.len() <= 1, "the customer was told {} times", receipts.len());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_without_the_secret_changes_nothing() -> Result<()> {
    let stack = Stack::start().await?;
    let admin = stack.admin().await?;
    let placed = Placed::place(&stack, &customer_order("full", "081277778888")).await?;
    let forged = json!({
        "id": placed.answer["invoice"]["xendit_invoice_id"],
        "external_id": placed.answer["invoice"]["invoice_code"],
        "status": "PAID", "amount": 7_500_000, "paid_amount": 7_500_000, "currency": "IDR",
    });
    for token in [None, Some("wrong")] {
        let mut request = stack.http().post(stack.api("/webhook/xendit/")?).json(&forged);
        if let Some(token) = token {
            request = request.header("X-CALLBACK-TOKEN", token);
        }
        let answer = request.send().await?;
        ensure!(answer.status().as_u16() == 401, "{token:?}: {}", answer.status());
    }
    let trail = admin.get(&format!("/orders/{}/audit-trail/", placed.id)).await?;
    ensure!(trail["webhook_logs"] == json!([]), "{trail}");
    let order = admin.get(&format!("/order/{}/", placed.id)).await?;
    ensure!(order["status_order"] == "link_dibuat", "{order}");
    Ok(())
}
