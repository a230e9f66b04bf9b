//! RabbitMQ goes away while orders come in: they are accepted, and afterwards every event arrives.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use konveksi_e2e::{Placed, SOON, Stack, StackOptions, customer_order};
use konveksi_test_support::eventually;

const ORDERS: usize = 5;

#[tokio::test(flavor = "multi_thread")]
async fn orders_placed_while_the_broker_is_down_reach_everybody_once_it_is_back() -> Result<()> {
    let options = StackOptions { own_servers: true, ..StackOptions::default() };
    let stack = Stack::start_with(options).await?;
    let (admin, world) = (stack.admin().await?, stack.world()?);
    stack.server("kill", "rabbitmq").await?;

    let mut placed = Vec::new();
    for number in 0..ORDERS {
        let order = customer_order("full", &format!("08129000000{number}"));
        placed.push(Placed::place(&stack, &order).await?);
    }
    eventually(SOON, async || {
        let (status, health) = stack.get("/health/").await.ok()?;
        (status == 200 && health["status"] == "degraded").then_some(())
    })
    .await;
    for order in &placed {
        // The composition needs no broker: the link is there, and it can be paid.
        ensure!(order.answer["order"]["status_order"] == "link_dibuat", "{}", order.answer);
        world.pay(order.answer["payment_url"].as_str().unwrap()).await?;
    }

    stack.server("start", "rabbitmq").await?;
    for order in &placed {
        order.reaches(&admin, "lunas").await?;
    }
    eventually(SOON, async || {
        let figures = admin.get("/admin/dashboard/stats/").await.ok()?;
        let all = figures["total_orders"] == ORDERS && figures["total_revenue"] == "37500000.00";
        all.then_some(())
    })
    .await;
    eventually(SOON, async || {
        let receipts = world.messages_with("Pembayaran Diterima").await.ok()?;
        (receipts.len() == ORDERS).then_some(())
    })
    .await;
    // Whoever had paid before the broker came back needs no link any more; nobody gets two.
    let links = world.messages_with("/checkout/").await?;
    let recipients: BTreeSet<&str> =
        links.iter().filter_map(|message| message["recipient"].as_str()).collect();
    ensure!(recipients.len() == links.len(), "somebody got two links: {links:?}");
    Ok(())
}
