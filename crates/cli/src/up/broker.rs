//! The broker's virtual host, and a user for each service with the least rights it can work with.

use std::borrow::Cow;
use std::collections::HashMap;

use anyhow::{Context as _, Result, bail};
use konveksi_eventing::topology;
use percent_encoding::percent_decode_str;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use url::Url;

use super::backends::Backends;
use crate::probe;
use crate::screen;
use crate::vault::Vault;

/// How one service's user logs in.
struct Login<'a> {
    service: &'a str,
    user: String,
    password: String,
}

/// Makes the virtual host and the users, or brings them up to date.
pub(crate) async fn prepare(backends: &Backends, vault: &Vault, services: &[&str]) -> Result<()> {
    let Some(management) = &backends.management else {
        screen::warning(
            "AMQP_MANAGEMENT_URL is not set, so every service shares the login of AMQP_URL.",
        );
        return Ok(());
    };
    let login = |service| {
        let user = user(backends, service);
        let password = vault.password(&user)?;
        Ok(Login { service, user, password })
    };
    let logins: Vec<Login> = services.iter().copied().map(login).collect::<Result<_>>()?;
    make(management, backends.amqp.username(), &backends.vhost, &logins).await
}

/// The same for the users that the operator's `KONVEKSI_<SERVICE>_AMQP_URL` name, in a cluster.
pub(crate) async fn prepare_named(
    management: &Url,
    amqp: &Url,
    vhost: &str,
    services: &[&str],
    operators: &HashMap<String, String>,
) -> Result<()> {
    let mut logins = Vec::new();
    for &service in services {
        let name = format!("KONVEKSI_{}_AMQP_URL", service.to_uppercase());
        let Some(url) = operators.get(&name) else {
            screen::warning(format!("{name} is not set, so {service} gets no broker user"));
            continue;
        };
        let url = Url::parse(url).with_context(|| format!("{name} is not a URL"))?;
        let part = |text: &str| percent_decode_str(text).decode_utf8().map(Cow::into_owned);
        let (user, password) = (part(url.username())?, part(url.password().unwrap_or_default())?);
        if user.is_empty() || password.is_empty() {
            bail!("{name} names no user, or no password");
        }
        // The administrator's own login would lose its rights.
        if user != amqp.username() {
            logins.push(Login { service, user, password });
        }
    }
    make(management, amqp.username(), vhost, &logins).await
}

async fn make(management: &Url, admin: &str, vhost: &str, logins: &[Login<'_>]) -> Result<()> {
    let api = Api::new(management)?;
    let vhost = encoded(vhost);
    api.put(&format!("vhosts/{vhost}"), &json!({})).await?;
    let everything = json!({ "configure": ".*", "write": ".*", "read": ".*" });
    api.put(&format!("permissions/{vhost}/{admin}"), &everything).await?;
    for Login { service, user, password } in logins {
        let login = json!({ "password": password, "tags": "" });
        api.put(&format!("users/{user}"), &login).await?;
        let rights = topology::permissions(service);
        let rights = json!({
            "configure": rights.configure, "write": rights.write, "read": rights.read,
        });
        api.put(&format!("permissions/{vhost}/{user}"), &rights).await?;
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
            bail!("AMQP_URL names no host");
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
