//! One running service with its own database, virtual host and clock.

pub(crate) mod facts;

use std::sync::Arc;
use std::time::Duration;

use diesel_async::{AsyncConnection as _, RunQueryDsl as _, SimpleAsyncConnection as _};
use konveksi_contracts::EventMessage;
use konveksi_db::{Connection, DbError, Plan};
use konveksi_eventing::outbox::{self, Subject};
use konveksi_eventing::{Envelope, topology};
use konveksi_identity::{HEADER, Identity, Kind, Role};
use konveksi_kernel::{Clock as _, EventId, SystemClock};
use konveksi_order::{ROLE, SCHEMA, SETTINGS, Settings, build, migrations};
use konveksi_settings::Reader;
use konveksi_test_support::{
    TestBroker, TestClock, TestDatabase, TestIdentity, TestProxy, eventually, key_prefix, redis_url,
};
use konveksi_web::{ClockHandle, PUBLIC_URL_HEADER};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

const SERVICE: &str = "order";
const PATIENCE: Duration = Duration::from_mins(1);

/// Under which the gateway says the public reaches it.
pub(crate) const PUBLIC: &str = "http://localhost:8000";

/// Who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Nobody the gateway signed for.
    Unsigned,
    Anonymous,
    Staff(Role),
    ApiKey(Role),
    System,
}

/// The office's usual caller.
pub(crate) const ADMIN: Who = Who::Staff(Role::Admin);

/// The service under test.
pub(crate) struct World {
    pub(crate) clock: Arc<TestClock>,
    pub(crate) identity: TestIdentity,
    pub(crate) database: TestDatabase,
    pub(crate) broker: TestBroker,
    /// Between the service and the broker.
    pub(crate) proxy: TestProxy,
    /// Between the service and the database.
    pub(crate) database_proxy: TestProxy,
    /// A session with the rights of the schema's owner.
    owner: Mutex<Connection>,
    base: String,
    /// Before the service's keys in Redis.
    pub(crate) redis_prefix: String,
    client: Client,
    shutdown: CancellationToken,
}

impl Drop for World {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) express: Option<String>,
    /// Where a list came from.
    pub(crate) cache: Option<String>,
    pub(crate) etag: Option<String>,
    /// Whether it is the answer to an earlier request with the same key.
    pub(crate) replayed: bool,
    pub(crate) body: Value,
}

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    number: i64,
}

#[derive(diesel::QueryableByName)]
struct Word {
    #[diesel(sql_type = diesel::sql_types::Text)]
    word: String,
}

impl World {
    pub(crate) async fn start() -> World {
        World::on_redis(&redis_url()).await
    }

