//! The world of these tests: the order service tells, the payment service hears.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use konveksi_contracts::v1::{OrderCreated, OrderState};
use konveksi_db::{Connection, DbError, Plan, Pool, transaction};
use konveksi_eventing::outbox::{self, Subject};
use konveksi_eventing::{
    Envelope, HandlerError, HandlerFuture, Handlers, Messaging, MessagingSettings, Received, Wake,
    topology,
};
use konveksi_kernel::{Clock as _, OrderId};
use konveksi_test_support::{TestBroker, TestClock, TestDatabase, TestProxy, eventually};
use secrecy::SecretString;
use uuid::Uuid;

/// Longer than anything here takes on a busy machine.
pub(crate) const SOON: Duration = Duration::from_secs(30);

const EFFECTS: EmbeddedMigrations = embed_migrations!("tests/it/migrations");

/// One service's side of the world.
pub(crate) struct Side {
    pub(crate) service: &'static str,
    /// Keeps the database until the test ends.
    pub(crate) database: TestDatabase,
    pub(crate) pool: Pool,
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) amqp_url: String,
}

/// What a handler is to answer instead of success.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Answer {
    Retry,
    Refuse,
    Panic,
    /// Never come back: what a dying process looks like from outside.
    Hang,
}

type Hook = Box<dyn Fn() + Send + Sync>;

/// The hearing service: applies events, or does as it is told.
#[derive(Default)]
pub(crate) struct App {
    pub(crate) wake: Wake,
    answers: Mutex<HashMap<Uuid, VecDeque<Answer>>>,
    tries: Mutex<HashMap<Uuid, usize>>,
    while_handling: Mutex<Option<Hook>>,
    after_commit: Mutex<Option<Hook>>,
}

impl App {
    /// The next tries of events about `subject` end like this.
    pub(crate) fn will_answer(&self, subject: Uuid, answers: &[Answer]) {
        self.answers.lock().unwrap().entry(subject).or_default().extend(answers);
    }

    /// How often events about `subject` were tried.
    pub(crate) fn tries(&self, subject: Uuid) -> usize {
        self.tries.lock().unwrap().get(&subject).copied().unwrap_or(0)
    }

    /// Runs once, in the middle of the next handler.
    pub(crate) fn once_while_handling(&self, hook: impl Fn() + Send + Sync + 'static) {
        *self.while_handling.lock().unwrap() = Some(Box::new(hook));
    }

    /// Runs once, after the next commit and before its acknowledgement.
    pub(crate) fn once_after_commit(&self, hook: impl Fn() + Send + Sync + 'static) {
        *self.after_commit.lock().unwrap() = Some(Box::new(hook));
    }

    fn committed(&self) {
        let hook = self.after_commit.lock().unwrap().take();
        if let Some(hook) = hook {
            hook();
        }
    }
}

/// What the hearing service does with an order: one row in `effects`, then the agreed answer.
pub(crate) fn apply<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<OrderCreated>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        *app.tries.lock().unwrap().entry(event.subject).or_default() += 1;
        diesel::sql_query("INSERT INTO effects (subject, version) VALUES ($1, $2)")
            .bind::<SqlUuid, _>(event.subject)
            .bind::<BigInt, _>(event.version)
            .execute(tx)
            .await
            .map_err(DbError::from)?;
        let hook = app.while_handling.lock().unwrap().take();
        if let Some(hook) = hook {
            hook();
        }
        let answer =
            app.answers.lock().unwrap().get_mut(&event.subject).and_then(VecDeque::pop_front);
        match answer {
            None => Ok(()),
            Some(Answer::Retry) => Err(HandlerError::Retry("the test says later".to_owned())),
            Some(Answer::Refuse) => Err(HandlerError::Refuse("the test says never".to_owned())),
            Some(Answer::Panic) => panic!("the test says panic"),
            Some(Answer::Hang) => std::future::pending().await,
        }
    })
}

impl Side {
    /// The side of `service` on `broker`, not started yet.
    pub(crate) async fn new(service: &'static str, amqp_url: String) -> Side {
        crate::traces::set_up();
        let database = database(service).await;
        let pool = Pool::new(&database.url(), 6).unwrap();
        Side { service, database, pool, app: Arc::default(), clock: Arc::default(), amqp_url }
    }

    /// Starts this side's messaging.
    pub(crate) fn start(&self) -> Messaging {
        self.start_on(&self.pool)
    }

    /// Starts it on another way to the database.
    pub(crate) fn start_on(&self, pool: &Pool) -> Messaging {
        let handlers = match self.service {
            "payment" => Handlers::new().on::<OrderCreated>(apply).after_commit(App::committed),
            _ => Handlers::new(),
        };
        self.start_with(pool, handlers)
    }

    /// Starts it with other handlers.
    pub(crate) fn start_with(&self, pool: &Pool, handlers: Handlers<App>) -> Messaging {
        let settings = MessagingSettings {
            amqp_url: SecretString::from(self.amqp_url.clone()),
            service: self.service,
            wake: self.app.wake.clone(),
        };
        Messaging::start(settings, pool.clone(), self.clock.clone(), self.app.clone(), handlers)
    }

    /// Commits one new order and tells it; answers the order and the event.
    pub(crate) async fn tell(&self) -> (Uuid, Envelope) {
        let order = OrderId::generate(&*self.clock).as_uuid();
        (order, self.tell_about(order, 1).await)
    }

