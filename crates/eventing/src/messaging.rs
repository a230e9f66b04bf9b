//! Everything of messaging in one service, started and stopped together.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use konveksi_db::Pool;
use konveksi_kernel::Clock;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::consumer::{AcceptError, Accepted, Engine, RetryWorker, Session};
use crate::envelope::Envelope;
use crate::handlers::Handlers;
use crate::health::{Board, Health};
use crate::metrics::Metrics;
use crate::relay::Relay;
use crate::sweep::Sweeper;
use crate::topology;
use crate::wake::Wake;

/// How long a stop waits for what was begun: the confirms of a batch and a handler's transaction.
const STOP_WITHIN: Duration = Duration::from_secs(10);
/// The pause before a loop that panicked starts again.
const RESTART: Duration = Duration::from_secs(1);

/// What messaging needs to know of its service.
pub struct MessagingSettings {
    /// The broker's address with the service's own user.
    pub amqp_url: SecretString,
    /// The service's name, such as `order`: its queue is `kv.order`.
    pub service: &'static str,
    /// The handle through which the service nudges the relay after a commit.
    pub wake: Wake,
}

/// One service's messaging; cheap to clone. When the last clone is dropped it stops by itself,
/// without waiting for what was begun.
#[derive(Clone)]
pub struct Messaging(Arc<Running>);

struct Running {
    express: Arc<dyn Express>,
    board: Arc<Board>,
    wake: Wake,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Messaging {
    /// Starts the relay, the retries and the sweeps, and the consumer if `service` hears anything.
    /// Neither the broker nor the database need be there yet. Must be called within tokio.
    pub fn start<App: Send + Sync + 'static>(
        settings: MessagingSettings,
        pool: Pool,
        clock: Arc<dyn Clock>,
        app: Arc<App>,
        handlers: Handlers<App>,
    ) -> Messaging {
        let MessagingSettings { amqp_url, service, wake } = settings;
        warn_of_deaf_handlers(service, &handlers);
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let board = Arc::new(Board::default());
        let metrics = Arc::new(Metrics::new(service));
        let relay = Arc::new(Relay {
            amqp_url: amqp_url.expose_secret().to_owned(),
            service,
            pool: pool.clone(),
            wake: wake.clone(),
            metrics: metrics.clone(),
            board: board.clone(),
            stop: stop.clone(),
        });
        let sweeper = Arc::new(Sweeper {
            consumer: service,
            pool: pool.clone(),
            clock: clock.clone(),
            metrics: metrics.clone(),
            stop: stop.clone(),
        });
        let engine = Arc::new(Engine {
            consumer: service,
            app,
            handlers,
            pool,
            clock,
            metrics,
            wake: wake.clone(),
        });
        let retries = Arc::new(RetryWorker { engine: engine.clone(), stop: stop.clone() });
        keep_running(&tasks, &stop, "relay", move || relay.clone().run());
        keep_running(&tasks, &stop, "sweep", move || sweeper.clone().run());
        keep_running(&tasks, &stop, "retries", move || retries.clone().run());
        if topology::has_lasting_queue(service) {
            let session = Arc::new(Session {
                amqp_url: amqp_url.expose_secret().to_owned(),
                engine: engine.clone(),
                board: board.clone(),
                stop: stop.clone(),
            });
            keep_running(&tasks, &stop, "consumer", move || session.clone().run());
        } else {
            board.consumer_connected.set(true);
        }
        tasks.close();
        Messaging(Arc::new(Running { express: engine, board, wake, stop, tasks }))
    }

    /// Lets the relay look for new rows now; call it after a commit.
    pub fn wake(&self) {
        self.0.wake.relay();
    }

    /// Applies events that another service's answer carried, through the ordinary inbox, so that
    /// the broker's copies change nothing (`settled.md` 5).
    ///
    /// # Errors
    /// [`AcceptError`] when one of them is no event or the database is away. The broker's copies
    /// arrive in any case.
    pub async fn accept(&self, events: Vec<Envelope>) -> Result<Accepted, AcceptError> {
        self.0.express.accept(events).await
    }

    /// How it is doing now.
    pub fn status(&self) -> Health {
        self.0.board.read()
    }

    /// Stops: nothing new is begun, what was begun is finished if it takes less than 10 s.
    pub async fn shutdown(&self) {
        self.0.stop.cancel();
        if timeout(STOP_WITHIN, self.0.tasks.wait()).await.is_err() {
            tracing::warn!("messaging did not stop in time; what was begun will be repeated");
        }
    }
}

/// The engine without its service's type.
trait Express: Send + Sync {
    fn accept(
        &self,
        events: Vec<Envelope>,
    ) -> Pin<Box<dyn Future<Output = Result<Accepted, AcceptError>> + Send + '_>>;
}

impl<App: Send + Sync + 'static> Express for Engine<App> {
    fn accept(
        &self,
        events: Vec<Envelope>,
    ) -> Pin<Box<dyn Future<Output = Result<Accepted, AcceptError>> + Send + '_>> {
        Box::pin(Engine::accept(self, events))
    }
}

/// Runs a loop until it ends by itself; one that panics starts again.
fn keep_running<F, Fut>(tasks: &TaskTracker, stop: &CancellationToken, name: &'static str, make: F)
where
    F: Fn() -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let stop = stop.clone();
    tasks.spawn(async move {
        while let Err(error) = tokio::spawn(make()).await {
            tracing::error!(%error, name, "a messaging loop panicked, starting it again");
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(RESTART) => {}
            }
        }
    });
}

/// A handler for an event that the table does not bring to this service would never run.
fn warn_of_deaf_handlers<App: Send + Sync + 'static>(service: &str, handlers: &Handlers<App>) {
    let heard = topology::heard_by(service);
    for event in handlers.types().filter(|event| !heard.contains(event)) {
        tracing::error!(service, event, "the topology does not bring this event here");
    }
}
