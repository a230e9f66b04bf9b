//! Binds and runs one service's HTTP server.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::middleware::{NormalizePath, from_fn};
use actix_web::{App, HttpServer, ResponseError as _, web};
use konveksi_identity::IdentityVerifier;
use tokio_util::sync::CancellationToken;

use crate::{ClockHandle, Problem, Readiness, body, caller, envelope, health, span};

/// Longer than the gateway keeps idle connections (30 s), so that the gateway closes first.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long running requests may still take once the process is asked to stop.
const SHUTDOWN_SECONDS: u64 = 10;

/// Where a server listens and what every request needs.
pub struct ServerSettings {
    /// Address to bind, such as `127.0.0.1`.
    pub bind: String,
    /// Port; 0 takes a free one.
    pub port: u16,
    /// Threads that serve requests.
    pub workers: usize,
    /// The process's clock.
    pub clock: ClockHandle,
    /// Believes the gateway's statements for this service.
    pub verifier: IdentityVerifier,
    /// What readiness looks at.
    pub readiness: Readiness,
}

/// A bound server, not yet serving.
pub struct Server {
    server: actix_web::dev::Server,
    addr: SocketAddr,
}

impl Server {
    /// Binds; `configure` adds the service's routes and data.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub fn bind<F>(settings: ServerSettings, configure: F) -> io::Result<Server>
    where
        F: Fn(&mut web::ServiceConfig) + Clone + Send + 'static,
    {
        let ServerSettings { bind, port, workers, clock, verifier, readiness } = settings;
        let server = HttpServer::new(move || {
            App::new()
                .app_data(web::Data::new(verifier.clone()))
                .app_data(web::Data::new(readiness.clone()))
                .configure(body::configure)
                .configure(health::configure)
                .configure(|app| clock.configure(app))
                .configure(configure.clone())
                .default_service(web::to(|| async {
                    Problem::of_status(StatusCode::NOT_FOUND).error_response()
                }))
                // The last one wrapped runs first.
                .wrap(from_fn(caller::verify))
                .wrap(from_fn(envelope::wrap))
                .wrap(from_fn(span::trace))
                .wrap(NormalizePath::trim())
        })
        .workers(workers)
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(SHUTDOWN_SECONDS)
        .disable_signals()
        .bind((bind.as_str(), port))?;
        let addr =
            server.addrs().first().copied().ok_or_else(|| io::Error::other("nothing was bound"))?;
        Ok(Server { server: server.run(), addr })
    }

    /// Where it listens.
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Serves until `shutdown` is cancelled, then lets running requests end.
    ///
    /// # Errors
    /// When the server fails.
    pub async fn run(self, shutdown: CancellationToken) -> io::Result<()> {
        let handle = self.server.handle();
        let mut running = self.server;
        tokio::select! {
            ended = &mut running => ended,
            () = shutdown.cancelled() => {
                // Stopping waits for the server, which only moves while it is polled.
                let ((), ended) = tokio::join!(handle.stop(true), running);
                ended
            }
        }
    }
}
