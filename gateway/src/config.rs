//! What the gateway reads from its environment.

use konveksi_settings::{Reader, SecretString, Setting, SettingsError};

pub use crate::edge::client_ip::Network;
use crate::forward::ServiceUrls;
pub use crate::limit::Limits;

/// Every variable the gateway understands.
pub static SETTINGS: &[Setting] = &[
    Setting::with_default(
        "KONVEKSI_GATEWAY_BIND",
        "localhost",
        "address to listen on; localhost means both loopbacks, 127.0.0.1 and ::1",
    ),
    Setting::with_default("KONVEKSI_GATEWAY_PORT", "8000", "port to listen on; 0 takes a free one"),
    Setting::with_default("KONVEKSI_GATEWAY_WORKERS", "2", "threads that serve requests"),
    Setting::required("KONVEKSI_GATEWAY_DATABASE_URL", "the gateway's own PostgreSQL role")
        .secret(),
    Setting::with_default("KONVEKSI_GATEWAY_POOL_SIZE", "8", "most database connections"),
    Setting::required("KONVEKSI_GATEWAY_AMQP_URL", "RabbitMQ, with the gateway's own user")
        .fallback("AMQP_URL")
        .secret(),
    Setting::required("REDIS_URL", "Redis, for limits that all gateways share").secret(),
    Setting::with_default(
        "KONVEKSI_GATEWAY_REDIS_BUDGET_MS",
        "25",
        "how long a limit may wait for Redis before this gateway counts for itself",
    ),
    Setting::with_default(
        "KONVEKSI_GATEWAY_REDIS_PREFIX",
        "gateway",
        "the gateway's part of its Redis keys; another one makes the counts its own",
    ),
    Setting::with_default(
        "KONVEKSI_GATEWAY_ORDER_URL",
        "http://127.0.0.1:8101",
        "the order service",
    ),
    Setting::with_default(
        "KONVEKSI_GATEWAY_PAYMENT_URL",
        "http://127.0.0.1:8102",
        "the payment service",
    ),
    Setting::with_default(
        "KONVEKSI_GATEWAY_NOTIFICATION_URL",
        "http://127.0.0.1:8103",
        "the notification service",
    ),
    Setting::with_default(
        "KONVEKSI_GATEWAY_MEDIA_URL",
        "http://127.0.0.1:8104",
        "the media service",
    ),
    Setting::with_default(
        "KONVEKSI_GATEWAY_ANALYTICS_URL",
        "http://127.0.0.1:8105",
        "the analytics service",
    ),
    Setting::with_default(
        "KONVEKSI_GATEWAY_AUTOMATION_URL",
        "http://127.0.0.1:8106",
        "the automation service",
    ),
    Setting::required(
        "KONVEKSI_GATEWAY_IDENTITY_PRIVATE_KEY",
        "Ed25519 private key (PKCS#8, base64); signs who calls, for services and in access tokens",
    )
    .secret(),
    Setting::required("SECRET_KEY", "at least 32 random characters; keys CSRF and refresh tokens")
        .secret(),
    Setting::optional(
        "KONVEKSI_GATEWAY_PUBLIC_URL",
        "URL under which the public reaches us, such as https://api.example.id; absent: the Host that was called",
    ),
    Setting::with_default(
        "ALLOWED_HOSTS",
        "localhost,127.0.0.1,[::1]",
        "host names served, separated by commas; .example.id takes its sub-domains, * takes any",
    ),
    Setting::with_default(
        "CORS_ALLOWED_ORIGINS",
        "http://localhost:3000,http://localhost:5173,http://localhost:4173",
        "origins of web pages that may call, separated by commas",
    ),
    Setting::optional(
        "KONVEKSI_GATEWAY_TRUSTED_PROXIES",
        "addresses or blocks of our own proxies, separated by commas; only they may name a client's address",
    ),
    Setting::with_default(
        "KONVEKSI_GATEWAY_LIMIT_PUBLIC_PER_HOUR",
        "100",
        "calls an hour and address without a login",
    ),
    Setting::with_default(
        "KONVEKSI_GATEWAY_LIMIT_ADMIN_PER_HOUR",
        "1000",
        "calls an hour and staff user",
    ),
    Setting::with_default(
        "KONVEKSI_GATEWAY_LIMIT_UPLOAD_PER_HOUR",
        "50",
        "uploads an hour and user or address",
    ),
    Setting::with_default(
        "KONVEKSI_GATEWAY_LIMIT_TRACK_PER_HOUR",
        "600",
        "tracking calls per address, a sixtieth of it each minute",
    ),
    Setting::with_default(
        "KONVEKSI_GATEWAY_LIMIT_LOGIN_PER_HOUR",
        "600",
        "logins per address, a sixtieth of it each minute",
    ),
];

