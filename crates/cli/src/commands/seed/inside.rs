//! The services themselves, called as the gateway calls them: with a statement signed by the key
//! that the data folder keeps for it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use konveksi_identity::{HEADER, Identity, IdentitySigner, Kind};
use konveksi_kernel::SystemClock;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::data::DataFolder;
use crate::state::State;
use crate::vault::Vault;

/// How long something that was set off may take to show.
const PATIENCE: Duration = Duration::from_secs(30);

/// The processes of a running system.
pub(super) struct Inside {
    http: Client,
    signer: IdentitySigner,
    state: State,
}

impl Inside {
    /// Of this data folder, whose state was just read.
    ///
    /// # Errors
    /// When the folder keeps no usable key.
    pub(super) fn of(data: &DataFolder, state: &State) -> Result<Self> {
        let key = Vault::open(data)?
            .kept_text("identity-private-key")
            .context("the data folder keeps no identity key")?;
        Ok(Self {
            http: Client::builder().no_proxy().timeout(PATIENCE).build()?,
            signer: IdentitySigner::new(&key, Arc::new(SystemClock))?,
            state: state.clone(),
        })
    }

    /// POST that must succeed.
    pub(super) async fn post(&self, service: &str, path: &str, body: &Value) -> Result<Value> {
        self.demand(service, Method::POST, path, Some(body)).await
    }

    /// PATCH that must succeed.
    pub(super) async fn patch(&self, service: &str, path: &str, body: &Value) -> Result<Value> {
        self.demand(service, Method::PATCH, path, Some(body)).await
    }

    /// GET that must succeed.
    pub(super) async fn get(&self, service: &str, path: &str) -> Result<Value> {
        self.demand(service, Method::GET, path, None).await
    }

    /// The order with this id, unless it is not there or was deleted.
    pub(super) async fn find_order(&self, id: &str) -> Result<Option<Value>> {
        let path = format!("/api/v1/order/{id}/");
        let (status, body) = self.call("order", Method::GET, &path, None).await?;
        match status {
            StatusCode::OK => Ok(Some(body)),
            StatusCode::NOT_FOUND => Ok(None),
            other => bail!("order answered {other}: {body}"),
        }
    }

    /// Has the provider refuse the next `count` payment links; answers nothing.
    pub(super) async fn refuse_links(&self, count: u32) -> Result<()> {
        let failure =
            json!({ "xendit_create": { "fail_next": { "count": count, "status": 400 } } });
        self.demand("sandbox", Method::PUT, "/_switches", Some(&failure)).await.map(drop)
    }

    /// How many payment links the provider is still to refuse.
    pub(super) async fn links_to_refuse(&self) -> Result<u64> {
        let switches = self.get("sandbox", "/_switches").await?;
        let count = switches.pointer("/xendit_create/fail_next/count").and_then(Value::as_u64);
        count.with_context(|| format!("no count in {switches}"))
    }

    /// Has the provider end one of its invoices now, as if its time had passed.
    pub(super) async fn end_link(&self, provider_id: &str) -> Result<()> {
        let path = format!("/_invoices/{provider_id}/expire");
        self.post("sandbox", &path, &json!({})).await.map(drop)
    }

    async fn demand(
        &self,
        service: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value> {
        let what = format!("{service} {method} {path}");
        let (status, answer) = self.call(service, method, path, body).await?;
        if status.is_success() { Ok(answer) } else { bail!("{what} answered {status}: {answer}") }
    }

    async fn call(
        &self,
        service: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(StatusCode, Value)> {
        let child = self.state.children.get(service);
        let port = child.with_context(|| format!("no {service} runs"))?.port;
        let system = Identity { sub: "seed".to_owned(), kind: Kind::System, role: None, sid: None };
        let mut request = self
            .http
            .request(method, format!("http://127.0.0.1:{port}{path}"))
            .header(HEADER, self.signer.sign(&system, service)?);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.with_context(|| format!("{service} does not answer"))?;
        let status = answer.status();
        let text = answer.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok((status, body))
    }
}

/// Looks again and again until there is what is waited for.
///
/// # Errors
/// When it does not come, or a look fails.
pub(super) async fn until<T>(
    what: &str,
    mut look: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        if Instant::now() >= deadline {
            bail!("{what} did not come within {} s", PATIENCE.as_secs());
        }
        sleep(Duration::from_millis(50)).await;
    }
}

/// The text at this JSON pointer.
pub(super) fn text<'a>(value: &'a Value, pointer: &str) -> Result<&'a str> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.with_context(|| format!("no {pointer} in {value}"))
}
