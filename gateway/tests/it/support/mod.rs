//! A gateway of its own for each test.

mod events;
mod login;
mod service;

use std::sync::Arc;
use std::time::Duration;

use diesel_async::AsyncConnection as _;
use konveksi_db::{Connection, Plan};
use konveksi_gateway::users::{self, NewUser};
use konveksi_gateway::{ROLE, SCHEMA, SETTINGS, Settings, build, migrations};
use konveksi_identity::Role;
use konveksi_settings::Reader;
use konveksi_test_support::{
    TestBroker, TestClock, TestDatabase, TestIdentity, key_prefix, redis_url,
};
use konveksi_web::ClockHandle;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

pub(crate) use events::{order_state, publish};
pub(crate) use login::{Login, set_cookies};
pub(crate) use service::{Reply, Service};

pub(crate) const PASSWORD: &str = "korek api basah kuyup";
/// An origin that may call, as the default list has it.
pub(crate) const PAGE: &str = "http://localhost:5173";

/// What a test may want different.
#[derive(Default)]
pub(crate) struct Wishes {
    pub(crate) settings: Vec<(&'static str, String)>,
    /// Whether events are to arrive; making a virtual host takes a while.
    pub(crate) broker: bool,
}

/// A gateway and the world around it.
pub(crate) struct World {
    pub(crate) clock: Arc<TestClock>,
    pub(crate) identity: TestIdentity,
    pub(crate) database: TestDatabase,
    pub(crate) broker: Option<TestBroker>,
    pub(crate) order: Service,
    pub(crate) payment: Service,
    pub(crate) notification: Service,
    pub(crate) media: Service,
    pub(crate) analytics: Service,
    pub(crate) automation: Service,
    pub(crate) base: String,
    pub(crate) client: Client,
    values: Vec<(&'static str, String)>,
    shutdown: CancellationToken,
}

impl Drop for World {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

impl World {
    pub(crate) async fn start() -> World {
        World::with(Wishes::default()).await
    }

    /// A gateway with another value of one setting.
    pub(crate) async fn with_setting(name: &'static str, value: &str) -> World {
        World::with(Wishes { settings: vec![(name, value.to_owned())], broker: false }).await
    }

    pub(crate) async fn with(wishes: Wishes) -> World {
        let clock = Arc::new(TestClock::default());
        let identity = TestIdentity::new(clock.clone());
        let plan = Plan { schema: SCHEMA, role: ROLE, sources: migrations() };
        let database = TestDatabase::create(plan).await;
        let broker = if wishes.broker {
            let declare = async |url: &str| konveksi_eventing::topology::declare(url).await;
            Some(TestBroker::create(declare).await)
        } else {
            None
        };
        let service = |name| Service::start(name, identity.verifier(name));
        let world_services = (
            service("order"),
            service("payment"),
            service("notification"),
            service("media"),
            service("analytics"),
            service("automation"),
        );
        let (order, payment, notification, media, analytics, automation) = world_services;
        let nowhere = "amqp://127.0.0.1:1/%2f".to_owned();
        let mut values = vec![
            ("KONVEKSI_GATEWAY_PORT", "0".to_owned()),
            ("KONVEKSI_GATEWAY_BIND", "127.0.0.1".to_owned()),
            ("KONVEKSI_GATEWAY_DATABASE_URL", database.url()),
            ("KONVEKSI_GATEWAY_AMQP_URL", broker.as_ref().map_or(nowhere, TestBroker::url)),
            ("REDIS_URL", redis_url()),
            ("KONVEKSI_GATEWAY_REDIS_PREFIX", key_prefix()),
            // The test machine may be busier than any that serves.
            ("KONVEKSI_GATEWAY_REDIS_BUDGET_MS", "2000".to_owned()),
            ("KONVEKSI_GATEWAY_ORDER_URL", order.url()),
            ("KONVEKSI_GATEWAY_PAYMENT_URL", payment.url()),
            ("KONVEKSI_GATEWAY_NOTIFICATION_URL", notification.url()),
            ("KONVEKSI_GATEWAY_MEDIA_URL", media.url()),
            ("KONVEKSI_GATEWAY_ANALYTICS_URL", analytics.url()),
            ("KONVEKSI_GATEWAY_AUTOMATION_URL", automation.url()),
            ("KONVEKSI_GATEWAY_IDENTITY_PRIVATE_KEY", identity.private_key()),
            ("SECRET_KEY", "0f6d1c8e9b7a4d3c2b1a09f8e7d6c5b4".to_owned()),
        ];
        for name in ["PUBLIC", "ADMIN", "UPLOAD", "TRACK", "LOGIN"] {
            let name = SETTINGS
                .iter()
                .find(|setting| setting.name == format!("KONVEKSI_GATEWAY_LIMIT_{name}_PER_HOUR"));
            values.push((name.unwrap().name, "1000000".to_owned()));
        }
        values.retain(|(name, _)| wishes.settings.iter().all(|(other, _)| other != name));
        values.extend(wishes.settings);
        let shutdown = CancellationToken::new();
        let base = start_gateway(&values, &clock, &shutdown).await;
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        World {
            clock,
            identity,
            database,
            broker,
            order,
            payment,
            notification,
            media,
            analytics,
            automation,
            base,
            client,
            values,
            shutdown,
        }
    }

