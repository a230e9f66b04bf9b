//! Puts the gateway together and runs it.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::{App, HttpServer, web};
use anyhow::Context as _;
use konveksi_cache::Cache;
use konveksi_db::Pool;
use konveksi_eventing::{Listener, ListenerSettings};
use konveksi_identity::IdentitySigner;
use konveksi_kernel::{Clock, ids::uuid_v7_at};
use konveksi_settings::ExposeSecret as _;
use konveksi_web::ClockHandle;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::config::Settings;
use crate::edge::cors::Origins;
use crate::edge::{Edge, serve as door};
use crate::forward::Upstreams;
use crate::health::Health;
use crate::identity::access::AccessTokens;
use crate::identity::cookies::CookieJar;
use crate::identity::keys::ServerKeys;
use crate::identity::password::Passwords;
use crate::identity::sessions::{LIFETIME, Sessions};
use crate::limit::Limiter;
use crate::live::{Hub, Inbox, feed};
use crate::store;

/// How long a client may take to send a request's head.
const HEAD: Duration = Duration::from_secs(5);
/// How long an idle client connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How long running requests may still take once the process is asked to stop.
const SHUTDOWN_SECONDS: u64 = 10;
/// Patience of health answers with Redis.
const REDIS_HEALTH: Duration = Duration::from_millis(500);
/// How often what is long over is forgotten.
const SWEEP_EVERY: Duration = Duration::from_hours(1);

/// A gateway that is bound, not yet serving.
pub struct Gateway {
    server: actix_web::dev::Server,
    addr: SocketAddr,
    edge: Arc<Edge>,
    tasks: Vec<JoinHandle<()>>,
}

/// Puts a gateway together: connects lazily to everything, binds its port.
///
/// # Errors
/// When a setting cannot be used or the port cannot be bound.
pub async fn build(settings: Settings, clock: ClockHandle) -> anyhow::Result<Gateway> {
    let (inbox, heard) = Inbox::new();
    let listener = Listener::start(
        ListenerSettings {
            amqp_url: settings.amqp_url.clone(),
            instance: uuid_v7_at(clock.clock().now()).simple().to_string(),
        },
        move |heard| inbox.put(heard),
    );
    // Makes one hash, which takes long.
    let passwords = tokio::task::spawn_blocking(Passwords::new).await??;
    let sockets = listeners(&settings.bind, settings.port)?;
    let addr = sockets.first().context("nothing was bound")?.local_addr()?;
    let edge = edge(&settings, clock.clock(), listener, passwords)?;
    let edge = Arc::new(Edge { local_url: format!("http://localhost:{}", addr.port()), ..edge });

    let shared = web::Data::from(edge.clone());
    let mut server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .configure(|app| clock.configure(app))
            .default_service(web::to(door::serve))
    })
    .workers(settings.workers)
    .client_request_timeout(HEAD)
    .keep_alive(KEEP_ALIVE)
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .disable_signals();
    for socket in sockets {
        server = server.listen(socket)?;
    }
    let tasks = vec![tokio::spawn(feed(edge.clone(), heard)), tokio::spawn(sweep(edge.clone()))];
    Ok(Gateway { server: server.run(), addr, edge, tasks })
}

/// Serves by the environment's settings until `shutdown` is cancelled.
///
/// # Errors
/// As [`build`] and [`Gateway::run`].
pub async fn serve(clock: ClockHandle, shutdown: CancellationToken) -> anyhow::Result<()> {
    let gateway = build(Settings::from_env()?, clock).await?;
    tracing::info!(addr = %gateway.addr(), "serving");
    Ok(gateway.run(shutdown).await?)
}

fn edge(
    settings: &Settings,
    clock: Arc<dyn Clock>,
    listener: Listener,
    passwords: Passwords,
) -> anyhow::Result<Edge> {
    let key = settings.identity_private_key.expose_secret();
    let pool = Pool::new(settings.database_url.expose_secret(), settings.pool_size)?;
    let redis = settings.redis_url.expose_secret();
    let budget = Duration::from_millis(settings.redis_budget_ms);
    let signer =
        IdentitySigner::new(key, clock.clone()).context("KONVEKSI_GATEWAY_IDENTITY_PRIVATE_KEY")?;
    Ok(Edge {
        keys: ServerKeys::new(settings.secret_key.expose_secret())?,
        tokens: AccessTokens::new(key, clock.clone())?,
        passwords,
        sessions: Sessions::new(pool.clone(), clock.clone()),
        cookies: CookieJar {
            secure: settings.is_secure(),
            lifetime_seconds: LIFETIME.num_seconds(),
        },
        origins: Origins::new(settings.cors_origins.clone()),
        limiter: Limiter::new(
            settings.limits,
            clock.clone(),
            Cache::new(redis, settings.workers * 8, budget)?,
            settings.redis_prefix.clone(),
        ),
        upstreams: Upstreams::new(settings.services.clone(), signer)?,
        health: Health::new(Cache::new(redis, 2, REDIS_HEALTH)?, listener),
        hub: Arc::new(Hub::default()),
        trusted_proxies: settings.trusted_proxies.clone(),
        allowed_hosts: settings.allowed_hosts.clone(),
        fixed_public_url: settings.public_url.clone(),
        local_url: String::new(),
        started_at: clock.now(),
        started: Instant::now(),
        pool,
        clock,
    })
}

/// Binds. `localhost` means both loopbacks on one port, since a browser may try either first; a
/// machine without IPv6 does with one.
fn listeners(bind: &str, port: u16) -> io::Result<Vec<TcpListener>> {
    if bind != "localhost" {
        return Ok(vec![TcpListener::bind((bind, port))?]);
    }
    let first = TcpListener::bind(("127.0.0.1", port))?;
    let port = first.local_addr()?.port();
    match TcpListener::bind(("::1", port)) {
        Ok(second) => Ok(vec![first, second]),
        Err(error) => {
            tracing::info!(%error, "listening on 127.0.0.1 alone");
            Ok(vec![first])
        }
    }
}

impl Gateway {
    /// Where it listens.
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Serves until `shutdown` is cancelled: sockets are told to reconnect, running requests end.
    ///
    /// # Errors
    /// When the server fails.
    pub async fn run(self, shutdown: CancellationToken) -> io::Result<()> {
        let Gateway { server, edge, tasks, addr: _ } = self;
        let handle = server.handle();
        let stop = async move {
            shutdown.cancelled().await;
            edge.hub.dismiss();
            handle.stop(true).await;
        };
        let (served, ()) = tokio::join!(server, stop);
        for task in tasks {
            task.abort();
        }
        served
    }
}

/// Forgets sessions a week after their end and failed logins after two days.
async fn sweep(edge: Arc<Edge>) {
    let mut pace = tokio::time::interval(SWEEP_EVERY);
    loop {
        pace.tick().await;
        let now = edge.clock.now();
        let Ok(mut conn) = edge.pool.get().await else { continue };
        let sessions = store::sessions::sweep(&mut conn, now - chrono::Duration::days(7)).await;
        let failures =
            store::login_failures::sweep(&mut conn, now - chrono::Duration::days(2)).await;
        if let Some(error) = sessions.err().or(failures.err()) {
            tracing::warn!(%error, "old sessions and failed logins could not be forgotten");
        }
    }
}
