//! The service, started as it is in production but for its addresses, and what surrounds it.

use std::sync::Arc;

use diesel::QueryableByName;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use konveksi_db::{Plan, Pool};
use konveksi_identity::{HEADER, Role};
use konveksi_notification::{ROLE, SCHEMA, SERVICE, SETTINGS, Settings, build, migrations};
use konveksi_sandbox::{Config, Message, Sandbox};
use konveksi_settings::Reader;
use konveksi_test_support::{TestBroker, TestClock, TestDatabase, TestIdentity, eventually};
use konveksi_web::ClockHandle;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{LIMIT, Producer};

/// The world of one test; everything in it is the test's own.
pub(crate) struct World {
    pub(crate) clock: Arc<TestClock>,
    pub(crate) sandbox: Sandbox,
    pub(crate) broker: TestBroker,
    pub(crate) database: TestDatabase,
    identity: TestIdentity,
    http: reqwest::Client,
    extra: Vec<(&'static str, &'static str)>,
    service: Option<Running>,
    /// Declared last, so that it stops before what it uses goes.
    producer: Option<Producer>,
}

/// The service on a runtime of its own, so that a crash takes every task with it.
struct Running {
    base_url: String,
    stop: CancellationToken,
    task: JoinHandle<anyhow::Result<()>>,
    runtime: Runtime,
}

