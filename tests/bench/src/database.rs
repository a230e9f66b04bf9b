//! Questions to the system's database, asked as its superuser across all schemas.

use anyhow::{Context as _, Result};
use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Text, Timestamptz};
use diesel_async::{AsyncConnection as _, RunQueryDsl as _};
use konveksi_db::Connection;

/// Every schema that has an outbox or an inbox.
pub(crate) const SCHEMAS: [&str; 7] =
    ["orders", "payments", "notifications", "media", "analytics", "automation", "gateway"];

/// A connection to it.
pub(crate) struct Database(Connection);

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(diesel::QueryableByName)]
struct Words {
    #[diesel(sql_type = Text)]
    words: String,
}

impl Database {
    /// Connects.
    ///
    /// # Errors
    /// When PostgreSQL refuses.
    pub(crate) async fn connect(url: &str) -> Result<Database> {
        Ok(Database(Connection::establish(url).await.context("PostgreSQL refuses")?))
    }

    /// One number.
    ///
    /// # Errors
    /// When the question cannot be answered.
    pub(crate) async fn number(&mut self, sql: &str) -> Result<u64> {
        let row: Number = diesel::sql_query(sql).get_result(&mut self.0).await?;
        Ok(u64::try_from(row.number).unwrap_or(0))
    }

    /// One number of what has this instant as its mark (`$1`).
    ///
    /// # Errors
    /// When the question cannot be answered.
    pub(crate) async fn number_at(&mut self, sql: &str, at: DateTime<Utc>) -> Result<u64> {
        let question = diesel::sql_query(sql).bind::<Timestamptz, _>(at);
        let row: Number = question.get_result(&mut self.0).await?;
        Ok(u64::try_from(row.number).unwrap_or(0))
    }

    /// Many numbers since an instant (`$1`).
    ///
    /// # Errors
    /// When the question cannot be answered.
    pub(crate) async fn numbers_since(
        &mut self,
        sql: &str,
        since: DateTime<Utc>,
    ) -> Result<Vec<i64>> {
        let rows: Vec<Number> =
            diesel::sql_query(sql).bind::<Timestamptz, _>(since).load(&mut self.0).await?;
        Ok(rows.into_iter().map(|row| row.number).collect())
    }

    /// One text.
    ///
    /// # Errors
    /// When the question cannot be answered.
    pub(crate) async fn words(&mut self, sql: &str) -> Result<String> {
        let row: Words = diesel::sql_query(sql).get_result(&mut self.0).await?;
        Ok(row.words)
    }

    /// Runs the INSERTs of `script` one after the other, with triggers off.
    ///
    /// # Errors
    /// When one cannot be done.
    pub(crate) async fn fill(&mut self, script: &str) -> Result<()> {
        self.change("SET session_replication_role = replica").await?;
        for statement in script.split(";\n").filter(|one| one.contains("INSERT")) {
            self.change(statement).await?;
            // Without figures about what was just written the next one would be planned badly.
            self.change("ANALYZE").await?;
        }
        self.change("SET session_replication_role = DEFAULT").await?;
        Ok(())
    }

    /// Changes something; answers how many rows.
    ///
    /// # Errors
    /// When it cannot be done.
    pub(crate) async fn change(&mut self, sql: &str) -> Result<usize> {
        Ok(diesel::sql_query(sql).execute(&mut self.0).await?)
    }

    /// The same with an instant (`$1`).
    ///
    /// # Errors
    /// When it cannot be done.
    pub(crate) async fn change_at(&mut self, sql: &str, at: DateTime<Utc>) -> Result<usize> {
        Ok(diesel::sql_query(sql).bind::<Timestamptz, _>(at).execute(&mut self.0).await?)
    }

    /// Events that wait to be published, and events heard so far.
    ///
    /// # Errors
    /// When the database cannot say.
    pub(crate) async fn waiting_and_heard(&mut self) -> Result<(u64, u64)> {
        let sum = |table: &str, condition: &str| {
            let parts: Vec<String> = SCHEMAS
                .iter()
                .map(|schema| format!("(SELECT count(*) FROM {schema}.{table} WHERE {condition})"))
                .collect();
            format!("SELECT ({})::bigint AS number", parts.join(" + "))
        };
        let waiting = self.number(&sum("outbox", "published_at IS NULL")).await?;
        let heard = self.number(&sum("inbox", "true")).await?;
        Ok((waiting, heard))
    }
}
