//! Binds both servers, runs them with their loops, and stops them together.

use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Data;
use actix_web::{App, HttpServer};
use konveksi_web::ClockHandle;
use thiserror::Error;
use tokio_util::sync::CancellationToken;

use crate::callback::{Courier, Secrets};
use crate::config::Config;
use crate::invoices::Invoices;
use crate::messages::Messages;
use crate::requests::RequestLog;
use crate::switches::Switchboard;
use crate::world::World;
use crate::{checkout, control, fonnte, midtrans, smtp, xendit};

/// Threads that serve HTTP.
const WORKERS: usize = 2;
/// How long running requests may still take once the sandbox is asked to stop.
const SHUTDOWN_SECONDS: u64 = 2;

/// Why a sandbox did not start.
#[derive(Debug, Error)]
pub enum SandboxError {
    /// An address could not be taken.
    #[error("cannot listen on {addr}")]
    Bind {
        /// The address.
        addr: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The folder of kept invoices could not be read or written.
    #[error("cannot keep invoices in the data folder")]
    DataDir(#[source] io::Error),
    /// The HTTP server or the client for callbacks could not be set up.
    #[error("cannot set up HTTP")]
    Http(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Both servers, running.
pub(crate) struct Running {
    pub(crate) world: Arc<World>,
    pub(crate) http_addr: SocketAddr,
    pub(crate) smtp_addr: SocketAddr,
    server: actix_web::dev::Server,
    mail: tokio::task::JoinHandle<()>,
    time: tokio::task::JoinHandle<()>,
    shutdown: CancellationToken,
}

/// Runs the sandbox of this process's settings until `shutdown`.
///
/// # Errors
/// When a setting is wrong, an address is taken, or the server fails.
pub async fn serve(clock: ClockHandle, shutdown: CancellationToken) -> anyhow::Result<()> {
    let running = start(Config::from_env()?, &clock, shutdown.child_token()).await?;
    tracing::info!(http = %running.http_addr, smtp = %running.smtp_addr, "the sandbox is up");
    running.until_stopped(shutdown).await?;
    Ok(())
}

/// Binds and starts everything; `shutdown` ends the loops.
///
/// # Errors
/// [`SandboxError`].
pub(crate) async fn start(
    config: Config,
    clock: &ClockHandle,
    shutdown: CancellationToken,
) -> Result<Running, SandboxError> {
    let listeners = listen(SocketAddr::new(config.bind, config.port))?;
    let http_addr = listeners.first().and_then(|first| first.local_addr().ok());
    let http_addr = http_addr.unwrap_or_else(|| SocketAddr::new(config.bind, config.port));
    let mail_wanted = SocketAddr::new(config.bind, config.smtp_port);
    let mail_listener = tokio::net::TcpListener::bind(mail_wanted)
        .await
        .map_err(|source| SandboxError::Bind { addr: mail_wanted, source })?;
    let smtp_addr = mail_listener.local_addr().unwrap_or(mail_wanted);

    let world = Arc::new(world(config, clock, http_addr, &shutdown)?);
    let (data, steering) = (Data::from(world.clone()), clock.clone());
    let mut server = HttpServer::new(move || {
        App::new()
            .app_data(data.clone())
            .configure(xendit::configure)
            .configure(midtrans::configure)
            .configure(fonnte::configure)
            .configure(checkout::configure)
            .configure(control::configure)
            .configure(|app| steering.configure(app))
    })
    .workers(WORKERS)
    .keep_alive(Duration::from_secs(75))
    // A caller that closes has gone; its handler is dropped and its request shows as abandoned.
    .h1_allow_half_closed(false)
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .disable_signals();
    for listener in listeners {
        server = server.listen(listener).map_err(|error| SandboxError::Http(error.into()))?;
    }
    let mail = tokio::spawn(smtp::listen(mail_listener, world.clone(), shutdown.clone()));
    let (timekeeper, until) = (world.clone(), shutdown.clone());
    let time = tokio::spawn(async move { timekeeper.keep_time(until).await });
    Ok(Running { world, http_addr, smtp_addr, server: server.run(), mail, time, shutdown })
}

fn world(
    config: Config,
    clock: &ClockHandle,
    http_addr: SocketAddr,
    shutdown: &CancellationToken,
) -> Result<World, SandboxError> {
    let invoices = Invoices::open(config.data_dir.as_deref()).map_err(SandboxError::DataDir)?;
    let (invoices, clock) = (Arc::new(invoices), clock.clock());
    let courier = Courier::new(
        Secrets {
            callback_token: config.callback_token.clone(),
            midtrans_key: config.midtrans_server_key.clone(),
        },
        clock.clone(),
        invoices.clone(),
        shutdown.clone(),
    )
    .map_err(|error| SandboxError::Http(error.into()))?;
    let public_url = config
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://localhost:{}", http_addr.port()));
    Ok(World {
        public_url,
        clock,
        invoices,
        courier,
        messages: Messages::default(),
        requests: RequestLog::default(),
        switches: Switchboard::new(
            config.callback_url.clone(),
            config.midtrans_callback_url.clone(),
        ),
        config,
    })
}

/// Takes the address, and for IPv4's loopback also IPv6's where that is free: browsers try
/// either for `localhost`.
fn listen(addr: SocketAddr) -> Result<Vec<TcpListener>, SandboxError> {
    let first = TcpListener::bind(addr).map_err(|source| SandboxError::Bind { addr, source })?;
    let port = first.local_addr().map_or(addr.port(), |bound| bound.port());
    let second = (addr.ip() == IpAddr::from([127, 0, 0, 1]))
        .then(|| TcpListener::bind((Ipv6Addr::LOCALHOST, port)).ok())
        .flatten();
    Ok(std::iter::once(first).chain(second).collect())
}

impl Running {
    /// Serves until `stop`, then lets running requests end.
    ///
    /// # Errors
    /// When the HTTP server fails.
    pub(crate) async fn until_stopped(self, stop: CancellationToken) -> Result<(), SandboxError> {
        let failed = |error: io::Error| SandboxError::Http(error.into());
        let handle = self.server.handle();
        let mut server = self.server;
        tokio::select! {
            ended = &mut server => ended.map_err(failed)?,
            () = stop.cancelled() => {
                // The server only obeys while it is polled: waiting for the one first would be
                // waiting for ever.
                let ((), ended) = tokio::join!(handle.stop(true), server);
                ended.map_err(failed)?;
            }
        }
        self.shutdown.cancel();
        for ended in [self.mail.await, self.time.await] {
            ended.map_err(|error| SandboxError::Http(error.into()))?;
        }
        Ok(())
    }
}
