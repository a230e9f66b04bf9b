//! What `up` knows and a service may need, under the names its settings have.
//!
//! Secrets are made once and kept; a service is offered those it lists (see `environment`).

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use konveksi_identity::KeyPair;

use super::backends::Backends;
use super::database::{self, Role};
use super::{PortChoice, broker};
use crate::servers::Kit;
use crate::services::Service;

/// The mail sink's port and its entry among the addresses.
const SMTP: (&str, u16) = ("sandbox-smtp", 8191);

/// The port of every process, on loopback.
#[derive(Clone, Debug)]
pub(crate) struct Addresses(BTreeMap<&'static str, Ports>);

#[derive(Clone, Copy, Debug)]
struct Ports {
    usual: u16,
    chosen: u16,
}

impl Addresses {
    /// Chooses a free port for each.
    pub(crate) fn choose(kit: &Kit, services: &[Service], choice: PortChoice) -> Result<Self> {
        let wanted = services.iter().map(|service| (service.name, service.port));
        wanted
            .chain([SMTP])
            .map(|(name, port)| {
                let chosen = match choice {
                    PortChoice::Usual => kit.ports.choose(port)?,
                    PortChoice::Auto => kit.ports.any()?,
                };
                Ok((name, Ports { usual: port, chosen }))
            })
            .collect::<Result<_>>()
            .map(Self)
    }

    /// The port of a process.
    pub(crate) fn port(&self, name: &str) -> Result<u16> {
        let ports = self.0.get(name).with_context(|| format!("{name} has no port"))?;
        Ok(ports.chosen)
    }

    /// The names of the service processes.
    pub(crate) fn services(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied().filter(|name| *name != SMTP.0)
    }

    /// Those that did not get their usual port: name, usual, chosen.
    pub(crate) fn moved(&self) -> Vec<(&'static str, u16, u16)> {
        let moved = self.0.iter().filter(|(_, ports)| ports.usual != ports.chosen);
        moved.map(|(name, ports)| (*name, ports.usual, ports.chosen)).collect()
    }

    /// How processes on this machine reach it.
    pub(crate) fn url(&self, name: &str) -> Result<String> {
        Ok(format!("http://127.0.0.1:{}", self.port(name)?))
    }

    /// How a person reaches it.
    pub(crate) fn public_url(&self, name: &str) -> Result<String> {
        Ok(format!("http://localhost:{}", self.port(name)?))
    }
}

/// Everything `service` could be told.
pub(crate) fn to(
    service: &Service,
    kit: &Kit,
    backends: &Backends,
    addresses: &Addresses,
) -> Result<BTreeMap<String, String>> {
    let mut offers = BTreeMap::new();
    let mut offer = |name: &str, value: String| offers.insert(name.to_owned(), value);
    let own = |name: &str| format!("KONVEKSI_{}_{name}", service.name.to_uppercase());

    offer(&own("PORT"), addresses.port(service.name)?.to_string());
    offer(
        &own("BIND"),
        if service.name == "gateway" { "localhost" } else { "127.0.0.1" }.to_owned(),
    );
    offer(&own("DATA_DIR"), folder(kit, service.name)?);
    if let Some(storage) = service.storage {
        let storage = storage();
        let role = Role { name: storage.role, schema: storage.schema };
        offer(&own("DATABASE_URL"), database::service_url(backends, &kit.vault, &role)?.into());
        offer("AMQP_URL", broker::service_url(backends, &kit.vault, service.name)?.into());
    }
    offer("REDIS_URL", backends.redis.to_string());
    offer("CLAMD_ADDR", backends.clamd.clone());

    let key = identity_key(kit)?;
    offer(&own("IDENTITY_PUBLIC_KEY"), key.public_base64);
    offer("KONVEKSI_GATEWAY_IDENTITY_PRIVATE_KEY", key.private_base64);
    offer("SECRET_KEY", kit.vault.password("SECRET_KEY")?);
    for name in ["order", "payment", "notification", "media", "analytics", "automation"] {
        if addresses.port(name).is_ok() {
            let setting = format!("KONVEKSI_GATEWAY_{}_URL", name.to_uppercase());
            offer(&setting, addresses.url(name)?);
        }
    }
    offer("KONVEKSI_PAYMENT_PUBLIC_URL", addresses.public_url("gateway")?);
    // Systems that share a Redis must not count each other's callers, nor answer each other's lists.
    offer("KONVEKSI_GATEWAY_REDIS_PREFIX", format!("gateway-{}", backends.database));
    offer("KONVEKSI_ORDER_REDIS_PREFIX", format!("order-{}", backends.database));

    for (name, value) in providers(kit, addresses)? {
        offer(name, value);
    }
    Ok(offers)
}

/// The sandbox, as the services' providers and as itself.
fn providers(kit: &Kit, addresses: &Addresses) -> Result<Vec<(&'static str, String)>> {
    let sandbox = addresses.url("sandbox")?;
    let api_key = kit.vault.kept_or("xendit-secret-key", || {
        format!("xnd_development_{}", hex::encode(rand::random::<[u8; 16]>()))
    })?;
    let callback_token = kit.vault.password("xendit-callback-token")?;
    let fonnte_token = kit.vault.password("fonnte-token")?;
    let server_key = kit.vault.kept_or("midtrans-server-key", || {
        format!("SB-Mid-server-{}", hex::encode(rand::random::<[u8; 16]>()))
    })?;
    let gateway = addresses.url("gateway")?;
    let webhook = format!("{gateway}/api/v1/webhook/xendit/");
    let midtrans_webhook = format!("{gateway}/api/v1/webhook/midtrans/");
    Ok(vec![
        ("XENDIT_BASE_URL", sandbox.clone()),
        ("XENDIT_SECRET_KEY", api_key.clone()),
        ("XENDIT_WEBHOOK_TOKEN", callback_token.clone()),
        ("KONVEKSI_PAYMENT_MUTATION_TOKEN", kit.vault.password("mutation-token")?),
        // So that unique amounts can be tried; nobody can transfer to it.
        ("KONVEKSI_PAYMENT_BANK_ACCOUNTS", "BCA:1234567890:Konveksi Contoh".to_owned()),
        ("MIDTRANS_BASE_URL", sandbox.clone()),
        ("MIDTRANS_SNAP_BASE_URL", sandbox.clone()),
        ("MIDTRANS_SERVER_KEY", server_key.clone()),
        ("KONVEKSI_SANDBOX_MIDTRANS_SERVER_KEY", server_key),
        ("KONVEKSI_SANDBOX_MIDTRANS_CALLBACK_URL", midtrans_webhook),
        ("FONNTE_BASE_URL", sandbox),
        ("FONNTE_API_TOKEN", fonnte_token.clone()),
        ("EMAIL_HOST", "127.0.0.1".to_owned()),
        ("EMAIL_PORT", addresses.port(SMTP.0)?.to_string()),
        ("KONVEKSI_SANDBOX_SMTP_PORT", addresses.port(SMTP.0)?.to_string()),
        ("KONVEKSI_SANDBOX_PUBLIC_URL", addresses.public_url("sandbox")?),
        ("KONVEKSI_SANDBOX_CALLBACK_URL", webhook),
        ("KONVEKSI_SANDBOX_CALLBACK_TOKEN", callback_token),
        ("KONVEKSI_SANDBOX_API_KEY", api_key),
        ("KONVEKSI_SANDBOX_FONNTE_TOKEN", fonnte_token),
    ])
}

/// The pair that signs who is calling; the private half is the gateway's alone.
fn identity_key(kit: &Kit) -> Result<KeyPair> {
    let made = KeyPair::generate().context("cannot make the identity key")?;
    let kept = kit.vault.kept_or("identity-private-key", || made.private_base64)?;
    KeyPair::from_private(&kept).context("the kept identity key is damaged")
}

/// A folder of the service's own below the data folder.
fn folder(kit: &Kit, name: &str) -> Result<String> {
    let folder = kit.data.root().join("files").join(name);
    crate::data::make_private(&folder)?;
    Ok(folder.display().to_string())
}
