//! What the last `up` of a data folder found out, for the commands that come after it.

use std::path::Path;

use anyhow::{Context as _, Result};
use diesel_async::AsyncConnection as _;
use konveksi_db::Connection;
use serde_json::{Map, Value};

use super::admin;
use super::backends::Backends;
use super::database::{self, Role};
pub(crate) use super::ready::service as ready;
use crate::data::DataFolder;
use crate::services;
use crate::vault::Vault;

/// The vault's entry for the servers' addresses, which hold passwords.
const BACKENDS: &str = "backends";
/// Said by everything that needs a system that was started once.
const NEVER_STARTED: &str = "the system was never started from here; `make run` starts it";

/// Where the servers of this data folder are.
pub(crate) struct Known {
    /// Their addresses, with the administrators' rights.
    pub(crate) backends: Backends,
    vault: Vault,
}

impl Known {
    /// Reads what was kept.
    pub(crate) fn of(data: &DataFolder) -> Result<Self> {
        let vault = Vault::open(data)?;
        let kept = vault.kept(BACKENDS).context(NEVER_STARTED)?;
        let backends = serde_json::from_value(kept).context("secrets.json is damaged")?;
        Ok(Self { backends, vault })
    }

    /// The same, by the folder's path.
    pub(crate) fn of_path(data: &Path) -> Result<Self> {
        Self::of(&DataFolder::existing(data).context(NEVER_STARTED)?)
    }

    /// A connection of one service's role, on its schema.
    pub(crate) async fn connect(&self, role: &str) -> Result<Connection> {
        let roles = database::roles(&services::all());
        let role: &Role =
            roles.iter().find(|known| known.name == role).context("there is no such role")?;
        let url = database::service_url(&self.backends, &self.vault, role)?;
        Connection::establish(url.as_str()).await.with_context(|| {
            format!("{} cannot log in to the database; `make status` shows what runs", role.name)
        })
    }
}

/// Keeps what an `up` found out, and the URL of each service's own role.
pub(crate) fn keep(vault: &Vault, backends: &Backends) -> Result<()> {
    let urls = services::all().into_iter().filter_map(|service| {
        let storage = service.storage?();
        let role = Role { name: storage.role, schema: storage.schema };
        let url = database::service_url(backends, vault, &role);
        Some(url.map(|url| (service.name.to_owned(), Value::String(url.into()))))
    });
    let urls: Map<String, Value> = urls.collect::<Result<_>>()?;
    vault.keep("database_urls", Value::Object(urls))?;
    vault.keep(BACKENDS, serde_json::to_value(backends)?)
}

/// The first user's login, if we made it.
pub(crate) fn admin(vault: &Vault) -> Option<(String, String)> {
    Some((vault.kept_text(admin::USERNAME)?, vault.kept_text(admin::PASSWORD)?))
}
