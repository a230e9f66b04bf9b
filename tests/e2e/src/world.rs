//! The outside world as tests steer it: the sandbox's own control endpoints.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

/// The sandbox.
pub struct World {
    http: reqwest::Client,
    base: String,
}

impl World {
    pub(crate) const fn new(http: reqwest::Client, base: String) -> World {
        World { http, base }
    }

    /// Presses "Bayar" on the checkout page behind a payment link.
    ///
    /// # Errors
    /// When the page refuses.
    pub async fn pay(&self, payment_url: &str) -> Result<Value> {
        self.pay_with(payment_url, &json!({ "method": "BCA" })).await
    }

    /// The same with further values, such as an `amount` that is too low.
    ///
    /// # Errors
    /// When the page refuses.
    pub async fn pay_with(&self, payment_url: &str, body: &Value) -> Result<Value> {
        let answer = self.http.post(format!("{payment_url}/pay")).json(body).send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status.is_success(), "the checkout page answered {status}: {text}");
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// Sets the sandbox's switches.
    ///
    /// # Errors
    /// When it does not take them.
    pub async fn switches(&self, switches: &Value) -> Result<()> {
        let answer =
            self.http.put(format!("{}/_switches", self.base)).json(switches).send().await?;
        ensure!(
            answer.status().is_success(),
            "the switches were refused: {}",
            answer.text().await?
        );
        Ok(())
    }

    /// What the provider's API was asked, in-flight calls included.
    ///
    /// # Errors
    /// When the sandbox does not answer.
    pub async fn requests(&self) -> Result<Vec<Value>> {
        self.list("/_requests").await
    }

    /// Every message that was sent, oldest first.
    ///
    /// # Errors
    /// When the sandbox does not answer.
    pub async fn messages(&self) -> Result<Vec<Value>> {
        self.list("/_messages").await
    }

    /// Messages to one recipient whose text has `part`.
    ///
    /// # Errors
    /// When the sandbox does not answer.
    pub async fn messages_with(&self, part: &str) -> Result<Vec<Value>> {
        let all = self.messages().await?;
        Ok(all.into_iter().filter(|message| message.to_string().contains(part)).collect())
    }

    async fn list(&self, path: &str) -> Result<Vec<Value>> {
        let answer: Value =
            self.http.get(format!("{}{path}", self.base)).send().await?.json().await?;
        let list = answer.as_array().or_else(|| answer.get("results").and_then(Value::as_array));
        list.cloned().with_context(|| format!("{path} is no list: {answer}"))
    }
}