    /// Another gateway of the same system; answers its base URL.
    pub(crate) async fn another_gateway(&self) -> String {
        start_gateway(&self.values, &self.clock, &self.shutdown).await
    }

    /// A connection with the gateway's own rights.
    pub(crate) async fn connection(&self) -> Connection {
        Connection::establish(&self.database.url()).await.unwrap()
    }

    /// Makes a user with [`PASSWORD`].
    pub(crate) async fn user(&self, username: &str, role: Role) {
        let mut conn = self.connection().await;
        make_user(&mut conn, &self.clock, username, role).await;
    }

    /// Makes a user and logs in.
    pub(crate) async fn staff(&self, role: Role) -> Login {
        self.user(role.as_wire(), role).await;
        self.log_in(role.as_wire()).await
    }

    pub(crate) async fn log_in(&self, username: &str) -> Login {
        let answer = self.try_log_in(username, PASSWORD).await;
        assert_eq!(answer.status(), 200);
        Login::read(answer).await
    }

    pub(crate) async fn try_log_in(&self, username: &str, password: &str) -> Response {
        let body = serde_json::json!({ "username": username, "password": password });
        self.request(Method::POST, "/api/v1/auth/login/").json(&body).send().await.unwrap()
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
    }

    /// Asks the gateway to stop.
    pub(crate) fn stop(&self) {
        self.shutdown.cancel();
    }

    /// The address as WebSocket clients write it.
    pub(crate) fn socket_url(&self, path: &str) -> String {
        format!("{}{path}", self.base.replacen("http", "ws", 1))
    }
}

async fn start_gateway(
    values: &[(&'static str, String)],
    clock: &Arc<TestClock>,
    shutdown: &CancellationToken,
) -> String {
    let reader = Reader::from_lookup(SETTINGS, |wanted| {
        values.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone())
    });
    let settings = Settings::read(&reader).unwrap();
    let gateway = build(settings, ClockHandle::Steered(clock.clone())).await.unwrap();
    let base = format!("http://{}", gateway.addr());
    tokio::spawn(gateway.run(shutdown.clone()));
    base
}

async fn make_user(conn: &mut Connection, clock: &TestClock, username: &str, role: Role) {
    let new = NewUser {
        username: username.to_owned(),
        email: format!("{username}@example.id"),
        first_name: "Siti".to_owned(),
        last_name: "Aminah".to_owned(),
        role,
        password: PASSWORD.to_owned().into(),
    };
    users::create(conn, clock, new).await.unwrap();
}

/// The answer's body, which must be JSON.
pub(crate) async fn json(answer: Response) -> Value {
    let text = answer.text().await.unwrap();
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON: {text}"))
}

/// Checks that an answer is the contract's error envelope with this status and code.
pub(crate) async fn assert_problem(answer: Response, status: u16, code: &str) -> Value {
    assert_eq!(answer.status().as_u16(), status);
    let body = json(answer).await;
    assert_eq!(body["error_code"], code, "{body}");
    for key in ["error", "detail", "timestamp"] {
        assert!(body[key].as_str().is_some_and(|text| !text.is_empty()), "{key} in {body}");
    }
    body
}

/// How long anything that must happen may take.
pub(crate) const SOON: Duration = Duration::from_secs(10);

/// Sends bytes as they are and reads until the gateway closes.
pub(crate) async fn raw(base: &str, bytes: &[u8]) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let address = base.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let reading = stream.read_to_end(&mut answer);
    drop(tokio::time::timeout(SOON, reading).await);
    String::from_utf8_lossy(&answer).into_owned()
}
