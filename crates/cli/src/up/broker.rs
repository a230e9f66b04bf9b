//! The broker's virtual host, and a user for each service with the least rights it can work with.

use anyhow::{Context as _, Result};
use konveksi_eventing::topology::{self, GATEWAY};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use url::Url;

use super::backends::Backends;
use crate::probe;
use crate::screen;
use crate::vault::Vault;

/// Makes the virtual host and the users, or brings them up to date.
pub(crate) async fn prepare(backends: &Backends, vault: &Vault, services: &[&str]) -> Result<()> {
    let Some(management) = &backends.management else {
        screen::warning(
            "AMQP_MANAGEMENT_URL is not set, so every service shares the login of AMQP_URL.",
        );
        return Ok(());
    };
    let api = Api::new(management)?;
    let vhost = encoded(&backends.vhost);
    api.put(&format!("vhosts/{vhost}"), &json!({})).await?;
    let admin = backends.amqp.username();
    let everything = json!({ "configure": ".*", "write": ".*", "read": ".*" });
    api.put(&format!("permissions/{vhost}/{admin}"), &everything).await?;
    for service in services {
        let user = user(backends, service);
        let login = json!({ "password": vault.password(&user)?, "tags": "" });
        api.put(&format!("users/{user}"), &login).await?;
        api.put(&format!("permissions/{vhost}/{user}"), &permissions(service)).await?;
    }
    Ok(())
}

/// The URL one service connects with.
pub(crate) fn service_url(backends: &Backends, vault: &Vault, service: &str) -> Result<Url> {
    let mut url = backends.amqp.clone();
    if backends.management.is_some() {
        let user = user(backends, service);
        let password = vault.password(&user)?;
        if url.set_username(&user).is_err() || url.set_password(Some(&password)).is_err() {
            anyhow::bail!("AMQP_URL names no host");
        }
    }
    Ok(url)
}

/// Users belong to the whole broker, so their names say whose system they are of.
fn user(backends: &Backends, service: &str) -> String {
    let system = backends.vhost.trim_matches('/');
    let system = if system.is_empty() { "konveksi" } else { system };
    format!("{system}-{service}")
}

/// A service declares and reads its own queues and publishes to the one exchange. Binding a queue
/// takes the right to write to it and to read the exchange; naming an exchange for dead letters
/// takes the right to write to that.
fn permissions(service: &str) -> Value {
    if service == GATEWAY {
        let own = r"kv\.gateway\..+";
        return json!({
            "configure": format!("^{own}$"),
            "write": format!(r"^(kv\.events|{own})$"),
            "read": format!(r"^(kv\.events|{own})$"),
        });
    }
    let own = format!(r"kv\.{service}(\.dead)?");
    json!({
        "configure": format!("^{own}$"),
        "write": format!(r"^(kv\.events|kv\.dead|{own})$"),
        "read": format!(r"^(kv\.events|kv\.dead|{own})$"),
    })
}

/// Declares who hears what, before anybody tells anything.
pub(crate) async fn declare_topology(amqp: &str) -> Result<()> {
    topology::declare(amqp).await.context("cannot declare the broker's queues")
}

struct Api<'a> {
    client: Client,
    base: &'a Url,
}

impl<'a> Api<'a> {
    fn new(base: &'a Url) -> Result<Self> {
        let client = Client::builder().timeout(probe::PATIENCE * 5).no_proxy().build()?;
        Ok(Self { client, base })
    }

    async fn put(&self, path: &str, body: &Value) -> Result<Response> {
        let host = self.base.host_str().unwrap_or("localhost");
        let port = self.base.port_or_known_default().unwrap_or(15_672);
        let url = format!("{}://{host}:{port}/api/{path}", self.base.scheme());
        self.client
            .put(&url)
            .basic_auth(self.base.username(), self.base.password())
            .json(body)
            .send()
            .await
            .and_then(Response::error_for_status)
            .with_context(|| format!("RabbitMQ's management API refuses {path}"))
    }
}

fn encoded(name: &str) -> String {
    name.replace('/', "%2f")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_reads_no_queue_but_its_own() {
        let permissions = permissions("order");
        assert_eq!(permissions["configure"], r"^kv\.order(\.dead)?$");
        assert_eq!(permissions["read"], r"^(kv\.events|kv\.dead|kv\.order(\.dead)?)$");
    }
}