/// An HTTP answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl World {
    /// A world with the service in it.
    pub(crate) async fn new() -> World {
        World::with(&[]).await
    }

    /// A world whose service has these settings beside the usual ones.
    pub(crate) async fn with(extra: &[(&'static str, &'static str)]) -> World {
        let _another = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let clock = Arc::new(TestClock::default());
        let plan = Plan { schema: SCHEMA, role: ROLE, sources: migrations() };
        let mut world = World {
            identity: TestIdentity::new(clock.clone()),
            sandbox: Sandbox::start(Config::for_tests()).await.unwrap(),
            broker: TestBroker::create(konveksi_eventing::topology::declare).await,
            database: TestDatabase::create(plan).await,
            clock,
            http: reqwest::Client::new(),
            extra: extra.to_vec(),
            service: None,
            producer: None,
        };
        world.start();
        world
    }

    /// Starts the service (again).
    pub(crate) fn start(&mut self) {
        let smtp = self.sandbox.smtp_addr();
        let given = [
            ("KONVEKSI_NOTIFICATION_PORT", "0".to_owned()),
            ("KONVEKSI_NOTIFICATION_DATABASE_URL", self.database.url()),
            ("KONVEKSI_NOTIFICATION_AMQP_URL", self.broker.url()),
            ("KONVEKSI_NOTIFICATION_IDENTITY_PUBLIC_KEY", self.identity.public_key()),
            ("FONNTE_BASE_URL", self.sandbox.base_url()),
            ("FONNTE_API_TOKEN", self.sandbox.fonnte_token()),
            ("EMAIL_HOST", smtp.ip().to_string()),
            ("EMAIL_PORT", smtp.port().to_string()),
        ];
        let reader = Reader::from_lookup(SETTINGS, |wanted| {
            let extra = self.extra.iter().find(|(name, _)| *name == wanted);
            let usual = given.iter().find(|(name, _)| *name == wanted);
            extra.map(|(_, value)| (*value).to_owned()).or(usual.map(|(_, value)| value.clone()))
        });
        let clock = ClockHandle::Steered(self.clock.clone());
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let service = {
            let _within = runtime.enter();
            build(Settings::read(&reader).unwrap(), clock).unwrap()
        };
        let base_url = format!("http://{}", service.addr());
        let stop = CancellationToken::new();
        let task = runtime.spawn(service.run(stop.clone()));
        self.service = Some(Running { base_url, stop, task, runtime });
    }

    /// Ends the service as a crash would: nothing that it had begun is finished.
    pub(crate) fn kill(&mut self) {
        self.service.take().unwrap().runtime.shutdown_background();
    }

    /// Ends the service as SIGTERM would, and waits for it.
    pub(crate) async fn stop(&mut self) {
        let running = self.service.take().unwrap();
        running.stop.cancel();
        running.task.await.unwrap().unwrap();
        running.runtime.shutdown_background();
    }

    /// A service beside this one that tells events through the broker.
    pub(crate) async fn producer(&mut self) -> &Producer {
        if self.producer.is_none() {
            self.producer = Some(Producer::start(&self.broker, self.clock.clone()).await);
        }
        self.producer.as_ref().unwrap()
    }

    /// A request as `identity` (a signed header value).
    pub(crate) async fn call(
        &self,
        identity: String,
        method: reqwest::Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        self.call_with(identity, method, path, body, &[]).await
    }

    /// The same with further headers.
    pub(crate) async fn call_with(
        &self,
        identity: String,
        method: reqwest::Method,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let url = format!("{}{path}", self.service.as_ref().unwrap().base_url);
        let mut request = self.http.request(method, url).header(HEADER, identity);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        Answer { status, body: serde_json::from_str(&text).unwrap_or(Value::Null) }
    }

    /// A read by an administrator.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(self.admin(), reqwest::Method::GET, path, None).await
    }

    /// A write by an administrator.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(self.admin(), reqwest::Method::POST, path, Some(body)).await
    }

    /// A signed header value of an administrator.
    pub(crate) fn admin(&self) -> String {
        self.staff(Role::Admin)
    }

    /// A signed header value of staff in `role`.
    pub(crate) fn staff(&self, role: Role) -> String {
        self.identity.staff(SERVICE, role)
    }

    /// A signed header value of a stranger.
    pub(crate) fn anonymous(&self) -> String {
        self.identity.anonymous(SERVICE)
    }

    /// A signed header value of the gateway.
    pub(crate) fn system(&self) -> String {
        self.identity.system(SERVICE)
    }

    /// Applies events at once, through the express endpoint; answers the counts.
    pub(crate) async fn tell(&self, events: &[konveksi_eventing::Envelope]) -> Value {
        let packed = konveksi_eventing::Envelope::encode_all(events);
        let body = serde_json::json!({ "events": packed });
        let path = "/internal/v1/events";
        let answer = self.call(self.system(), reqwest::Method::POST, path, Some(body)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    /// The texts that `recipient` got, once there are `count` of them.
    pub(crate) async fn received(&self, recipient: &str, count: usize) -> Vec<Message> {
        eventually(LIMIT, async || {
            let messages = self.sandbox.messages_to(recipient);
            (messages.len() >= count).then_some(messages)
        })
        .await
    }

    /// Waits until nothing is queued or on its way.
    pub(crate) async fn settled(&self) {
        eventually(LIMIT, async || {
            let open =
                "SELECT count(*)::text AS text FROM messages WHERE status IN ('queued', 'sending')";
            (self.one(open).await == "0").then_some(())
        })
        .await;
    }

    /// The one text that `sql` selects as `text`.
    pub(crate) async fn one(&self, sql: &str) -> String {
        self.texts(sql).await.into_iter().next().unwrap_or_default()
    }

    /// Every text that `sql` selects as `text`.
    pub(crate) async fn texts(&self, sql: &str) -> Vec<String> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = Text)]
            text: String,
        }
        let pool = Pool::new(&self.database.admin_url(), 1).unwrap();
        let mut conn = pool.get().await.unwrap();
        let rows: Vec<Row> = diesel::sql_query(sql).get_results(&mut conn).await.unwrap();
        rows.into_iter().map(|row| row.text).collect()
    }

    /// Runs `sql` as the database's owner.
    pub(crate) async fn run(&self, sql: &str) {
        let pool = Pool::new(&self.database.admin_url(), 1).unwrap();
        let mut conn = pool.get().await.unwrap();
        diesel::sql_query(sql).execute(&mut conn).await.unwrap();
    }

    /// The `text` of every event of `event_type` this service has told.
    pub(crate) async fn told<E: konveksi_contracts::EventMessage>(&self) -> Vec<E> {
        let sql = format!(
            "SELECT encode(payload, 'base64') AS text FROM
                (SELECT seq, event_type, payload FROM outbox UNION ALL
                 SELECT seq, event_type, payload FROM event_log) AS told
             WHERE event_type = '{}' ORDER BY seq",
            E::TYPE
        );
        let bodies = self.texts(&sql).await;
        bodies
            .into_iter()
            .map(|body| {
                use base64::Engine as _;
                let plain: String = body.split_whitespace().collect();
                let bytes = base64::engine::general_purpose::STANDARD.decode(plain).unwrap();
                E::decode(bytes.as_slice()).unwrap()
            })
            .collect()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if self.service.is_some() {
            self.kill();
        }
    }
}