    /// As [`World::start`], with Redis at this address.
    pub(crate) async fn on_redis(redis: &str) -> World {
        let clock = Arc::new(TestClock::default());
        let identity = TestIdentity::new(clock.clone());
        let database =
            TestDatabase::create(Plan { schema: SCHEMA, role: ROLE, sources: migrations() }).await;
        let broker = TestBroker::create(async |url: &str| topology::declare(url).await).await;
        let proxy = TestProxy::before(&broker.url()).await;
        let database_proxy = TestProxy::before(&database.url()).await;
        let owner = Mutex::new(Connection::establish(&database.admin_url()).await.unwrap());
        let redis_prefix = key_prefix();
        let values = [
            ("KONVEKSI_ORDER_PORT", "0".to_owned()),
            ("KONVEKSI_ORDER_DATABASE_URL", database_proxy.url(&database.url())),
            ("KONVEKSI_ORDER_AMQP_URL", proxy.url(&broker.url())),
            ("REDIS_URL", redis.to_owned()),
            // A busy machine is not a Redis that is away.
            ("KONVEKSI_ORDER_REDIS_BUDGET_MS", "5000".to_owned()),
            ("KONVEKSI_ORDER_REDIS_PREFIX", redis_prefix.clone()),
            ("KONVEKSI_ORDER_IDENTITY_PUBLIC_KEY", identity.public_key()),
        ];
        let reader = Reader::from_lookup(SETTINGS, |wanted| {
            values.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone())
        });
        let settings = Settings::read(&reader).unwrap();
        let service = build(&settings, &ClockHandle::Steered(clock.clone())).unwrap();
        let base = format!("http://{}", service.addr());
        let shutdown = CancellationToken::new();
        tokio::spawn(service.run(shutdown.clone()));
        World {
            clock,
            identity,
            database,
            broker,
            proxy,
            database_proxy,
            owner,
            base,
            redis_prefix,
            client: Client::new(),
            shutdown,
        }
    }

    /// Where the service listens.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// A session with the rights of the service.
    pub(crate) async fn connect_as_service(&self) -> Connection {
        Connection::establish(&self.database.url()).await.unwrap()
    }

    fn statement(&self, who: Who) -> Option<String> {
        match who {
            Who::Unsigned => None,
            Who::Anonymous => Some(self.identity.anonymous(SERVICE)),
            Who::Staff(role) => Some(self.identity.staff(SERVICE, role)),
            Who::ApiKey(role) => {
                let key = Identity {
                    sub: "shop".to_owned(),
                    kind: Kind::ApiKey,
                    role: Some(role),
                    sid: None,
                };
                Some(self.identity.signed(&key, SERVICE))
            }
            Who::System => Some(self.identity.system(SERVICE)),
        }
    }

    pub(crate) async fn send(
        &self,
        who: Who,
        method: Method,
        path: &str,
        body: Option<(&str, String)>,
    ) -> Answer {
        self.send_with(who, method, path, &[], body).await
    }

    /// As [`World::send`], with headers of the client's own.
    pub(crate) async fn send_with(
        &self,
        who: Who,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<(&str, String)>,
    ) -> Answer {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.base))
            .header(PUBLIC_URL_HEADER, PUBLIC);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(statement) = self.statement(who) {
            request = request.header(HEADER, statement);
        }
        if let Some((kind, text)) = body {
            request = request.header("content-type", kind.to_owned()).body(text);
        }
        let answer = request.send().await.unwrap();
        let header =
            |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        Answer {
            status: answer.status().as_u16(),
            express: header("x-kv-express"),
            cache: header("x-kv-cache"),
            etag: header("etag"),
            replayed: header("idempotent-replayed").is_some(),
            body: serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null),
        }
    }

    pub(crate) async fn call(
        &self,
        who: Who,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        let body = body.map(|body| ("application/json", body.to_string()));
        self.send(who, method, path, body).await
    }

    pub(crate) async fn get(&self, who: Who, path: &str) -> Answer {
        self.call(who, Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, who: Who, path: &str, body: &Value) -> Answer {
        self.call(who, Method::POST, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, who: Who, path: &str, body: &Value) -> Answer {
        self.call(who, Method::PATCH, path, Some(body)).await
    }

    /// Calls until the service is not too busy to answer: on a crowded machine it may say 503, and
    /// every client comes again then.
    pub(crate) async fn served(&self, mut call: impl AsyncFnMut() -> Answer) -> Answer {
        self.eventually(async || {
            let answer = call().await;
            (answer.status != 503).then_some(answer)
        })
        .await
    }

    /// Posts with an `Idempotency-Key`.
    pub(crate) async fn post_once(&self, who: Who, path: &str, key: &str, body: &Value) -> Answer {
        let body = Some(("application/json", body.to_string()));
        self.send_with(who, Method::POST, path, &[("idempotency-key", key)], body).await
    }

    /// Changes an order that is expected to have this version.
    pub(crate) async fn patch_if(
        &self,
        who: Who,
        path: &str,
        if_match: &str,
        body: &Value,
    ) -> Answer {
        let body = Some(("application/json", body.to_string()));
        self.send_with(who, Method::PATCH, path, &[("if-match", if_match)], body).await
    }

    /// Places the usual order, changed by `changes`, as a member of the public.
    pub(crate) async fn order(&self, changes: Value) -> Value {
        self.order_as(Who::Anonymous, changes).await
    }

    /// Places the usual order, changed by `changes`.
    pub(crate) async fn order_as(&self, who: Who, changes: Value) -> Value {
        let answer = self.post(who, "/api/v1/order/", &usual(changes)).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["order"].clone()
    }

    /// The order as it is now.
    pub(crate) async fn read(&self, order: &Value) -> Value {
        let answer = self.get(ADMIN, &path(order)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    /// Everything that happened to the order, oldest first.
    pub(crate) async fn history(&self, order: &Value) -> Vec<Value> {
        let path = format!("/internal/v1/orders/{}/audit", order["id"].as_str().unwrap());
        let answer = self.get(ADMIN, &path).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body["status_histories"].as_array().unwrap().clone()
    }

    /// Makes the envelope another service would have told.
    pub(crate) async fn envelope<E: EventMessage>(&self, event: &E) -> Envelope {
        let mut conn = self.owner.lock().await;
        let mut made = None;
        let undone: Result<(), DbError> = konveksi_db::transaction(&mut conn, async |tx| {
            made = Some(outbox::append(tx, self.clock.now(), subject(), event).await?);
            Err(DbError::Corrupt("only the envelope is wanted".to_owned()))
        })
        .await;
        assert!(undone.is_err());
        made.unwrap()
    }

    /// Lets the service hear `envelopes` through its express entrance; answers what came of them.
    pub(crate) async fn express(&self, envelopes: &[Envelope]) -> Value {
        let body = json!({ "events": Envelope::encode_all(envelopes) });
        let answer = self.post(Who::System, "/internal/v1/events", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    /// Lets the service hear one event and insists that it had its effect.
    pub(crate) async fn hear<E: EventMessage>(&self, event: &E) {
        let envelope = self.envelope(event).await;
        let accepted = self.express(&[envelope]).await;
        assert_eq!(accepted["applied"], 1, "{accepted}");
    }

    /// Tells an event over the broker: the service has an outbox too, so its relay carries what
    /// another service would have told.
    pub(crate) async fn tell<E: EventMessage>(&self, event: &E) {
        let mut conn = self.owner.lock().await;
        outbox::append(&mut conn, self.clock.now(), subject(), event).await.unwrap();
    }

    /// The one number a query answers.
    pub(crate) async fn number(&self, query: &str) -> i64 {
        let mut conn = self.owner.lock().await;
        diesel::sql_query(query).get_result::<Number>(&mut *conn).await.unwrap().number
    }

    /// The words a query answers.
    pub(crate) async fn words(&self, query: &str) -> Vec<String> {
        let mut conn = self.owner.lock().await;
        let rows = diesel::sql_query(query).load::<Word>(&mut *conn).await.unwrap();
        rows.into_iter().map(|row| row.word).collect()
    }

    /// Adds copies of `order` that differ in `fields`, the arguments of `jsonb_build_object` over
    /// the rows of `series`; the database makes the generated columns itself.
    pub(crate) async fn copies(&self, order: &Value, series: &str, fields: &str) {
        let columns = self
            .words(
                "SELECT column_name::text AS word FROM information_schema.columns
                 WHERE table_schema = 'orders' AND table_name = 'orders'
                   AND is_generated = 'NEVER'",
            )
            .await
            .join(", ");
        let code = order["order_code"].as_str().unwrap();
        self.run(&format!(
            "INSERT INTO orders ({columns})
             SELECT {columns} FROM (SELECT (jsonb_populate_record(o, jsonb_build_object(
                 'id', gen_random_uuid(), {fields}))).*
             FROM orders o, {series} WHERE o.order_code = '{code}') AS many"
        ))
        .await;
    }

    /// Runs statements as the schema's owner.
    pub(crate) async fn run(&self, statements: &str) {
        self.owner.lock().await.batch_execute(statements).await.unwrap();
    }

    /// Types of the events told since the start, in the order they were told.
    pub(crate) async fn told(&self) -> Vec<String> {
        self.words(
            "SELECT event_type AS word FROM
                 (SELECT seq, event_type FROM outbox WHERE aggregate_type <> 'test'
                  UNION ALL
                  SELECT seq, event_type FROM event_log WHERE aggregate_type <> 'test') AS told
             ORDER BY seq",
        )
        .await
    }

    /// Waits for `look` to answer something.
    pub(crate) async fn eventually<T>(&self, look: impl AsyncFnMut() -> Option<T>) -> T {
        eventually(PATIENCE, look).await
    }

    /// Everything told so far as `E`.
    pub(crate) async fn told_as<E: EventMessage>(&self) -> Vec<E> {
        #[derive(diesel::QueryableByName)]
        struct Body {
            #[diesel(sql_type = diesel::sql_types::Binary)]
            payload: Vec<u8>,
        }
        let mut conn = self.owner.lock().await;
        let bodies: Vec<Body> = diesel::sql_query(
            "SELECT payload FROM
                 (SELECT seq, payload, event_type FROM outbox
                  UNION ALL
                  SELECT seq, payload, event_type FROM event_log) AS told
             WHERE event_type = $1 ORDER BY seq",
        )
        .bind::<diesel::sql_types::Text, _>(E::TYPE)
        .load(&mut *conn)
        .await
        .unwrap();
        bodies.iter().map(|body| E::decode(body.payload.as_slice()).unwrap()).collect()
    }
}

/// A subject of its own for each event that another service is said to have told.
fn subject() -> Subject {
    Subject { kind: "test", id: EventId::generate(&SystemClock).as_uuid(), version: 1 }
}

/// A good order, changed by `changes`; a null takes its field away.
pub(crate) fn usual(changes: Value) -> Value {
    let mut order = json!({
        "customer_name": "Budi Santoso",
        "product_name": "Kaos Custom",
        "quantity": 24,
        "total_price": "1000000.00",
        "payment_type": "dp",
        "dp_percent": 60,
        "contact_information": "081234567890",
    });
    let fields = order.as_object_mut().unwrap();
    let Value::Object(changes) = changes else { panic!("changes are an object") };
    for (name, value) in changes {
        if value.is_null() {
            fields.remove(&name);
        } else {
            fields.insert(name, value);
        }
    }
    order
}

/// Where one order is found.
pub(crate) fn path(order: &Value) -> String {
    format!("/api/v1/order/{}/", order["id"].as_str().unwrap())
}

/// A path below one order of staff's.
pub(crate) fn admin_path(order: &Value, below: &str) -> String {
    format!("/api/v1/admin/orders/{}/{below}", order["id"].as_str().unwrap())
}
