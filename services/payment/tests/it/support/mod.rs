//! One running service with its own database, virtual host, provider and clock.

pub(crate) mod apart;
pub(crate) mod db;
pub(crate) mod order;

use std::sync::Arc;
use std::time::Duration;

use konveksi_contracts::EventMessage;
use konveksi_eventing::outbox::{self, Subject};
use konveksi_eventing::{Envelope, topology};
use konveksi_identity::{HEADER, Identity, Role};
use konveksi_kernel::{Clock as _, UserId};
use konveksi_payment::{ROLE, SCHEMA, SETTINGS, Settings, build, migrations};
use konveksi_sandbox::{Config, Sandbox};
use konveksi_settings::Reader;
use konveksi_test_support::{TestBroker, TestClock, TestDatabase, TestIdentity, eventually};
use konveksi_web::ClockHandle;
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use apart::{Apart, Death};
use db::Db;

const SERVICE: &str = "payment";
/// What bank-mutation services show.
pub(crate) const MUTATION_TOKEN: &str = "a-mutation-token";
/// How long anything may take; everything is waited for, nothing is slept for.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// The service under test and all it talks to.
pub(crate) struct World {
    pub(crate) clock: Arc<TestClock>,
    pub(crate) identity: TestIdentity,
    pub(crate) database: TestDatabase,
    pub(crate) sandbox: Sandbox,
    _broker: TestBroker,
    base: String,
    client: Client,
    shutdown: CancellationToken,
    /// When the service is a process of its own.
    apart: Option<Apart>,
}

impl Drop for World {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

/// An answer of the service.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }
}

impl World {
    pub(crate) async fn start() -> World {
        World::start_with(&[]).await
    }

