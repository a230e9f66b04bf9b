//! The superuser's connection: makes, copies and drops databases.

use std::time::{Duration, SystemTime};

use diesel::sql_types::{BigInt, Text};
use diesel::{OptionalExtension as _, QueryableByName};
use diesel_async::{AsyncConnection as _, RunQueryDsl as _, SimpleAsyncConnection as _};
use konveksi_db::Connection;
use url::Url;

use crate::servers::server;

/// Databases of tests that were killed are dropped after this.
const LEFTOVER_AFTER_SECONDS: u64 = 3_600;

/// Seconds since 1970, part of each database's name so that leftovers can be told.
#[expect(clippy::disallowed_methods, reason = "the age of a leftover is a matter of the machine")]
pub(super) fn epoch() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// The superuser's URL of the database `name`.
pub(super) fn url_of(name: &str) -> String {
    let mut url = Url::parse(&server("TEST_DATABASE_URL")).expect("TEST_DATABASE_URL is a URL");
    url.set_path(name);
    url.to_string()
}

/// As [`url_of`], with settings for each session.
pub(super) fn url_with_options(name: &str, options: &str) -> String {
    // PostgreSQL's URLs do not know `+` for a blank.
    format!("{}?options={}", url_of(name), options.replace(' ', "%20").replace('=', "%3D"))
}

/// A superuser's session on the server's own database.
pub(super) struct Admin(Connection);

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

impl Admin {
    pub(super) async fn connect() -> Admin {
        let url = server("TEST_DATABASE_URL");
        let connection = Connection::establish(&url).await;
        Admin(connection.expect("the server at TEST_DATABASE_URL answers"))
    }

    /// Runs statements that take no parameters; the names in them are ours.
    pub(super) async fn run(&mut self, statements: &str) -> diesel::QueryResult<()> {
        self.0.batch_execute(statements).await
    }

    /// Waits until nobody else holds the lock `key`; it ends with this session.
    pub(super) async fn lock(&mut self, key: i64) {
        diesel::sql_query("SELECT pg_advisory_lock($1)")
            .bind::<BigInt, _>(key)
            .execute(&mut self.0)
            .await
            .expect("an advisory lock can be taken");
    }

    /// The comment on the database `name`; `None` when it has none or does not exist.
    pub(super) async fn comment(&mut self, name: &str) -> Option<String> {
        const COMMENT: &str = "
            SELECT shobj_description(oid, 'pg_database') AS name FROM pg_database
            WHERE datname = $1 AND shobj_description(oid, 'pg_database') IS NOT NULL";
        let row: Option<Name> = diesel::sql_query(COMMENT)
            .bind::<Text, _>(name)
            .get_result(&mut self.0)
            .await
            .optional()
            .expect("the catalogue can be read");
        row.map(|row| row.name)
    }

    /// Makes `name` a copy of `template`. A session that has just left the template may still
    /// count as using it, so a refusal is tried again.
    pub(super) async fn copy(&mut self, template: &str, name: &str) {
        let statement = format!("CREATE DATABASE {name} TEMPLATE {template}");
        let mut refused = String::new();
        for _ in 0..100 {
            match self.run(&statement).await {
                Ok(()) => return,
                Err(error) => refused = error.to_string(),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{template} could not be copied: {refused}");
    }

    /// Drops what killed tests left behind.
    pub(super) async fn drop_leftovers(&mut self) {
        const OURS: &str =
            r"SELECT datname AS name FROM pg_database WHERE datname ~ '^kvt(pl)?_\d+_'";
        let found: Vec<Name> =
            diesel::sql_query(OURS).load(&mut self.0).await.expect("the catalogue can be read");
        let now = epoch();
        for Name { name } in found {
            let made = name.split('_').nth(1).and_then(|made| made.parse::<u64>().ok());
            if made.is_some_and(|made| now.saturating_sub(made) > LEFTOVER_AFTER_SECONDS) {
                // Somebody else may be dropping it too; that is as good.
                let _dropped =
                    self.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
            }
        }
    }
}

/// Drops a database from a `Drop`, where there may be no runtime left to wait on.
pub(super) fn drop_in_the_background(name: String) {
    let dropping = std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
            return;
        };
        runtime.block_on(async {
            let mut admin = Admin::connect().await;
            let _gone = admin.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        });
    });
    // A failed drop is swept later; it must not fail a test that passed.
    let _joined = dropping.join();
}
