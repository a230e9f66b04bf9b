//! One running service with its own database, virtual host, folder and clock, and a line to clamd
//! that can be cut.

pub(crate) mod samples;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use diesel_async::{AsyncConnection as _, RunQueryDsl as _};
use konveksi_contracts::EventMessage;
use konveksi_db::{Connection, Plan};
use konveksi_eventing::outbox::{self, Subject};
use konveksi_eventing::topology;
use konveksi_identity::HEADER;
use konveksi_kernel::{Clock as _, OrderId};
use konveksi_media::{ROLE, SCHEMA, SETTINGS, Settings, build, migrations};
use konveksi_settings::Reader;
use konveksi_test_support::{
    TestBroker, TestClock, TestDatabase, TestIdentity, TestProxy, clamd_addr, eventually,
};
use konveksi_web::{ClockHandle, PUBLIC_URL_HEADER};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

pub(crate) const UPLOAD: &str = "/api/v1/media/upload-design/";
pub(crate) const DRAFTS: &str = "/internal/v1/drafts";
/// Where the public reaches the gateway.
pub(crate) const PUBLIC: &str = "https://konveksi.example";
/// How long anything may take.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);
/// How long one scan may take here.
const SCAN_TIMEOUT_MS: &str = "5000";

/// The service under test.
pub(crate) struct World {
    pub(crate) clock: Arc<TestClock>,
    pub(crate) identity: TestIdentity,
    pub(crate) clamd: TestProxy,
    pub(crate) base: String,
    pub(crate) client: Client,
    database: TestDatabase,
    broker: TestBroker,
    folder: TempDir,
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
        let scanner = format!("tcp://{}", clamd_addr());
        let clamd = TestProxy::before(&scanner).await;
        let folder = tempfile::tempdir().unwrap();
        let values = [
            ("KONVEKSI_MEDIA_PORT", "0".to_owned()),
            ("KONVEKSI_MEDIA_DATABASE_URL", database.url()),
            ("KONVEKSI_MEDIA_AMQP_URL", broker.url()),
            ("KONVEKSI_MEDIA_IDENTITY_PUBLIC_KEY", identity.public_key()),
            ("CLAMD_ADDR", clamd.url(&scanner).replace("tcp://", "")),
            ("KONVEKSI_MEDIA_DATA_DIR", folder.path().display().to_string()),
            ("KONVEKSI_MEDIA_SCAN_TIMEOUT_MS", SCAN_TIMEOUT_MS.to_owned()),
            ("KONVEKSI_MEDIA_RESCAN_INTERVAL_MS", "50".to_owned()),
            ("KONVEKSI_MEDIA_SWEEP_INTERVAL_MS", "50".to_owned()),
        ];
        let reader = Reader::from_lookup(SETTINGS, |wanted| {
            values.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone())
        });
        let settings = Settings::read(&reader).unwrap();
        let service = build(settings, &ClockHandle::Steered(clock.clone())).unwrap();
        let base = format!("http://{}", service.addr());
        let shutdown = CancellationToken::new();
        tokio::spawn(service.run(shutdown.clone()));
        let client = Client::new();
        World { clock, identity, clamd, base, client, database, broker, folder, shutdown }
    }

    pub(crate) async fn connect(&self) -> Connection {
        Connection::establish(&self.database.admin_url()).await.unwrap()
    }

    /// The one number a query answers.
    pub(crate) async fn number(&self, query: &str) -> i64 {
        let mut conn = self.connect().await;
        diesel::sql_query(query).get_result::<Number>(&mut conn).await.unwrap().number
    }

    /// Tells `event` the way another service does: by a row that a relay brings to the broker. The
    /// service under test has an outbox too, so its relay carries what the other would have told.
    pub(crate) async fn tell<E: EventMessage>(&self, order: OrderId, version: i64, event: &E) {
        let mut conn = self.connect().await;
        let subject = Subject { kind: "order", id: order.as_uuid(), version };
        outbox::append(&mut conn, self.clock.now(), subject, event).await.unwrap();
    }

    /// Waits for the next `E`s that reach the order service's queue and answers them all.
    pub(crate) async fn told<E: EventMessage>(&self, count: usize) -> Vec<E> {
        let found = eventually(PATIENCE, async || {
            let messages = self.broker.peek("kv.order").await;
            let ours: Vec<_> =
                messages.into_iter().filter(|message| message.routing_key == E::TYPE).collect();
            (ours.len() >= count).then_some(ours)
        })
        .await;
        assert_eq!(found.len(), count, "{} told too often", E::TYPE);
        let decode = |text: &str| E::decode(BASE64.decode(text).unwrap().as_slice()).unwrap();
        found.iter().map(|message| decode(&message.payload_base64)).collect()
    }

    /// Waits until everything told has reached the broker, and answers how many events of any kind
    /// reached the order service's queue.
    pub(crate) async fn told_in_all(&self) -> usize {
        eventually(PATIENCE, async || {
            let pending = "SELECT count(*) AS number FROM outbox WHERE published_at IS NULL";
            (self.number(pending).await == 0).then_some(())
        })
        .await;
        self.broker.count("kv.order").await
    }

    /// A request signed for an anonymous caller.
    pub(crate) fn anonymous(&self, request: RequestBuilder) -> RequestBuilder {
        request.header(HEADER, self.identity.anonymous("media")).header(PUBLIC_URL_HEADER, PUBLIC)
    }

    /// Uploads `content` as `name` for `order`.
    pub(crate) async fn upload(&self, order: OrderId, name: &str, content: &[u8]) -> (u16, Value) {
        let form = Form::new()
            .part("design", file(name, content))
            .text("order_id", order.to_string())
            .text("description", "Logo design untuk kaos");
        self.post(UPLOAD, form).await
    }

    /// Posts a form as an anonymous caller.
    pub(crate) async fn post(&self, path: &str, form: Form) -> (u16, Value) {
        let request = self.client.post(format!("{}{path}", self.base)).multipart(form);
        answer(self.anonymous(request).send().await.unwrap()).await
    }

    /// Uploads a draft as the gateway does.
    pub(crate) async fn draft(&self, name: &str, content: &[u8]) -> (u16, Value) {
        let request = self
            .client
            .post(format!("{}{DRAFTS}", self.base))
            .header(HEADER, self.identity.system("media"))
            .multipart(Form::new().part("design", file(name, content)));
        answer(request.send().await.unwrap()).await
    }

    /// Fetches what an upload's answer calls its URL.
    pub(crate) async fn fetch(&self, uploaded: &Value) -> Response {
        let url = uploaded["url"].as_str().unwrap();
        self.get(url.strip_prefix(PUBLIC).unwrap_or(url)).await
    }

    /// `GET path` as an anonymous caller.
    pub(crate) async fn get(&self, path: &str) -> Response {
        let request = self.client.get(format!("{}{path}", self.base));
        self.anonymous(request).send().await.unwrap()
    }

    /// Files in the store's folder, unfinished ones included.
    pub(crate) fn files_on_disk(&self) -> usize {
        count_files(self.folder.path())
    }

    /// Removes every byte behind the service's back.
    pub(crate) fn lose_all_bytes(&self) {
        std::fs::remove_dir_all(self.folder.path().join("designs")).unwrap();
    }

    /// Makes the file `id` look like an upload whose process was killed: still being received,
    /// with a half-written copy beside it.
    pub(crate) async fn leave_unfinished(&self, id: &str) {
        use diesel::sql_types::{Text, Uuid as SqlUuid};
        #[derive(diesel::QueryableByName)]
        struct Key {
            #[diesel(sql_type = Text)]
            storage_key: String,
        }
        let mut conn = self.connect().await;
        let key: Key = diesel::sql_query(
            "UPDATE files SET state = 'receiving' WHERE id = $1 RETURNING storage_key",
        )
        .bind::<SqlUuid, _>(id.parse::<uuid::Uuid>().unwrap())
        .get_result(&mut conn)
        .await
        .unwrap();
        let half = self.folder.path().join(format!("{}#1", key.storage_key));
        std::fs::write(half, b"%PDF").unwrap();
    }

    /// Rows of files.
    pub(crate) async fn rows(&self) -> i64 {
        self.number("SELECT count(*) AS number FROM files").await
    }
}

/// A part with a file in it.
pub(crate) fn file(name: &str, content: &[u8]) -> Part {
    Part::bytes(content.to_vec()).file_name(name.to_owned())
}

async fn answer(response: Response) -> (u16, Value) {
    (response.status().as_u16(), response.json().await.unwrap_or(Value::Null))
}

fn count_files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|entry| if entry.path().is_dir() { count_files(&entry.path()) } else { 1 }).sum()
}
