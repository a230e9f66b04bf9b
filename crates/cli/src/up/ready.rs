//! Waiting until the system as a whole says that it is well.

use std::time::Duration;

use anyhow::{Result, bail};
use konveksi_eventing::topology::GATEWAY;
use reqwest::{Client, StatusCode};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::offers::Addresses;
use crate::data::DataFolder;
use crate::{probe, screen};

/// How long everything together may take once the servers run.
const PATIENCE: Duration = Duration::from_mins(1);

/// Waits for the gateway's own view of all the others.
///
/// # Errors
/// After a minute: which part is not well, and the end of its log.
pub(crate) async fn wait(data: &DataFolder, addresses: &Addresses) -> Result<()> {
    let client = Client::builder().timeout(probe::PATIENCE).no_proxy().build()?;
    let health = format!("{}/api/v1/health/", addresses.url("gateway")?);
    let deadline = Instant::now() + PATIENCE;
    loop {
        let answer = ask(&client, &health).await;
        if matches!(&answer, Ok((status, body)) if status.is_success() && body["status"] == "healthy")
        {
            return Ok(());
        }
        if Instant::now() >= deadline {
            return give_up(data, addresses, &client, answer).await;
        }
        sleep(Duration::from_millis(50)).await;
    }
}

/// Whether a process says that it is ready, and what it says otherwise. The gateway has no
/// internal paths: what it answers is public.
pub(crate) async fn service(client: &Client, name: &str, base: &str) -> Result<()> {
    let path = if name == GATEWAY { "/health/live" } else { "/internal/health/ready" };
    let (status, body) = ask(client, &format!("{base}{path}")).await?;
    if status.is_success() { Ok(()) } else { bail!("{status} {body}") }
}

async fn give_up(
    data: &DataFolder,
    addresses: &Addresses,
    client: &Client,
    answer: Result<(StatusCode, Value)>,
) -> Result<()> {
    let said = match answer {
        Ok((status, body)) => format!("{status} {body}"),
        Err(error) => format!("{error:#}"),
    };
    let mut culprit = "gateway";
    for name in addresses.services() {
        if service(client, name, &addresses.url(name)?).await.is_err() {
            culprit = name;
        }
    }
    let seconds = PATIENCE.as_secs();
    let tail = screen::last_lines(&data.log(culprit), 20);
    bail!("not healthy after {seconds} s; the gateway says: {said}\n{culprit}'s log ends:\n{tail}")
}

async fn ask(client: &Client, url: &str) -> Result<(StatusCode, Value)> {
    let answer = client.get(url).send().await?;
    let status = answer.status();
    Ok((status, answer.json().await.unwrap_or(Value::Null)))
}