    pub(crate) async fn tell_about(&self, order: Uuid, version: i64) -> Envelope {
        let mut conn = self.pool.get().await.unwrap();
        let told: Result<Envelope, DbError> =
            transaction(&mut conn, async |tx| self.append(tx, order, version).await).await;
        self.app.wake.relay();
        told.unwrap()
    }

    /// Writes the event within the caller's transaction.
    pub(crate) async fn append(
        &self,
        tx: &mut Connection,
        order: Uuid,
        version: i64,
    ) -> Result<Envelope, DbError> {
        let subject = Subject { kind: "order", id: order, version };
        let state = OrderState { order_id: order.to_string(), ..OrderState::default() };
        let message = OrderCreated { order: Some(state), ..OrderCreated::default() };
        outbox::append(tx, self.clock.now(), subject, &message).await
    }

    /// A figure of this side's schema: `query` answers one number.
    pub(crate) async fn number(&self, query: &str) -> i64 {
        let mut conn = self.pool.get().await.unwrap();
        let row: Number = diesel::sql_query(format!("SELECT ({query})::bigint AS number"))
            .get_result(&mut conn)
            .await
            .unwrap();
        row.number
    }

    /// A text of this side's schema.
    pub(crate) async fn text(&self, query: &str) -> String {
        let mut conn = self.pool.get().await.unwrap();
        let row: Words = diesel::sql_query(format!("SELECT ({query})::text AS words"))
            .get_result(&mut conn)
            .await
            .unwrap();
        row.words
    }

    /// How often an event about `subject` had its effect.
    pub(crate) async fn effects(&self, subject: Uuid) -> i64 {
        self.number(&format!("SELECT count(*) FROM effects WHERE subject = '{subject}'")).await
    }

    /// Waits until this side's figure is `wanted`.
    pub(crate) async fn until(&self, query: &str, wanted: i64) {
        eventually(SOON, async || (self.number(query).await == wanted).then_some(())).await;
    }

    /// Waits until an event about `subject` has had its effect.
    pub(crate) async fn until_applied(&self, subject: Uuid) {
        eventually(SOON, async || (self.effects(subject).await > 0).then_some(())).await;
    }
}

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

/// Rows the relay has not finished with.
pub(crate) const PENDING: &str =
    "SELECT count(*) FROM outbox WHERE published_at IS NULL AND parked_at IS NULL";
/// Events that wait for another try.
pub(crate) const WAITING: &str = "SELECT count(*) FROM inbox_retry WHERE parked_at IS NULL";
/// Events that wait for a person.
pub(crate) const PARKED: &str = "SELECT count(*) FROM inbox_retry WHERE parked_at IS NOT NULL";
/// All effects.
pub(crate) const EFFECTS_COUNT: &str = "SELECT count(*) FROM effects";

pub(crate) async fn broker() -> TestBroker {
    TestBroker::create(topology::declare).await
}

async fn database(service: &str) -> TestDatabase {
    let plan = Plan {
        schema: if service == "order" { "orders" } else { "others" },
        role: if service == "order" { "order_svc" } else { "payment_svc" },
        sources: vec![konveksi_eventing::MIGRATIONS, EFFECTS],
    };
    TestDatabase::create(plan).await
}

/// Two sides on one broker, the hearer behind proxies.
pub(crate) struct World {
    pub(crate) order: Side,
    pub(crate) payment: Side,
    pub(crate) broker: TestBroker,
}

impl World {
    pub(crate) async fn new() -> World {
        let broker = broker().await;
        let (order, payment) =
            tokio::join!(Side::new("order", broker.url()), Side::new("payment", broker.url()),);
        World { order, payment, broker }
    }

    /// Tells `count` orders.
    pub(crate) async fn tell(&self, count: usize) -> Vec<Uuid> {
        let mut orders = Vec::with_capacity(count);
        for _ in 0..count {
            orders.push(self.order.tell().await.0);
        }
        orders
    }

    /// Waits until each of `orders` was applied, then checks that it was applied once.
    pub(crate) async fn each_applied_once(&self, orders: &[Uuid]) {
        for order in orders {
            self.payment.until_applied(*order).await;
        }
        // What is still on its way would be a copy: let it come first.
        self.until_empty("kv.payment").await;
        for order in orders {
            assert_eq!(self.payment.effects(*order).await, 1, "{order}");
        }
    }

    pub(crate) async fn until_empty(&self, queue: &str) {
        eventually(SOON, async || (self.broker.count(queue).await == 0).then_some(())).await;
    }

    pub(crate) async fn until_holds(&self, queue: &str, count: usize) {
        eventually(SOON, async || (self.broker.count(queue).await == count).then_some(())).await;
    }
}

/// A proxy before the broker, with the side's address led through it.
pub(crate) async fn broker_proxy(side: &mut Side) -> Arc<TestProxy> {
    let proxy = Arc::new(TestProxy::before(&side.amqp_url).await);
    side.amqp_url = proxy.url(&side.amqp_url);
    proxy
}

/// A proxy before the side's database, and a pool that goes through it.
pub(crate) async fn database_proxy(side: &Side) -> (Arc<TestProxy>, Pool) {
    let url = side.database.url();
    let proxy = Arc::new(TestProxy::before(&url).await);
    let pool = Pool::new(&proxy.url(&url), 6).unwrap();
    (proxy, pool)
}
