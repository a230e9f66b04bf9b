//! What can be set from outside.

use konveksi_settings::{Reader, SecretString, Setting, SettingsError};

/// Every variable this service understands.
pub static SETTINGS: &[Setting] = &[
    Setting::with_default("KONVEKSI_ORDER_PORT", "8101", "port to listen on; 0 takes a free one"),
    Setting::with_default("KONVEKSI_ORDER_BIND", "127.0.0.1", "address to listen on"),
    Setting::required("KONVEKSI_ORDER_DATABASE_URL", "PostgreSQL, as order_svc").secret(),
    Setting::with_default("KONVEKSI_ORDER_POOL_SIZE", "16", "most database connections"),
    Setting::required("KONVEKSI_ORDER_AMQP_URL", "RabbitMQ, as this service's own user")
        .fallback("AMQP_URL")
        .secret(),
    Setting::required("REDIS_URL", "Redis, for lists that were answered before").secret(),
    Setting::with_default(
        "KONVEKSI_ORDER_REDIS_BUDGET_MS",
        "50",
        "how long a list may wait for Redis before it is made without",
    ),
    Setting::with_default(
        "KONVEKSI_ORDER_REDIS_PREFIX",
        "order",
        "this service's part of its Redis keys; systems that share a Redis need different ones",
    ),
    Setting::required(
        "KONVEKSI_ORDER_IDENTITY_PUBLIC_KEY",
        "the gateway's public key (base64) that signs who calls",
    )
    .fallback("KONVEKSI_IDENTITY_PUBLIC_KEY"),
];

/// The values, read once.
pub struct Settings {
    /// Port; 0 takes a free one.
    pub port: u16,
    /// Address to listen on.
    pub bind: String,
    /// PostgreSQL, as the service's role.
    pub database_url: SecretString,
    /// Most database connections.
    pub pool_size: usize,
    /// RabbitMQ, as the service's user.
    pub amqp_url: SecretString,
    /// Redis.
    pub redis_url: SecretString,
    /// How long a list may wait for Redis, in milliseconds.
    pub redis_budget_ms: u64,
    /// This service's part of its Redis keys.
    pub redis_prefix: String,
    /// The gateway's public key in base64.
    pub identity_public_key: String,
}

impl Settings {
    /// Reads the process's environment.
    ///
    /// # Errors
    /// [`SettingsError`] naming the variable that is missing or malformed.
    pub fn from_env() -> Result<Settings, SettingsError> {
        Settings::read(&Reader::from_env(SETTINGS))
    }

    /// Takes the values of `reader`, which was made with [`SETTINGS`].
    ///
    /// # Errors
    /// As [`Settings::from_env`].
    pub fn read(reader: &Reader) -> Result<Settings, SettingsError> {
        Ok(Settings {
            port: reader.parse("KONVEKSI_ORDER_PORT")?,
            bind: reader.text("KONVEKSI_ORDER_BIND")?,
            database_url: reader.secret("KONVEKSI_ORDER_DATABASE_URL")?,
            pool_size: reader.parse("KONVEKSI_ORDER_POOL_SIZE")?,
            amqp_url: reader.secret("KONVEKSI_ORDER_AMQP_URL")?,
            redis_url: reader.secret("REDIS_URL")?,
            redis_budget_ms: reader.parse("KONVEKSI_ORDER_REDIS_BUDGET_MS")?,
            redis_prefix: reader.text("KONVEKSI_ORDER_REDIS_PREFIX")?,
            identity_public_key: reader.text("KONVEKSI_ORDER_IDENTITY_PUBLIC_KEY")?,
        })
    }
}
