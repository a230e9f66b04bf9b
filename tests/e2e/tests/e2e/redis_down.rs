//! Redis goes away: the system serves on.

use anyhow::{Result, ensure};
use konveksi_e2e::{Placed, SOON, Stack, StackOptions, customer_order};
use konveksi_test_support::eventually;

#[tokio::test(flavor = "multi_thread")]
async fn the_system_serves_without_redis() -> Result<()> {
    let options = StackOptions { own_servers: true, ..StackOptions::default() };
    let stack = Stack::start_with(options).await?;
    stack.server("kill", "redis").await?;
    let admin = stack.admin().await?;
    let placed = Placed::place(&stack, &customer_order("full", "081244445555")).await?;
    stack.world()?.pay(placed.answer["payment_url"].as_str().unwrap()).await?;
    placed.reaches(&admin, "lunas").await?;
    let health = eventually(SOON, async || {
        let (status, health) = stack.get("/health/").await.ok()?;
        (health["redis"] == "disconnected").then_some((status, health))
    })
    .await;
    ensure!(health.0 == 200 && health.1["status"] == "degraded", "{health:?}");
    Ok(())
}
