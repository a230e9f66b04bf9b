//! Puts the parts together and runs them.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::web;
use anyhow::Context as _;
use chrono::TimeDelta;
use konveksi_db::Pool;
use konveksi_eventing::{Messaging, MessagingSettings, Wake};
use konveksi_identity::IdentityVerifier;
use konveksi_kernel::Money;
use konveksi_settings::ExposeSecret as _;
use konveksi_web::{ClockHandle, Probe, Readiness, Server, ServerSettings};
use tokio_util::sync::CancellationToken;

use crate::app::print_paper::Shop;
use crate::app::{App, CallbackTokens, Work};
use crate::domain::unique_amount::BankAccount;
use crate::domain::{OverdueSteps, PaymentSource};
use crate::providers::{Manual, Midtrans, MidtransSettings, Providers, Xendit};
use crate::workers::Workers;
use crate::{NAME, Settings, api, consumers};

/// Threads that serve requests.
const WORKERS: usize = 2;

/// Everything running but the HTTP server, which is bound and waits for [`Service::run`].
pub struct Service {
    server: Server,
    messaging: Messaging,
    workers: Workers,
}

/// Binds the server, starts messaging and the workers. Database, broker and provider need not be
/// there yet.
///
/// # Errors
/// When the address is taken or a setting cannot be used.
pub fn build(settings: &Settings, clock: &ClockHandle) -> anyhow::Result<Service> {
    let pool = Pool::new(settings.database_url.expose_secret(), settings.pool_size)
        .context("the database pool cannot be set up")?;
    let app = Arc::new(app(settings, clock, pool.clone())?);
    let messaging = Messaging::start(
        MessagingSettings {
            amqp_url: settings.amqp_url.clone(),
            service: NAME,
            wake: app.wake.clone(),
        },
        pool.clone(),
        clock.clock(),
        app.clone(),
        consumers::handlers(),
    );
    let workers = Workers::start(&app, settings.expiry_sweep, settings.reminder_sweep);
    let back = api::FrontEnd(settings.frontend_url.clone());
    let (express, routes_app) = (messaging.clone(), app);
    let server = Server::bind(
        ServerSettings {
            bind: settings.bind.clone(),
            port: settings.port,
            workers: WORKERS,
            clock: clock.clone(),
            verifier: IdentityVerifier::new(&settings.identity_public_key, NAME, clock.clock())
                .context("KONVEKSI_PAYMENT_IDENTITY_PUBLIC_KEY cannot be used")?,
            readiness: readiness(pool, messaging.clone()),
        },
        move |routes| {
            routes
                .app_data(web::Data::from(routes_app.clone()))
                .app_data(web::Data::new(express.clone()))
                .app_data(web::Data::new(back.clone()))
                .configure(api::configure);
        },
    )
    .with_context(|| format!("{}:{} cannot be bound", settings.bind, settings.port))?;
    Ok(Service { server, messaging, workers })
}

fn app(settings: &Settings, clock: &ClockHandle, pool: Pool) -> anyhow::Result<App> {
    let accounts = settings.bank_accounts.iter().map(|account| account.parse::<BankAccount>());
    let bank_accounts = accounts
        .collect::<Result<Vec<_>, _>>()
        .map_err(anyhow::Error::msg)
        .context("KONVEKSI_PAYMENT_BANK_ACCOUNTS cannot be used")?;
    Ok(App {
        pool,
        clock: clock.clock(),
        wake: Wake::default(),
        work: Work::default(),
        providers: providers(settings)?,
        callback_tokens: CallbackTokens::parse(&settings.xendit_webhook_token),
        mutation_tokens: CallbackTokens::parse(&settings.mutation_token),
        bank_accounts,
        unique_amount_window: TimeDelta::hours(i64::from(settings.unique_amount_hours)),
        alone_up_to: Money::from_rupiah(settings.alone_up_to_rupiah)
            .context("KONVEKSI_PAYMENT_ALONE_UP_TO_RUPIAH cannot be used")?,
        reminder_steps: settings.remind_before_days.clone(),
        second_person_above: Money::from_rupiah(settings.second_person_above_rupiah)
            .context("KONVEKSI_PAYMENT_SECOND_PERSON_ABOVE_RUPIAH cannot be used")?,
        overdue_steps: OverdueSteps::parse(&settings.overdue_steps_days)
            .context("KONVEKSI_PAYMENT_OVERDUE_STEPS_DAYS cannot be used")?,
        shop: Shop {
            name: settings.shop_name.clone(),
            address: settings.shop_address.clone(),
            contact: settings.shop_contact.clone(),
        },
        public_url: settings.public_url.clone(),
    })
}

fn providers(settings: &Settings) -> anyhow::Result<Providers> {
    let chosen = PaymentSource::from_wire(&settings.provider)
        .context("KONVEKSI_PAYMENT_PROVIDER is none of xendit, midtrans and manual")?;
    let xendit = Xendit::new(&settings.xendit_base_url, settings.xendit_secret_key.clone())
        .context("the payment provider's client cannot be set up")?;
    let midtrans = settings
        .midtrans_server_keys
        .clone()
        .map(|server_keys| {
            Midtrans::new(&MidtransSettings {
                base_url: settings.midtrans_base_url.clone(),
                snap_base_url: settings.midtrans_snap_base_url.clone(),
                server_keys,
            })
        })
        .transpose()
        .context("MIDTRANS_SERVER_KEY cannot be used")?;
    let manual = Manual::new(&settings.public_url);
    Providers::new(chosen, xendit, midtrans, manual)
        .context("KONVEKSI_PAYMENT_PROVIDER cannot be used; midtrans needs MIDTRANS_SERVER_KEY")
}

fn readiness(pool: Pool, messaging: Messaging) -> Readiness {
    Readiness::new([
        Probe::required("database", move || {
            let pool = pool.clone();
            async move { pool.ping().await.is_ok() }
        }),
        Probe::optional("broker", move || {
            let messaging = messaging.clone();
            async move { messaging.status().is_well() }
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
        tracing::info!(address = %self.server.addr(), "payment listens");
        let served = self.server.run(shutdown).await;
        self.workers.shutdown().await;
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
