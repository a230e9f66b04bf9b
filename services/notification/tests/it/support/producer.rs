//! The order and payment services as this one meets them: an outbox, a relay, the broker.

use std::sync::Arc;

use konveksi_contracts::EventMessage;
use konveksi_db::{Plan, Pool, transaction};
use konveksi_eventing::outbox::{self, Subject};
use konveksi_eventing::{Handlers, Messaging, MessagingSettings, Wake};
use konveksi_kernel::Clock as _;
use konveksi_test_support::{TestBroker, TestClock, TestDatabase};
use uuid::Uuid;

/// Tells events of any type, each through a committed outbox row.
pub(crate) struct Producer {
    messaging: Messaging,
    pool: Pool,
    clock: Arc<TestClock>,
    _database: TestDatabase,
}

impl Producer {
    pub(crate) async fn start(broker: &TestBroker, clock: Arc<TestClock>) -> Producer {
        let plan = Plan {
            schema: "orders",
            role: "order_svc",
            sources: vec![konveksi_eventing::MIGRATIONS],
        };
        let database = TestDatabase::create(plan).await;
        let pool = Pool::new(&database.url(), 4).unwrap();
        let settings = MessagingSettings {
            amqp_url: broker.url().into(),
            service: "order",
            wake: Wake::default(),
        };
        let messaging = Messaging::start(
            settings,
            pool.clone(),
            clock.clone(),
            Arc::new(()),
            Handlers::<()>::new(),
        );
        Producer { messaging, pool, clock, _database: database }
    }

    /// Tells one event about `subject` at `version`.
    pub(crate) async fn tell<E: EventMessage>(
        &self,
        (kind, id, version): (&'static str, Uuid, i64),
        event: &E,
    ) {
        let mut conn = self.pool.get().await.unwrap();
        let now = self.clock.now();
        let subject = Subject { kind, id, version };
        transaction(&mut conn, async |tx| -> Result<(), konveksi_db::DbError> {
            outbox::append(tx, now, subject, event).await?;
            Ok(())
        })
        .await
        .unwrap();
        self.messaging.wake();
    }
}
