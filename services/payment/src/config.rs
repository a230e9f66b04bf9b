//! What can be set from outside.

use std::time::Duration;

use konveksi_settings::{Reader, SecretString, Setting, SettingsError};

/// Every variable this service understands.
pub static SETTINGS: &[Setting] = &[
    Setting::with_default("KONVEKSI_PAYMENT_PORT", "8102", "port to listen on; 0 takes a free one"),
    Setting::with_default("KONVEKSI_PAYMENT_BIND", "127.0.0.1", "address to listen on"),
    Setting::required("KONVEKSI_PAYMENT_DATABASE_URL", "PostgreSQL, as payment_svc").secret(),
    Setting::with_default("KONVEKSI_PAYMENT_POOL_SIZE", "12", "most database connections"),
    Setting::required("KONVEKSI_PAYMENT_AMQP_URL", "RabbitMQ, as this service's own user")
        .fallback("AMQP_URL")
        .secret(),
    Setting::required(
        "KONVEKSI_PAYMENT_IDENTITY_PUBLIC_KEY",
        "the gateway's public key (base64) that signs who calls",
    ),
    Setting::with_default(
        "KONVEKSI_PAYMENT_PUBLIC_URL",
        "http://localhost:8000",
        "under which URL customers' browsers reach the gateway, for the way back from the provider",
    ),
    Setting::optional(
        "KONVEKSI_PAYMENT_FRONTEND_URL",
        "the front end whose /payment-success and /payment-failed pages take over; JSON without it",
    ),
    Setting::with_default(
        "KONVEKSI_PAYMENT_EXPIRY_SWEEP_SECONDS",
        "3600",
        "time between two sweeps for invoices whose time has passed",
    ),
    Setting::with_default(
        "XENDIT_BASE_URL",
        "https://api.xendit.co",
        "the payment provider's API; the sandbox offline",
    ),
    Setting::required("XENDIT_SECRET_KEY", "our secret key at the payment provider").secret(),
    Setting::required(
        "XENDIT_WEBHOOK_TOKEN",
        "what the provider's callbacks must carry; two are accepted, separated by a comma",
    )
    .secret(),
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
    /// The gateway's public key in base64.
    pub identity_public_key: String,
    /// The gateway's public URL, without a slash at its end.
    pub public_url: String,
    /// The front end's URL, without a slash at its end; absent answers JSON.
    pub frontend_url: Option<String>,
    /// Time between two expiry sweeps.
    pub expiry_sweep: Duration,
    /// The provider's API.
    pub xendit_base_url: String,
    /// Our key there.
    pub xendit_secret_key: SecretString,
    /// The tokens of callbacks, separated by commas.
    pub xendit_webhook_token: SecretString,
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
        let bare = |url: String| url.trim_end_matches('/').to_owned();
        Ok(Settings {
            port: reader.parse("KONVEKSI_PAYMENT_PORT")?,
            bind: reader.text("KONVEKSI_PAYMENT_BIND")?,
            database_url: reader.secret("KONVEKSI_PAYMENT_DATABASE_URL")?,
            pool_size: reader.parse("KONVEKSI_PAYMENT_POOL_SIZE")?,
            amqp_url: reader.secret("KONVEKSI_PAYMENT_AMQP_URL")?,
            identity_public_key: reader.text("KONVEKSI_PAYMENT_IDENTITY_PUBLIC_KEY")?,
            public_url: bare(reader.text("KONVEKSI_PAYMENT_PUBLIC_URL")?),
            frontend_url: reader.optional("KONVEKSI_PAYMENT_FRONTEND_URL")?.map(bare),
            expiry_sweep: Duration::from_secs(
                reader.parse::<u64>("KONVEKSI_PAYMENT_EXPIRY_SWEEP_SECONDS")?.max(1),
            ),
            xendit_base_url: bare(reader.text("XENDIT_BASE_URL")?),
            xendit_secret_key: reader.secret("XENDIT_SECRET_KEY")?,
            xendit_webhook_token: reader.secret("XENDIT_WEBHOOK_TOKEN")?,
        })
    }
}
