//! The database, and a role for each service that can log in and owns nothing.
//!
//! Roles belong to the whole server. Several systems on one server (tests) must therefore agree
//! on their passwords, so these follow from the migrator's own.

use std::borrow::Cow;
use std::collections::HashMap;

use anyhow::{Context as _, Result, bail};
use diesel::sql_types::{Bool, Text};
use diesel_async::{AsyncConnection as _, RunQueryDsl as _, SimpleAsyncConnection as _};
use konveksi_db::{Connection, Plan};
use percent_encoding::percent_decode_str;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::backends::Backends;
use crate::services::{Service, Storage};
use crate::vault::Vault;

/// One lock for all that prepare this server: two may start at the same moment.
const LOCK: &str = "SELECT pg_advisory_lock(7305812290450918146)";

const DATABASE_EXISTS: &str = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1) AS found";
const ROLE_EXISTS: &str = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS found";

/// A role and the schema it works in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Role {
    /// Such as `order_svc`.
    pub(crate) name: &'static str,
    /// Such as `orders`.
    pub(crate) schema: &'static str,
}

#[derive(diesel::QueryableByName)]
struct Found {
    #[diesel(sql_type = Bool)]
    found: bool,
}

/// Makes the database and the roles, or brings them up to date.
///
/// `password_of` gives a role's password; `None` leaves what it has.
pub(crate) async fn prepare(
    server: &Url,
    database: &str,
    roles: &[Role],
    password_of: impl Fn(&str) -> Result<Option<String>>,
) -> Result<()> {
    let mut conn = connect(server).await?;
    diesel::sql_query(LOCK).execute(&mut conn).await?;
    if !exists(&mut conn, DATABASE_EXISTS, database).await? {
        conn.batch_execute(&format!("CREATE DATABASE {} TEMPLATE template0", quoted(database)))
            .await
            .with_context(|| format!("cannot make the database {database}"))?;
    }
    conn.batch_execute(&format!("REVOKE ALL ON DATABASE {} FROM PUBLIC", quoted(database))).await?;
    for role in roles {
        let Role { name, schema } = role;
        if !exists(&mut conn, ROLE_EXISTS, name).await? {
            conn.batch_execute(&format!("CREATE ROLE {name}")).await?;
        }
        let password = match password_of(name)? {
            Some(password) => format!("PASSWORD '{}'", password.replace('\'', "''")),
            None => String::new(),
        };
        // A frozen relay must not hold its rows for longer than that.
        conn.batch_execute(&format!(
            "ALTER ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE {password};
             ALTER ROLE {name} SET search_path = {schema};
             ALTER ROLE {name} SET idle_in_transaction_session_timeout = '15s';
             GRANT CONNECT ON DATABASE {} TO {name};",
            quoted(database)
        ))
        .await
        .with_context(|| format!("cannot make the role {name}"))?;
    }
    Ok(())
}

/// The roles of these services.
pub(crate) fn roles(services: &[Service]) -> Vec<Role> {
    let storages = services.iter().filter_map(|service| service.storage);
    storages.map(|storage| storage()).map(|s| Role { name: s.role, schema: s.schema }).collect()
}

/// Brings every schema to its newest shape; answers how many migrations that took.
pub(crate) async fn migrate(url: &Url, services: &[Service]) -> Result<usize> {
    let mut count = 0;
    for storage in services.iter().filter_map(|service| service.storage) {
        let Storage { schema, role, migrations: sources } = storage();
        let ran = konveksi_db::migrate(url.as_str(), Plan { schema, role, sources }).await;
        count += ran.with_context(|| format!("cannot migrate the schema {schema}"))?.len();
    }
    Ok(count)
}

/// The same server and login, another database.
pub(crate) fn in_database(server: &Url, database: &str) -> Url {
    let mut url = server.clone();
    url.set_path(database);
    url
}

/// The URL one service connects with.
pub(crate) fn service_url(backends: &Backends, vault: &Vault, role: &Role) -> Result<Url> {
    let mut url = backends.migrator_url();
    let password = password(backends, vault, role.name)?;
    if url.set_username(role.name).is_err() || url.set_password(Some(&password)).is_err() {
        bail!("DATABASE_URL names no host");
    }
    Ok(url)
}

/// The gateway's URL: the users are its.
pub(crate) fn gateway_url(backends: &Backends, vault: &Vault) -> Result<Url> {
    let role = Role { name: konveksi_gateway::ROLE, schema: konveksi_gateway::SCHEMA };
    service_url(backends, vault, &role)
}

/// The password of a role that `up` made.
pub(crate) fn password(backends: &Backends, vault: &Vault, role: &str) -> Result<String> {
    if let Some(password) = &backends.role_password {
        return Ok(password.clone());
    }
    match backends.postgres.password() {
        Some(own) => Ok(hex::encode(Sha256::digest(format!("konveksi role {role} {own}")))),
        None => vault.password(role),
    }
}

/// The password that the operator's `KONVEKSI_<SERVICE>_DATABASE_URL` has for this role, if any.
pub(crate) fn password_from(
    operators: &HashMap<String, String>,
    role: &str,
) -> Result<Option<String>> {
    let named = operators
        .iter()
        .filter(|(name, _)| name.starts_with("KONVEKSI_") && name.ends_with("_DATABASE_URL"));
    for (name, url) in named {
        let url = Url::parse(url).with_context(|| format!("{name} is not a URL"))?;
        if url.username() == role {
            let written = url.password().map(|password| percent_decode_str(password).decode_utf8());
            return Ok(written.transpose()?.map(Cow::into_owned));
        }
    }
    Ok(None)
}

async fn connect(url: &Url) -> Result<Connection> {
    Connection::establish(url.as_str()).await.context("PostgreSQL refuses the migrator")
}

async fn exists(conn: &mut Connection, question: &'static str, name: &str) -> Result<bool> {
    let answer: Found = diesel::sql_query(question).bind::<Text, _>(name).get_result(conn).await?;
    Ok(answer.found)
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
