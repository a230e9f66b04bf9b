//! A client of the running system's public API and of the sandbox, as anybody could write one.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::commands::token;
use crate::data::DataFolder;
use crate::state;

/// How long something that was set off may take to show.
const PATIENCE: Duration = Duration::from_secs(20);

/// The system that runs from a data folder.
pub(crate) struct Api {
    http: Client,
    base: String,
    sandbox: String,
    token: String,
}

impl Api {
    /// Finds it and logs in as the first user.
    pub(crate) async fn of(data: &DataFolder) -> Result<Self> {
        let urls = state::read(data)?.urls;
        let url = |name: &str| {
            urls.get(name).cloned().context("the system does not run; `make run` starts it")
        };
        let token = token::fetch(data, None).await?;
        let http = Client::builder().no_proxy().timeout(PATIENCE).build()?;
        let bare = |url: String| url.trim_end_matches('/').to_owned();
        Ok(Self { http, base: bare(url("api")?), sandbox: bare(url("sandbox")?), token })
    }

    /// As a customer: no login.
    pub(crate) async fn public(&self, method: Method, path: &str, body: &Value) -> Result<Value> {
        let request = self.http.request(method, format!("{}{path}", self.base)).json(body);
        answer(request).await
    }

    /// As staff.
    pub(crate) async fn staff(&self, method: Method, path: &str, body: &Value) -> Result<Value> {
        let request = self.http.request(method, format!("{}{path}", self.base));
        answer(request.bearer_auth(&self.token).json(body)).await
    }

    /// Reads as staff.
    pub(crate) async fn get(&self, path: &str) -> Result<Value> {
        answer(self.http.get(format!("{}{path}", self.base)).bearer_auth(&self.token)).await
    }

    /// Reads as staff until `wanted` finds what it waits for.
    ///
    /// # Errors
    /// When it does not come; with what was seen last.
    pub(crate) async fn get_until<T>(
        &self,
        path: &str,
        wanted: impl Fn(&Value) -> Option<T>,
    ) -> Result<T> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let seen = self.get(path).await?;
            if let Some(found) = wanted(&seen) {
                return Ok(found);
            }
            if Instant::now() >= deadline {
                bail!("nothing came of it within {} s: {seen}", PATIENCE.as_secs());
            }
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// Presses "Bayar" on the sandbox's checkout page.
    pub(crate) async fn press_pay(&self, payment_url: &str) -> Result<()> {
        let body = serde_json::json!({ "method": "BCA" });
        answer(self.http.post(format!("{payment_url}/pay")).json(&body)).await.map(drop)
    }

    /// What was sent to this number or address, oldest first.
    pub(crate) async fn messages_to(&self, recipient: &str) -> Result<Vec<Value>> {
        let url = format!("{}/_messages", self.sandbox);
        let messages = answer(self.http.get(url).query(&[("recipient", recipient)])).await?;
        Ok(messages.as_array().cloned().unwrap_or_default())
    }
}

/// The text at this JSON pointer.
pub(crate) fn text(value: &Value, pointer: &str) -> Result<String> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    Ok(found.with_context(|| format!("no {pointer} in {value}"))?.to_owned())
}

async fn answer(request: RequestBuilder) -> Result<Value> {
    let request = request.build_split();
    let (client, request) = (request.0, request.1?);
    let what = format!("{} {}", request.method(), request.url());
    let answer = client.execute(request).await.with_context(|| what.clone())?;
    let status = answer.status();
    let body = answer.text().await?;
    if !status.is_success() {
        bail!("{what} answered {status}: {body}");
    }
    Ok(serde_json::from_str(&body).unwrap_or(Value::Null))
}
