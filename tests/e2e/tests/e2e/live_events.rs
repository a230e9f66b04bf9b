//! A WebSocket client sees an order being made and paid.

use anyhow::{Context as _, Result, ensure};
use futures_util::{SinkExt as _, StreamExt as _};
use konveksi_e2e::{Placed, SOON, Stack, customer_order};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

type Socket =
    tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

/// The next frame of this type, others passed over.
async fn frame(socket: &mut Socket, kind: &str) -> Result<Value> {
    let wait = async {
        while let Some(message) = socket.next().await {
            if let Message::Text(text) = message? {
                let frame: Value = serde_json::from_str(&text)?;
                if frame["type"] == kind {
                    return Ok(frame);
                }
            }
        }
        anyhow::bail!("the socket closed before a {kind}")
    };
    tokio::time::timeout(SOON, wait).await.with_context(|| format!("no {kind} came"))?
}

async fn connect(stack: &Stack, path: &str) -> Result<Socket> {
    let base = stack.base("gateway")?.replace("http://", "ws://");
    Ok(connect_async(format!("{base}{path}")).await?.0)
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_and_customers_watch_an_order_live() -> Result<()> {
    let stack = Stack::start().await?;
    let (admin, world) = (stack.admin().await?, stack.world()?);
    let mut staff = connect(&stack, &format!("/ws/admin/orders/?token={}", admin.token)).await?;
    frame(&mut staff, "connection_established").await?;

    let placed = Placed::place(&stack, &customer_order("full", "081299998888")).await?;
    let created = frame(&mut staff, "order_created").await?;
    ensure!(created["payload"]["order"]["order_code"] == placed.code.as_str(), "{created}");
    ensure!(created["payload"]["order"]["customer_name"] == "Siti Rahmawati", "{created}");

    let mut customer = connect(&stack, "/ws/order/tracking/").await?;
    let subscribe =
        json!({ "type": "subscribe_order_by_code", "payload": { "order_code": placed.code } });
    customer.send(Message::text(subscribe.to_string())).await?;
    frame(&mut customer, "subscription_confirmed").await?;

    world.pay(placed.answer["payment_url"].as_str().unwrap()).await?;
    let seen = frame(&mut customer, "order_payment_update").await?;
    ensure!(seen["payload"]["public_data"]["status_order"] == "lunas", "{seen}");
    ensure!(!seen.to_string().contains("Siti"), "a name on a public socket: {seen}");
    let seen = frame(&mut staff, "order_payment_update").await?;
    ensure!(seen["payload"]["order_data"]["is_fully_paid"] == true, "{seen}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_not_let_into_the_staff_feed() -> Result<()> {
    let stack = Stack::start().await?;
    let mut socket = connect(&stack, "/ws/admin/orders/?token=a.b.c").await?;
    let closed = tokio::time::timeout(SOON, async {
        while let Some(Ok(message)) = socket.next().await {
            if let Message::Close(Some(close)) = message {
                return Some(u16::from(close.code));
            }
        }
        None
    })
    .await?;
    ensure!(closed == Some(4401), "closed with {closed:?}");
    Ok(())
}
