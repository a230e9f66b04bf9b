//! The service put together: database, providers, messaging, worker, HTTP.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use konveksi_db::Pool;
use konveksi_eventing::{Messaging, MessagingSettings, Wake};
use konveksi_identity::IdentityVerifier;
use konveksi_settings::ExposeSecret as _;
use konveksi_web::{ClockHandle, Probe, Readiness, Server, ServerSettings};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::config::Settings;
use crate::providers::{Fonnte, Senders, Smtp};
use crate::{SERVICE, api, consumers, worker};

/// The service, bound and not yet serving.
pub struct Service {
    app: Arc<App>,
    messaging: Messaging,
    server: Server,
}

/// Puts the service together and binds its port. Neither database nor broker need be there yet.
/// Must be called within tokio.
///
/// # Errors
/// When a setting cannot be used or the port cannot be bound.
pub fn build(settings: Settings, clock: ClockHandle) -> anyhow::Result<Service> {
    let pool = Pool::new(settings.database_url.expose_secret(), settings.pool_size)?;
    let verifier = IdentityVerifier::new(&settings.identity_public_key, SERVICE, clock.clock())
        .context("KONVEKSI_NOTIFICATION_IDENTITY_PUBLIC_KEY")?;
    let senders = Senders::new(Fonnte::new(&settings.fonnte)?, Smtp::new(&settings.smtp)?);
    let wake = Wake::default();
    let app = Arc::new(App {
        pool: pool.clone(),
        clock: clock.clock(),
        wake: wake.clone(),
        work: Notify::new(),
        senders,
        send_order_created: settings.send_order_created,
    });
    let messaging = Messaging::start(
        MessagingSettings { amqp_url: settings.amqp_url, service: SERVICE, wake },
        pool.clone(),
        clock.clock(),
        app.clone(),
        consumers::handlers(),
    );
    let server_settings = ServerSettings {
        bind: settings.bind,
        port: settings.port,
        workers: settings.http_threads,
        clock,
        verifier,
        readiness: readiness(pool, messaging.clone()),
    };
    let state = api::State { app: app.clone(), messaging: messaging.clone() };
    let server = Server::bind(server_settings, move |routes| api::configure(routes, &state))
        .context("the port could not be bound")?;
    Ok(Service { app, messaging, server })
}

/// Without the broker messages still go out and requests are answered, so it only degrades.
fn readiness(pool: Pool, messaging: Messaging) -> Readiness {
    Readiness::new([
        Probe::required("database", move || {
            let pool = pool.clone();
            async move { pool.ping().await.is_ok() }
        }),
        Probe::optional("broker", move || {
            let well = messaging.status().is_well();
            async move { well }
        }),
    ])
}

impl Service {
    /// Where it listens.
    pub const fn addr(&self) -> SocketAddr {
        self.server.addr()
    }

    /// Serves, hears and sends until `shutdown` is cancelled; then ends what was begun.
    ///
    /// # Errors
    /// When the HTTP server fails.
    pub async fn run(self, shutdown: CancellationToken) -> anyhow::Result<()> {
        let stop = shutdown.child_token();
        let sending = tokio::spawn(worker::run(self.app, stop.clone()));
        // However the server ends, the worker ends with it.
        let stop = stop.drop_guard();
        tracing::info!(address = %self.server.addr(), "notification listens");
        let served = self.server.run(shutdown).await;
        drop(stop);
        if let Err(error) = sending.await {
            tracing::error!(%error, "the sending worker panicked");
        }
        // Last, so that what the worker still told goes out.
        self.messaging.shutdown().await;
        served.context("the HTTP server failed")
    }
}

/// The whole service with the environment's settings, until `shutdown`.
///
/// # Errors
/// As [`Settings::from_env`], [`build`] and [`Service::run`].
pub async fn serve(clock: ClockHandle, shutdown: CancellationToken) -> anyhow::Result<()> {
    build(Settings::from_env()?, clock)?.run(shutdown).await
}
