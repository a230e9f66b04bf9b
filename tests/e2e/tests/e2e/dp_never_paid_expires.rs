//! A deposit that is never paid runs out; the order waits, and a new link brings it back to life.

use anyhow::{Result, ensure};
use konveksi_e2e::{Placed, SOON, Stack, customer_order};
use konveksi_test_support::eventually;

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_that_is_never_paid_expires_and_can_be_asked_for_again() -> Result<()> {
    let stack = Stack::start().await?;
    let world = stack.world()?;
    let placed = Placed::place(&stack, &customer_order("dp", "081233334444")).await?;
    let invoice = placed.answer["invoice"]["id"].as_str().unwrap().to_owned();
    let path = format!("/invoice/{invoice}/");

    stack.advance(3 * 24 * 3600 - 600).await?;
    ensure!(stack.admin().await?.get(&path).await?["invoice_status"] == "belum dibayar");
    stack.advance(1200).await?;
    eventually(SOON, async || {
        // The access token has run out on the way; staff log in again.
        let admin = stack.admin().await.ok()?;
        let found = admin.get(&path).await.ok()?;
        (found["invoice_status"] == "kadaluarsa").then_some(())
    })
    .await;

    let admin_again = stack.admin().await?;
    let order = admin_again.get(&format!("/order/{}/", placed.id)).await?;
    ensure!(order["status_order"] == "link_dibuat", "expiry never steps an order back: {order}");
    let regenerate = format!("/admin/invoice/{invoice}/regenerate-payment-link/");
    let (status, renewed) = admin_again.call("POST", &regenerate, None).await?;
    ensure!(status == 200 && renewed["previous_data"]["status"] == "kadaluarsa", "{renewed}");
    world.pay(renewed["invoice"]["payment_url"].as_str().unwrap()).await?;
    placed.reaches(&admin_again, "dp_dibayar").await?;
    Ok(())
}
