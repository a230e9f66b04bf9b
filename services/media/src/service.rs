//! Puts the parts together and runs them.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::web;
use anyhow::Context as _;
use konveksi_db::Pool;
use konveksi_eventing::{Messaging, MessagingSettings, Wake};
use konveksi_identity::IdentityVerifier;
use konveksi_settings::ExposeSecret as _;
use konveksi_web::{ClockHandle, Probe, Readiness, Server, ServerSettings};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::config::Storage;
use crate::providers::clamd::Clamd;
use crate::providers::vault::{Bucket, Vault};
use crate::workers::{self, Pace};
use crate::{NAME, Settings, api, consumers};

/// Threads that serve requests: uploads and downloads of some megabytes.
const WORKERS: usize = 2;

/// Everything running but the HTTP server and the workers, which wait for [`Service::run`].
pub struct Service {
    server: Server,
    messaging: Messaging,
    app: Arc<App>,
    pace: Pace,
}

/// Opens the store of files, binds the server and starts messaging. Database, broker and clamd
/// need not be there yet.
///
/// # Errors
/// When the folder cannot be used, the address is taken or a setting cannot be used.
pub fn build(settings: Settings, clock: &ClockHandle) -> anyhow::Result<Service> {
    let pool = Pool::new(settings.database_url.expose_secret(), settings.pool_size)
        .context("the database pool cannot be set up")?;
    let app = Arc::new(App {
        pool: pool.clone(),
        clock: clock.clock(),
        wake: Wake::default(),
        scanner: Clamd::new(settings.clamd_addr, settings.scan_timeout),
        vault: vault(settings.storage)?,
    });
    let messaging = Messaging::start(
        MessagingSettings { amqp_url: settings.amqp_url, service: NAME, wake: app.wake.clone() },
        pool,
        clock.clock(),
        app.clone(),
        consumers::handlers(),
    );
    let routed = app.clone();
    let server = Server::bind(
        ServerSettings {
            bind: settings.bind.clone(),
            port: settings.port,
            workers: WORKERS,
            clock: clock.clone(),
            verifier: IdentityVerifier::new(&settings.identity_public_key, NAME, clock.clock())
                .context("KONVEKSI_MEDIA_IDENTITY_PUBLIC_KEY cannot be used")?,
            readiness: readiness(&app, &messaging),
        },
        move |routes| {
            routes.app_data(web::Data::from(routed.clone())).configure(api::configure);
        },
    )
    .with_context(|| format!("{}:{} cannot be bound", settings.bind, settings.port))?;
    let pace = Pace { rescan: settings.rescan_interval, sweep: settings.sweep_interval };
    Ok(Service { server, messaging, app, pace })
}

fn vault(storage: Storage) -> anyhow::Result<Vault> {
    match storage {
        Storage::Folder(root) => Vault::local(&root)
            .with_context(|| format!("KONVEKSI_MEDIA_DATA_DIR={}", root.display())),
        Storage::S3 { endpoint, region, bucket, access_key_id, secret_access_key } => {
            Vault::s3(&Bucket { endpoint, region, name: bucket, access_key_id, secret_access_key })
                .context("S3_ENDPOINT cannot be used")
        }
    }
}

fn readiness(app: &Arc<App>, messaging: &Messaging) -> Readiness {
    let (database, scanner, messaging) = (app.clone(), app.clone(), messaging.clone());
    Readiness::new([
        Probe::required("database", move || {
            let app = database.clone();
            async move { app.pool.ping().await.is_ok() }
        }),
        Probe::optional("broker", move || {
            let messaging = messaging.clone();
            async move { messaging.status().is_well() }
        }),
        Probe::optional("clamd", move || {
            let app = scanner.clone();
            async move { app.scanner.is_up().await }
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
        tracing::info!(address = %self.server.addr(), "media listens");
        let workers = workers::start(&self.app, self.pace, &shutdown);
        let served = self.server.run(shutdown).await;
        workers.wait().await;
        self.messaging.shutdown().await;
        served.context("the HTTP server failed")
    }
}

/// The whole service with the environment's settings, until `shutdown`.
///
/// # Errors
/// As [`Settings::from_env`], [`build`] and [`Service::run`].
pub async fn serve(clock: ClockHandle, shutdown: CancellationToken) -> anyhow::Result<()> {
    build(Settings::from_env()?, &clock)?.run(shutdown).await
}
