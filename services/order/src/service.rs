//! Puts the parts together and runs them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use anyhow::Context as _;
use konveksi_cache::{Cache, ReadThrough};
use konveksi_db::Pool;
use konveksi_eventing::{Messaging, MessagingSettings, Wake};
use konveksi_identity::IdentityVerifier;
use konveksi_settings::ExposeSecret as _;
use konveksi_web::{ClockHandle, Probe, Readiness, Server, ServerSettings};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::{NAME, Settings, api, consumers, upkeep};

/// Threads that serve requests; they wait for the database most of the time.
const WORKERS: usize = 2;
/// Connections to Redis; each carries many calls at once.
const REDIS_POOL: usize = 8;

/// Everything running but the HTTP server, which is bound and waits for [`Service::run`].
pub struct Service {
    app: Arc<App>,
    server: Server,
    messaging: Messaging,
}

/// Binds the server and starts messaging. Database and broker need not be there yet.
///
/// # Errors
/// When the address is taken or a setting cannot be used.
pub fn build(settings: &Settings, clock: &ClockHandle) -> anyhow::Result<Service> {
    let pool = Pool::new(settings.database_url.expose_secret(), settings.pool_size)
        .context("the database pool cannot be set up")?;
    let wake = Wake::default();
    let cache = cache(settings)?;
    let app = Arc::new(App {
        pool: pool.clone(),
        clock: clock.clock(),
        wake: wake.clone(),
        cache: cache.clone(),
    });
    let messaging = Messaging::start(
        MessagingSettings { amqp_url: settings.amqp_url.clone(), service: NAME, wake },
        pool.clone(),
        clock.clock(),
        app.clone(),
        consumers::handlers(),
    );
    let (express, state) = (messaging.clone(), app.clone());
    let server = Server::bind(
        ServerSettings {
            bind: settings.bind.clone(),
            port: settings.port,
            workers: WORKERS,
            clock: clock.clone(),
            verifier: IdentityVerifier::new(&settings.identity_public_key, NAME, clock.clock())
                .context("KONVEKSI_ORDER_IDENTITY_PUBLIC_KEY cannot be used")?,
            readiness: readiness(pool, messaging.clone(), cache),
        },
        move |routes| {
            routes
                .app_data(web::Data::from(state.clone()))
                .app_data(web::Data::new(express.clone()))
                .configure(api::configure);
        },
    )
    .with_context(|| format!("{}:{} cannot be bound", settings.bind, settings.port))?;
    Ok(Service { app, server, messaging })
}

fn cache(settings: &Settings) -> anyhow::Result<ReadThrough> {
    let budget = Duration::from_millis(settings.redis_budget_ms);
    let cache = Cache::new(settings.redis_url.expose_secret(), REDIS_POOL, budget)
        .context("REDIS_URL cannot be used")?;
    Ok(ReadThrough::new(cache, NAME, &settings.redis_prefix))
}

fn readiness(pool: Pool, messaging: Messaging, cache: ReadThrough) -> Readiness {
    Readiness::new([
        Probe::required("database", move || {
            let pool = pool.clone();
            async move { pool.ping().await.is_ok() }
        }),
        Probe::optional("broker", move || {
            let messaging = messaging.clone();
            async move { messaging.status().is_well() }
        }),
        Probe::optional("redis", move || {
            let cache = cache.clone();
            async move { cache.is_up().await }
        }),
    ])
}

impl Service {
    /// Where it listens.
    pub const fn addr(&self) -> SocketAddr {
        self.server.addr()
    }

    /// Serves until `shutdown` is cancelled, then finishes what was begun.
    ///
    /// # Errors
    /// When the server fails.
    pub async fn run(self, shutdown: CancellationToken) -> anyhow::Result<()> {
        tracing::info!(address = %self.server.addr(), "order listens");
        let stop = shutdown.child_token();
        let tending = tokio::spawn(upkeep::run(self.app, stop.clone()));
        // However the server ends, the upkeep ends with it.
        let stop = stop.drop_guard();
        let served = self.server.run(shutdown).await;
        drop(stop);
        if let Err(error) = tending.await {
            tracing::error!(%error, "the upkeep panicked");
        }
        self.messaging.shutdown().await;
        served.context("the HTTP server failed")
    }
}

/// The whole service with the environment's settings, until `shutdown`.
///
/// # Errors
/// As [`Settings::from_env`], [`build`] and [`Service::run`].
pub async fn serve(clock: ClockHandle, shutdown: CancellationToken) -> anyhow::Result<()> {
    build(&Settings::from_env()?, &clock)?.run(shutdown).await
}
