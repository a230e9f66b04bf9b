//! `konveksi migrate`: database, roles, schemas and the broker's queues, before a release starts.
//!
//! In a cluster the passwords of the roles and of the broker's users are those of the
//! `KONVEKSI_<SERVICE>_DATABASE_URL` and `KONVEKSI_<SERVICE>_AMQP_URL` secrets.

use std::path::Path;

use anyhow::{Context as _, Result};
use clap::Args;

use crate::data::DataFolder;
use crate::up::backends::{self, Named};
use crate::up::known::Known;
use crate::up::{broker, database, environment};
use crate::vault::Vault;
use crate::{screen, services};

#[derive(Clone, Debug, Args)]
pub(crate) struct MigrateOptions {
    #[command(flatten)]
    named: Named,
}

/// Migrates the named servers, or those of this data folder.
pub(crate) async fn run(data: &Path, options: &MigrateOptions) -> Result<()> {
    let services = services::all();
    let roles = database::roles(&services);
    let Some(url) = &options.named.database_url else {
        let known = Known::of_path(data)
            .context("without DATABASE_URL the servers of the data folder are migrated")?;
        let data = DataFolder::existing(data).context("the data folder went away")?;
        let vault = Vault::open(&data)?;
        let passwords = |role: &str| database::password(&known.backends, &vault, role).map(Some);
        database::prepare(&known.backends.postgres, &known.backends.database, &roles, passwords)
            .await?;
        let count = database::migrate(&known.backends.migrator_url(), &services).await?;
        broker::declare_topology(known.backends.amqp.as_str()).await?;
        screen::note(format!("{count} migrations ran"));
        return Ok(());
    };
    let operators = environment::operators();
    let passwords = |role: &str| database::password_from(&operators, role);
    let name = |url| options.named.name.clone().unwrap_or_else(|| backends::path_of(url));
    let database = name(url);
    database::prepare(url, &database, &roles, passwords).await?;
    let count = database::migrate(&database::in_database(url, &database), &services).await?;
    screen::note(format!("{count} migrations ran"));
    let Some(amqp) = &options.named.amqp_url else {
        screen::warning("AMQP_URL is not set, so the broker's queues were not declared");
        return Ok(());
    };
    let vhost = name(amqp);
    match &options.named.amqp_management_url {
        Some(management) => {
            let stored = services.iter().filter(|service| service.storage.is_some());
            let names: Vec<&str> = stored.map(|service| service.name).collect();
            broker::prepare_named(management, amqp, &vhost, &names, &operators).await?;
            screen::note("every service has its user at the broker");
        }
        None => screen::warning(
            "AMQP_MANAGEMENT_URL is not set, so the broker's users are as they were",
        ),
    }
    broker::declare_topology(backends::in_vhost(amqp, &vhost).as_str()).await
}
