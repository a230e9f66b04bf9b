//! The main job: an order is placed, paid and becomes `lunas`; also when payment dies in between.

use std::time::Duration;

use anyhow::{Result, ensure};
use konveksi_e2e::{Placed, SOON, Stack, customer_order};
use konveksi_test_support::eventually;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_placed_paid_and_becomes_lunas() -> Result<()> {
    let stack = Stack::start().await?;
    let (admin, world) = (stack.admin().await?, stack.world()?);

    let placed = Placed::place(&stack, &customer_order("full", "0812 3456 7890")).await?;
    ensure!(placed.answer["order"]["status_order"] == "link_dibuat", "{}", placed.answer);
    let url = placed.answer["payment_url"].as_str().unwrap();
    eventually(SOON, async || {
        let sent = world.messages_with(url).await.ok()?;
        (!sent.is_empty()).then_some(())
    })
    .await;

    world.pay(url).await?;
    let paid = placed.reaches(&admin, "lunas").await?;
    ensure!(paid["is_fully_paid"] == true && paid["paid_amount"] == "7500000.00", "{paid}");

    let (status, tracked) = stack.get(&format!("/track-order/?order_code={}", placed.code)).await?;
    ensure!(status == 200 && tracked["data"]["status_order"] == "lunas", "{tracked}");
    ensure!(tracked["data"]["customer_name"] == "Siti R.", "{tracked}");
    ensure!(tracked["data"]["payment_summary"]["remaining_balance"] == "0", "{tracked}");
    ensure!(!tracked.to_string().contains("81234567890"), "a contact leaked: {tracked}");

    eventually(SOON, async || {
        let sent = world.messages_with("Pembayaran Diterima").await.ok()?;
        (sent.len() == 1).then_some(())
    })
    .await;
    eventually(SOON, async || {
        let figures = admin.get("/admin/dashboard/stats/").await.ok()?;
        (figures["total_orders"] == 1 && figures["total_revenue"] == "7500000.00").then_some(())
    })
    .await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_becomes_lunas_although_payment_was_killed_before_its_invoice() -> Result<()> {
    let stack = Stack::start().await?;
    let (admin, world) = (stack.admin().await?, stack.world()?);
    world.switches(&json!({ "xendit_create": { "delay_ms": 20_000 } })).await?;
    let old_pid = stack.pid("payment")?;

    let order = customer_order("full", "siti@example.co.id");
    let placing = Placed::place(&stack, &order);
    let killing = async {
        // The provider is being asked for a link: the order stands, the invoice does not yet.
        eventually(Duration::from_secs(30), async || {
            let asked = world.requests().await.ok()?;
            (!asked.is_empty()).then_some(())
        })
        .await;
        stack.kill("payment")
    };
    let (placed, killed) = tokio::join!(placing, killing);
    killed?;
    let placed = placed?;
    ensure!(placed.answer["invoice"].is_null(), "{}", placed.answer);
    ensure!(placed.answer["order"]["status_order"] == "menunggu_link", "{}", placed.answer);

    world.switches(&json!({ "xendit_create": { "delay_ms": 0 } })).await?;
    stack.wait_until_back("payment", old_pid).await?;
    // The lease of the killed attempt runs for 30 s of business time.
    stack.advance(31).await?;
    let url = placed.link(&admin, "full").await?;
    world.pay(&url).await?;
    placed.reaches(&admin, "lunas").await?;

    let list = admin.get(&format!("/invoice/?order={}", placed.id)).await?;
    ensure!(list["count"] == 1, "one order has one invoice: {list}");
    Ok(())
}
