//! One running service with its own database, virtual host and clock.

pub(crate) mod events;

use std::sync::Arc;
use std::time::Duration;

use diesel_async::{AsyncConnection as _, RunQueryDsl as _};
use konveksi_analytics::{ROLE, SCHEMA, SETTINGS, Settings, build, migrations};
use konveksi_contracts::EventMessage;
use konveksi_db::{Connection, Plan};
use konveksi_eventing::outbox::{self, Subject};
use konveksi_eventing::topology;
use konveksi_identity::HEADER;
use konveksi_kernel::Clock as _;
use konveksi_settings::Reader;
use konveksi_test_support::{TestBroker, TestClock, TestDatabase, TestIdentity, eventually};
use konveksi_web::ClockHandle;
use reqwest::Client;
use serde_json::Value;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const SERVICE: &str = "analytics";
const PATIENCE: Duration = Duration::from_mins(1);

/// The service under test.
pub(crate) struct World {
    pub(crate) clock: Arc<TestClock>,
    pub(crate) identity: TestIdentity,
    pub(crate) database: TestDatabase,
    _broker: TestBroker,
    telling: Mutex<Connection>,
    base: String,
    client: Client,
    shutdown: CancellationToken,
}

impl Drop for World {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    number: i64,
}

impl World {
    pub(crate) async fn start() -> World {
        let clock = Arc::new(TestClock::default());
        let identity = TestIdentity::new(clock.clone());
        let database =
            TestDatabase::create(Plan { schema: SCHEMA, role: ROLE, sources: migrations() }).await;
        let broker = TestBroker::create(async |url: &str| topology::declare(url).await).await;
        let values = [
            ("KONVEKSI_ANALYTICS_PORT", "0".to_owned()),
            ("KONVEKSI_ANALYTICS_DATABASE_URL", database.url()),
            ("KONVEKSI_ANALYTICS_AMQP_URL", broker.url()),
            ("KONVEKSI_ANALYTICS_IDENTITY_PUBLIC_KEY", identity.public_key()),
        ];
        let reader = Reader::from_lookup(SETTINGS, |wanted| {
            values.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone())
        });
        let settings = Settings::read(&reader).unwrap();
        let service = build(&settings, &ClockHandle::Steered(clock.clone())).unwrap();
        let base = format!("http://{}", service.addr());
        let shutdown = CancellationToken::new();
        tokio::spawn(service.run(shutdown.clone()));
        let telling = Mutex::new(Connection::establish(&database.admin_url()).await.unwrap());
        let client = Client::new();
        World { clock, identity, database, _broker: broker, telling, base, client, shutdown }
    }

    /// A session with the rights of the service's schema owner.
    pub(crate) async fn connect(&self) -> Connection {
        Connection::establish(&self.database.admin_url()).await.unwrap()
    }

    /// Tells `events` the way a service does: by rows that the relay brings to the broker. The
    /// service under test has an outbox too, so its relay carries what others would have told.
    pub(crate) async fn tell<E: EventMessage>(&self, id: Uuid, version: i64, event: &E) {
        let mut conn = self.telling.lock().await;
        let subject = Subject { kind: "test", id, version };
        outbox::append(&mut conn, self.clock.now(), subject, event).await.unwrap();
    }

    /// Publishes everything that was told once more, with the same event ids.
    pub(crate) async fn repeat_everything(&self) {
        let mut conn = self.connect().await;
        diesel::sql_query("UPDATE outbox SET published_at = NULL")
            .execute(&mut conn)
            .await
            .unwrap();
    }

    /// Waits until everything told is published and `heard` events had their effect.
    pub(crate) async fn settle(&self, heard: i64) {
        let mut conn = self.connect().await;
        eventually(PATIENCE, async || {
            let done = number(&mut conn, "SELECT count(*) AS number FROM inbox").await == heard
                && number(
                    &mut conn,
                    "SELECT count(*) AS number FROM outbox WHERE published_at IS NULL",
                )
                .await
                    == 0;
            done.then_some(())
        })
        .await;
        let waiting = number(&mut conn, "SELECT count(*) AS number FROM inbox_retry").await;
        assert_eq!(waiting, 0, "an event was put off or refused");
    }

    /// `GET path` as whoever `identity` says.
    pub(crate) async fn get(&self, path: &str, identity: Option<String>) -> (u16, Value) {
        let mut request = self.client.get(format!("{}{path}", self.base));
        if let Some(identity) = identity {
            request = request.header(HEADER, identity);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    /// The dashboard as the owner sees it.
    pub(crate) async fn dashboard(&self) -> Value {
        let owner = self.identity.staff(SERVICE, konveksi_identity::Role::Owner);
        let (status, body) = self.get("/api/v1/admin/dashboard/stats/", Some(owner)).await;
        assert_eq!(status, 200, "{body}");
        body
    }
}

/// The one number a query answers.
pub(crate) async fn number(conn: &mut Connection, query: &str) -> i64 {
    diesel::sql_query(query).get_result::<Number>(conn).await.unwrap().number
}
