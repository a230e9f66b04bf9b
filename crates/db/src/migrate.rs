//! Brings one schema to the newest shape and gives the service's role its rights on it.

use diesel_async::{
    AsyncConnection as _, AsyncMigrationHarness, RunQueryDsl as _, SimpleAsyncConnection as _,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _};
use thiserror::Error;

use crate::{Connection, DbError};

/// What is to be migrated.
pub struct Plan<'a> {
    /// The schema that is made if absent, such as `orders`.
    pub schema: &'a str,
    /// The runtime role that uses it, such as `order_svc`; it must exist. It owns nothing.
    pub role: &'a str,
    /// Migrations in the order of their sources; each source's own are ordered by name.
    pub sources: Vec<EmbeddedMigrations>,
}

/// Why a schema could not be migrated.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// The migrator could not connect.
    #[error("the migrator cannot reach the database")]
    Connect(#[source] diesel::ConnectionError),
    /// A schema or role name that is not a plain lower-case word.
    #[error("{0:?} is not a plain name")]
    Name(String),
    /// A statement around the migrations failed.
    #[error("preparing the schema failed")]
    Prepare(#[from] DbError),
    /// A migration failed.
    #[error("a migration of schema {schema} failed: {reason}")]
    Migration {
        /// The schema.
        schema: String,
        /// The server's words.
        reason: String,
    },
}

impl From<diesel::result::Error> for MigrateError {
    fn from(error: diesel::result::Error) -> MigrateError {
        MigrateError::Prepare(DbError::from(error))
    }
}

/// One lock for all our migrations: replicas that start together wait for each other.
const LOCK: &str = "SELECT pg_advisory_lock(7305812290450918145)";

/// Runs what is pending, with the migrator's `url`, and answers the versions that ran.
/// Must be called on a multi-threaded tokio runtime.
///
/// The role is given use of everything the migrations make; a migration that wants less for it
/// (a ledger that is only ever appended to) revokes in its own SQL.
///
/// # Errors
/// [`MigrateError`]; migrations that succeeded before the failing one stay.
pub async fn migrate(url: &str, plan: Plan<'_>) -> Result<Vec<String>, MigrateError> {
    let (schema, role) = (plain_name(plan.schema)?, plain_name(plan.role)?);
    let mut conn = Connection::establish(url).await.map_err(MigrateError::Connect)?;
    diesel::sql_query(LOCK).execute(&mut conn).await?;
    conn.batch_execute(&format!(
        "SET client_min_messages = warning;
         CREATE SCHEMA IF NOT EXISTS {schema};
         SET search_path = {schema}, public;
         GRANT USAGE ON SCHEMA {schema} TO {role};
         ALTER DEFAULT PRIVILEGES IN SCHEMA {schema}
             GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
         ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role};"
    ))
    .await?;
    let mut harness = AsyncMigrationHarness::new(conn);
    let mut versions = Vec::new();
    let keeps_record = !plan.sources.is_empty();
    for source in plan.sources {
        // Diesel compares a source with everything that ever ran in the schema's table, so
        // several sources share it; their version numbers must differ.
        let ran = harness.run_pending_migrations(source).map_err(|error| {
            MigrateError::Migration { schema: schema.to_owned(), reason: error.to_string() }
        })?;
        versions.extend(ran.iter().map(ToString::to_string));
    }
    if keeps_record {
        // What ran is the migrator's to say.
        harness
            .into_inner()
            .batch_execute(&format!(
                "REVOKE INSERT, UPDATE, DELETE ON {schema}.__diesel_schema_migrations FROM {role}"
            ))
            .await?;
    }
    Ok(versions)
}

/// Names go into DDL, which takes no parameters, so only plain words pass.
fn plain_name(name: &str) -> Result<&str, MigrateError> {
    let plain =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if plain { Ok(name) } else { Err(MigrateError::Name(name.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_words_become_schema_and_role_names() {
        assert!(plain_name("order_svc").is_ok());
        for name in ["", "Orders", "orders; DROP", "a-b", "a\"b"] {
            assert!(plain_name(name).is_err(), "{name}");
        }
    }
}