    /// With some settings of the caller's own.
    pub(crate) async fn start_with(own: &[(&'static str, &str)]) -> World {
        World::around(own, async |values, clock| {
            let reader = Reader::from_lookup(SETTINGS, |wanted| {
                values.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone())
            });
            let steered = ClockHandle::Steered(clock.clone());
            let service = build(&Settings::read(&reader).unwrap(), &steered).unwrap();
            let base = format!("http://{}", service.addr());
            let shutdown = CancellationToken::new();
            tokio::spawn(service.run(shutdown.clone()));
            (base, shutdown, None)
        })
        .await
    }

    /// With the service as a process of its own, which dies at each of `deaths` in turn and is
    /// started again each time. Calls wait until it is there.
    pub(crate) async fn start_apart(deaths: Vec<Death>) -> World {
        World::around(&[], async |values, clock| {
            let apart = Apart::start(values, clock.clone(), deaths);
            (apart.base(), apart.shutdown(), Some(apart))
        })
        .await
    }

    /// All the service talks to, and the service that `start` starts with these settings.
    async fn around(
        own: &[(&'static str, &str)],
        start: impl AsyncFnOnce(
            Vec<(&'static str, String)>,
            &Arc<TestClock>,
        ) -> (String, CancellationToken, Option<Apart>),
    ) -> World {
        let clock = Arc::new(TestClock::default());
        let identity = TestIdentity::new(clock.clone());
        let database = TestDatabase::create(konveksi_db::Plan {
            schema: SCHEMA,
            role: ROLE,
            sources: migrations(),
        })
        .await;
        let broker = TestBroker::create(async |url: &str| topology::declare(url).await).await;
        let steered = ClockHandle::Steered(clock.clone());
        let sandbox = Sandbox::start_with(Config::for_tests(), steered).await.unwrap();
        let mut values = vec![
            ("KONVEKSI_PAYMENT_PORT", "0".to_owned()),
            ("KONVEKSI_PAYMENT_DATABASE_URL", database.url()),
            ("KONVEKSI_PAYMENT_AMQP_URL", broker.url()),
            ("KONVEKSI_PAYMENT_IDENTITY_PUBLIC_KEY", identity.public_key()),
            ("KONVEKSI_PAYMENT_EXPIRY_SWEEP_SECONDS", "1".to_owned()),
            ("KONVEKSI_PAYMENT_REMINDER_SWEEP_SECONDS", "1".to_owned()),
            ("KONVEKSI_PAYMENT_BANK_ACCOUNTS", "BCA:1234567890:CV Konveksi Jaya".to_owned()),
            ("KONVEKSI_PAYMENT_MUTATION_TOKEN", MUTATION_TOKEN.to_owned()),
            ("XENDIT_BASE_URL", sandbox.base_url()),
            ("XENDIT_SECRET_KEY", sandbox.api_key()),
            ("XENDIT_WEBHOOK_TOKEN", format!("another-live-token,{}", sandbox.callback_token())),
            ("MIDTRANS_BASE_URL", sandbox.base_url()),
            ("MIDTRANS_SNAP_BASE_URL", sandbox.base_url()),
            ("MIDTRANS_SERVER_KEY", format!("{},another-live-key", sandbox.midtrans_server_key())),
            ("KONVEKSI_PAYMENT_SHOP_NAME", "Konveksi Maju".to_owned()),
        ];
        values.splice(0..0, own.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let (base, shutdown, apart) = start(values, &clock).await;
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        World { clock, identity, database, sandbox, _broker: broker, base, client, shutdown, apart }
    }

    /// Lets time pass, for the service too.
    pub(crate) async fn advance(&self, step: Duration) {
        self.clock.advance(chrono::Duration::from_std(step).unwrap());
        if self.apart.is_some() {
            let now = serde_json::json!({ "now": self.clock.now() });
            self.call(Method::POST, "/internal/v1/clock", "", Some(now)).await.expect(200);
        }
    }

    /// How often the service died.
    pub(crate) fn deaths(&self) -> usize {
        self.apart.as_ref().map_or(0, Apart::deaths)
    }

    /// A session that sees everything of this service's schema.
    pub(crate) async fn db(&self) -> Db {
        Db::connect(&self.database.admin_url()).await
    }

    /// One call, as whoever `identity` says.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        identity: &str,
        body: Option<Value>,
    ) -> Answer {
        self.read(self.request(method, path, identity, body)).await
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        identity: &str,
        body: Option<Value>,
    ) -> reqwest::RequestBuilder {
        let request =
            self.client.request(method, format!("{}{path}", self.base)).header(HEADER, identity);
        match body {
            Some(body) => request.json(&body),
            None => request,
        }
    }

    /// A post under an `Idempotency-Key`, as whoever `identity` says.
    pub(crate) async fn keyed_as(
        &self,
        key: &str,
        path: &str,
        identity: &str,
        body: Option<Value>,
    ) -> Answer {
        let request = self.request(Method::POST, path, identity, body);
        self.read(request.header("idempotency-key", key)).await
    }

    /// A file, as a staff member who handles money.
    pub(crate) async fn file(&self, path: &str) -> (StatusCode, Vec<u8>) {
        let identity = self.identity.staff(SERVICE, Role::Finance);
        let answer = self.request(Method::GET, path, &identity, None).send().await.unwrap();
        (answer.status(), answer.bytes().await.unwrap().to_vec())
    }

    /// The signed statement of another staff member.
    pub(crate) fn person(&self, id: i64, role: Role) -> String {
        self.identity.signed(&Identity::staff(UserId(id), role), SERVICE)
    }

    /// As the gateway itself, composing an answer.
    pub(crate) async fn compose(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, &self.identity.system(SERVICE), Some(body)).await
    }

    /// A step of one of its compositions, with a key.
    pub(crate) async fn compose_keyed(&self, key: &str, path: &str, body: Value) -> Answer {
        self.keyed_as(key, path, &self.identity.system(SERVICE), Some(body)).await
    }

    /// A read of the gateway's.
    pub(crate) async fn look(&self, path: &str) -> Value {
        self.call(Method::GET, path, &self.identity.system(SERVICE), None).await.expect(200)
    }

    /// As a staff member who handles money.
    pub(crate) async fn staff(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.call(method, path, &self.identity.staff(SERVICE, Role::Finance), body).await
    }

    /// As the staff member with this number and role.
    pub(crate) async fn as_staff(
        &self,
        (user, role): (i64, Role),
        path: &str,
        body: Value,
    ) -> Answer {
        let identity = self.identity.signed(&Identity::staff(UserId(user), role), SERVICE);
        self.call(Method::POST, path, &identity, Some(body)).await
    }

    /// A post of a staff member who handles money, with an `Idempotency-Key`.
    pub(crate) async fn keyed(&self, key: &str, path: &str, body: &Value) -> Answer {
        let identity = self.identity.staff(SERVICE, Role::Finance);
        self.keyed_as(key, path, &identity, Some(body.clone())).await
    }

    /// A bank-mutation service's message, as the gateway brings it.
    pub(crate) async fn mutations(&self, token: Option<&str>, body: &Value) -> Answer {
        let mut request = self
            .client
            .post(format!("{}/api/v1/webhook/mutation/", self.base))
            .header(HEADER, self.identity.anonymous(SERVICE))
            .json(body);
        if let Some(token) = token {
            request = request.header("x-mutation-token", token);
        }
        self.read(request).await
    }

    /// Insists that the books hold together.
    pub(crate) async fn assert_sound(&self) {
        let found = self.staff(Method::GET, "/api/v1/admin/integrity/", None).await.expect(200);
        assert_eq!(found["status"], "sound", "{found:#}");
    }

    /// A callback by hand, as the gateway brings it.
    pub(crate) async fn callback(&self, token: Option<&str>, body: Vec<u8>) -> Answer {
        let mut request = self
            .client
            .post(format!("{}/api/v1/webhook/xendit/", self.base))
            .header(HEADER, self.identity.anonymous(SERVICE))
            .header("content-type", "application/json")
            .body(body);
        if let Some(token) = token {
            request = request.header("x-callback-token", token);
        }
        self.read(request).await
    }

    /// A notification by hand, as the gateway brings it.
    pub(crate) async fn midtrans_callback(&self, body: &Value) -> Answer {
        let identity = self.identity.anonymous(SERVICE);
        let path = "/api/v1/webhook/midtrans/";
        self.call(Method::POST, path, &identity, Some(body.clone())).await
    }

    /// Lets Midtrans's notifications reach the service.
    pub(crate) fn open_midtrans(&self) {
        let door = db::door(
            format!("{}/api/v1/webhook/midtrans/", self.base),
            self.identity.anonymous(SERVICE),
        );
        self.sandbox.set_midtrans_callback_url(&door);
    }

    /// Lets the sandbox's own callbacks reach the service, through a door that signs them as the
    /// gateway does.
    pub(crate) fn open_callbacks(&self) {
        let door = db::door(
            format!("{}/api/v1/webhook/xendit/", self.base),
            self.identity.anonymous(SERVICE),
        );
        self.sandbox.set_callback_url(&door);
    }

    /// Tells an event the way a service does: by a row that the relay brings to the broker. The
    /// service under test has an outbox too, so its relay carries what others would have told.
    pub(crate) async fn tell<E: EventMessage>(
        &self,
        id: Uuid,
        version: i64,
        event: &E,
    ) -> Envelope {
        let mut db = self.db().await;
        let subject = Subject { kind: "test", id, version };
        outbox::append(db.connection(), self.clock.now(), subject, event).await.unwrap()
    }

    /// Waits until `heard` events had their effect and nothing waits to be published.
    pub(crate) async fn settle(&self, heard: i64) {
        let mut db = self.db().await;
        eventually(PATIENCE, async || {
            let done = db.number("SELECT count(*) FROM inbox").await == heard
                && db.number("SELECT count(*) FROM outbox WHERE published_at IS NULL").await == 0;
            done.then_some(())
        })
        .await;
        assert_eq!(db.texts("SELECT last_error FROM inbox_retry").await, Vec::<String>::new());
    }

    /// Waits until at least `count` callbacks were worked on and none waits.
    pub(crate) async fn callbacks_done(&self, count: i64) {
        let mut db = self.db().await;
        eventually(PATIENCE, async || {
            let done =
                db.number("SELECT count(*) FROM webhook_inbox WHERE status <> 'received'").await;
            let waiting =
                db.number("SELECT count(*) FROM webhook_inbox WHERE status = 'received'").await;
            (done >= count && waiting == 0).then_some(())
        })
        .await;
    }

    /// Sends it. What a dying service did not answer, or another request held up, is sent again, as
    /// clients do.
    async fn read(&self, request: reqwest::RequestBuilder) -> Answer {
        if self.apart.is_none() {
            return read(request).await.unwrap();
        }
        eventually(PATIENCE, async || {
            let answer = read(request.try_clone().unwrap()).await?;
            (!matches!(answer.status.as_u16(), 409 | 503)).then_some(answer)
        })
        .await
    }

    /// How many times an event type was told.
    pub(crate) async fn told(&self, event: &str) -> i64 {
        let mut db = self.db().await;
        db.number(&format!("SELECT count(*) FROM outbox WHERE event_type = '{event}'")).await
            + db.number(&format!("SELECT count(*) FROM event_log WHERE event_type = '{event}'"))
                .await
    }
}

/// Nothing when the connection broke before the whole answer was there.
async fn read(request: reqwest::RequestBuilder) -> Option<Answer> {
    let answer = request.send().await.ok()?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = serde_json::from_slice(&answer.bytes().await.ok()?).unwrap_or(Value::Null);
    Some(Answer { status, headers, body })
}