/// The gateway's settings, read once. No `Debug`: some are secret.
pub struct Settings {
    /// Address to listen on; `localhost` means both loopbacks.
    pub bind: String,
    /// Port to listen on; 0 takes a free one.
    pub port: u16,
    /// Threads that serve requests.
    pub workers: usize,
    /// The gateway's own PostgreSQL role.
    pub database_url: SecretString,
    /// Most database connections.
    pub pool_size: usize,
    /// `RabbitMQ`, with the gateway's own user.
    pub amqp_url: SecretString,
    /// Redis.
    pub redis_url: SecretString,
    /// How long a limit may wait for Redis, in milliseconds.
    pub redis_budget_ms: u64,
    /// The gateway's part of its Redis keys.
    pub redis_prefix: String,
    /// Where the services are.
    pub services: ServiceUrls,
    /// Ed25519 private key in base64.
    pub identity_private_key: SecretString,
    /// Keys CSRF and refresh tokens.
    pub secret_key: SecretString,
    /// The fixed public URL, without a slash at its end.
    pub public_url: Option<String>,
    /// Host names served.
    pub allowed_hosts: Vec<String>,
    /// Origins of web pages that may call.
    pub cors_origins: Vec<String>,
    /// Our own proxies.
    pub trusted_proxies: Vec<Network>,
    /// How often each caller may call.
    pub limits: Limits,
}

impl Settings {
    /// Reads the process's environment.
    ///
    /// # Errors
    /// [`SettingsError`] naming the variable at fault.
    pub fn from_env() -> Result<Settings, SettingsError> {
        Settings::read(&Reader::from_env(SETTINGS))
    }

    /// Reads from `reader`, which must have been made with [`SETTINGS`].
    ///
    /// # Errors
    /// [`SettingsError`] naming the variable at fault.
    pub fn read(reader: &Reader) -> Result<Settings, SettingsError> {
        let public_url = reader.optional("KONVEKSI_GATEWAY_PUBLIC_URL")?;
        Ok(Settings {
            bind: reader.text("KONVEKSI_GATEWAY_BIND")?,
            port: reader.parse("KONVEKSI_GATEWAY_PORT")?,
            workers: reader.parse("KONVEKSI_GATEWAY_WORKERS")?,
            database_url: reader.secret("KONVEKSI_GATEWAY_DATABASE_URL")?,
            pool_size: reader.parse("KONVEKSI_GATEWAY_POOL_SIZE")?,
            amqp_url: reader.secret("KONVEKSI_GATEWAY_AMQP_URL")?,
            redis_url: reader.secret("REDIS_URL")?,
            redis_budget_ms: reader.parse("KONVEKSI_GATEWAY_REDIS_BUDGET_MS")?,
            redis_prefix: reader.text("KONVEKSI_GATEWAY_REDIS_PREFIX")?,
            services: services(reader)?,
            identity_private_key: reader.secret("KONVEKSI_GATEWAY_IDENTITY_PRIVATE_KEY")?,
            secret_key: reader.secret("SECRET_KEY")?,
            public_url: public_url.map(|url| url.trim_end_matches('/').to_owned()),
            allowed_hosts: reader
                .list("ALLOWED_HOSTS")?
                .into_iter()
                .map(|host| host.to_ascii_lowercase())
                .collect(),
            cors_origins: reader.list("CORS_ALLOWED_ORIGINS")?,
            trusted_proxies: networks(reader)?,
            limits: limits(reader)?,
        })
    }

    /// Whether the public reaches us over TLS, so that cookies are marked `Secure`.
    pub fn is_secure(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.starts_with("https://"))
    }
}

fn services(reader: &Reader) -> Result<ServiceUrls, SettingsError> {
    Ok(ServiceUrls {
        order: reader.text("KONVEKSI_GATEWAY_ORDER_URL")?,
        payment: reader.text("KONVEKSI_GATEWAY_PAYMENT_URL")?,
        notification: reader.text("KONVEKSI_GATEWAY_NOTIFICATION_URL")?,
        media: reader.text("KONVEKSI_GATEWAY_MEDIA_URL")?,
        analytics: reader.text("KONVEKSI_GATEWAY_ANALYTICS_URL")?,
        automation: reader.text("KONVEKSI_GATEWAY_AUTOMATION_URL")?,
    })
}

fn limits(reader: &Reader) -> Result<Limits, SettingsError> {
    Ok(Limits {
        public_per_hour: reader.parse("KONVEKSI_GATEWAY_LIMIT_PUBLIC_PER_HOUR")?,
        admin_per_hour: reader.parse("KONVEKSI_GATEWAY_LIMIT_ADMIN_PER_HOUR")?,
        upload_per_hour: reader.parse("KONVEKSI_GATEWAY_LIMIT_UPLOAD_PER_HOUR")?,
        track_per_hour: reader.parse("KONVEKSI_GATEWAY_LIMIT_TRACK_PER_HOUR")?,
        login_per_hour: reader.parse("KONVEKSI_GATEWAY_LIMIT_LOGIN_PER_HOUR")?,
    })
}

fn networks(reader: &Reader) -> Result<Vec<Network>, SettingsError> {
    const NAME: &str = "KONVEKSI_GATEWAY_TRUSTED_PROXIES";
    reader
        .list(NAME)?
        .into_iter()
        .map(|text| {
            text.parse().map_err(|_text| SettingsError::Malformed {
                name: NAME,
                value: format!("{text:?}"),
                wanted: "list of addresses or blocks such as 10.0.0.0/8",
                doc: "our own proxies",
            })
        })
        .collect()
}
