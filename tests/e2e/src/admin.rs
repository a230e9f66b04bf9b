//! A staff member's client: bearer token, as scripts use it.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::Stack;

/// A logged-in staff member.
pub struct Admin {
    http: reqwest::Client,
    base: String,
    /// The access token, also good for WebSockets.
    pub token: String,
}

impl Admin {
    pub(crate) async fn log_in(stack: &Stack, username: &str, password: &str) -> Result<Admin> {
        let body = json!({ "username": username, "password": password });
        let (status, answer) = stack.post("/auth/login/", &body).await?;
        ensure!(status == 200, "login answered {status}: {answer}");
        let token =
            answer.get("access").and_then(Value::as_str).context("no access token")?.to_owned();
        Ok(Admin { http: stack.http().clone(), base: stack.api("")?, token })
    }

    /// Calls the API with a method, a path and an optional JSON body.
    ///
    /// # Errors
    /// When there is no answer or it is neither JSON nor empty.
    pub async fn call(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(u16, Value)> {
        let mut request = self
            .http
            .request(method.parse()?, format!("{}{path}", self.base))
            .bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        let text = answer.text().await?;
        let json = if text.is_empty() { Value::Null } else { serde_json::from_str(&text)? };
        Ok((status, json))
    }

    /// GET that must answer 200.
    ///
    /// # Errors
    /// When it does not.
    pub async fn get(&self, path: &str) -> Result<Value> {
        let (status, answer) = self.call("GET", path, None).await?;
        ensure!(status == 200, "GET {path} answered {status}: {answer}");
        Ok(answer)
    }
}
