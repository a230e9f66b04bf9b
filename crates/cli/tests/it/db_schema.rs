//! The schema of each service as it is after all migrations, checked in as `schema.sql` beside
//! them, so that a review shows the whole of it. `make db-schema` writes the files.

use std::path::{Path, PathBuf};
use std::process::Command;

use diesel_async::{AsyncConnection as _, AsyncMigrationHarness, SimpleAsyncConnection as _};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _};
use konveksi_db::{Connection, Plan};
use konveksi_test_support::TestDatabase;

/// One service's part of the database.
struct Part {
    folder: &'static str,
    schema: &'static str,
    role: &'static str,
    migrations: fn() -> Vec<EmbeddedMigrations>,
}

macro_rules! parts {
    ($($folder:literal $krate:ident),* $(,)?) => {
        [$(Part {
            folder: $folder,
            schema: $krate::SCHEMA,
            role: $krate::ROLE,
            migrations: $krate::migrations,
        }),*]
    };
}

const PARTS: [Part; 7] = parts![
    "gateway" konveksi_gateway,
    "services/order" konveksi_order,
    "services/payment" konveksi_payment,
    "services/notification" konveksi_notification,
    "services/media" konveksi_media,
    "services/analytics" konveksi_analytics,
    "services/automation" konveksi_automation,
];

#[tokio::test(flavor = "multi_thread")]
async fn db_schema_of_an_empty_database_is_the_one_checked_in() {
    for part in &PARTS {
        let database = part.database().await;
        part.migrate(&database, (part.migrations)()).await;
        part.compare(&database);
    }
}

/// The oldest state there ever was: messaging, and the first migration of the service's own.
#[tokio::test(flavor = "multi_thread")]
async fn db_schema_of_the_oldest_database_moves_forward_to_the_one_checked_in() {
    for part in &PARTS {
        let database = part.database().await;
        let mut sources = (part.migrations)();
        let own = sources.pop().unwrap();
        let mut conn = Connection::establish(&database.migrator_url()).await.unwrap();
        conn.batch_execute(&format!("SET search_path = {}, public", part.schema)).await.unwrap();
        let mut harness = AsyncMigrationHarness::new(conn);
        harness.run_pending_migrations(sources.swap_remove(0)).unwrap();
        harness.run_next_migration(own).unwrap();
        drop(harness);

        part.migrate(&database, (part.migrations)()).await;
        part.compare(&database);
    }
}

impl Part {
    /// With the schema, still empty, and the role.
    async fn database(&self) -> TestDatabase {
        TestDatabase::create(self.plan(Vec::new())).await
    }

    const fn plan(&self, sources: Vec<EmbeddedMigrations>) -> Plan<'static> {
        Plan { schema: self.schema, role: self.role, sources }
    }

    async fn migrate(&self, database: &TestDatabase, sources: Vec<EmbeddedMigrations>) {
        konveksi_db::migrate(&database.migrator_url(), self.plan(sources)).await.unwrap();
    }

    #[expect(clippy::disallowed_methods, reason = "a tool's switch, not a setting")]
    fn compare(&self, database: &TestDatabase) {
        let dump = self.dump(database);
        // Cargo runs a test in its package's folder.
        let file = Path::new("../..").join(self.folder).join("schema.sql");
        if std::env::var("REGENERATE").is_ok() {
            std::fs::write(&file, &dump).unwrap();
        }
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        for (line, (found, wanted)) in dump.lines().zip(kept.lines()).enumerate() {
            let place = format!("{}/schema.sql:{}", self.folder, line + 1);
            assert_eq!(found, wanted, "{place}: run `make db-schema`");
        }
        assert_eq!(
            dump.lines().count(),
            kept.lines().count(),
            "{}/schema.sql: run `make db-schema`",
            self.folder
        );
    }

    /// What `pg_dump` says of the schema, less what depends on its version or on who migrated.
    fn dump(&self, database: &TestDatabase) -> String {
        let url = url::Url::parse(&database.migrator_url()).unwrap();
        let output = Command::new(pg_dump())
            .args(["--schema-only", "--no-owner", "--schema", self.schema, url.as_str()])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        let migrator = format!("FOR ROLE {} ", url.username());
        let mut dump = format!(
            "-- The schema `{}` after all migrations. Written by `make db-schema`.\n",
            self.schema
        );
        let mut empty = false;
        for line in text.lines().filter(|line| !is_noise(line)) {
            // One empty line stands for however many there were.
            if !(line.is_empty() && empty) {
                dump.push_str(&line.replace(&migrator, "FOR ROLE migrator "));
                dump.push('\n');
            }
            empty = line.is_empty();
        }
        dump.truncate(dump.trim_end().len());
        dump.push('\n');
        dump
    }
}

/// Comments, and the settings that a dump begins with.
fn is_noise(line: &str) -> bool {
    ["--", "SET ", "SELECT pg_catalog.set_config", "\\restrict", "\\unrestrict"]
        .iter()
        .any(|beginning| line.starts_with(beginning))
}

/// The newest there is: an older one refuses to read a newer server.
fn pg_dump() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let installed = versions.filter_map(|version| {
        let number = version.file_name().to_str()?.parse::<u32>().ok()?;
        let program = version.path().join("bin/pg_dump");
        program.exists().then_some((number, program))
    });
    installed.max().map_or_else(|| PathBuf::from("pg_dump"), |(_, program)| program)
}
