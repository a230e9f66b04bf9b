//! What can be set from outside.

use chrono::Duration;
use konveksi_settings::{Reader, SecretString, Setting, SettingsError};

/// Every variable this service understands.
pub static SETTINGS: &[Setting] = &[
    Setting::with_default(
        "KONVEKSI_AUTOMATION_PORT",
        "8106",
        "port to listen on; 0 takes a free one",
    ),
    Setting::with_default("KONVEKSI_AUTOMATION_BIND", "127.0.0.1", "address to listen on"),
    Setting::required("KONVEKSI_AUTOMATION_DATABASE_URL", "PostgreSQL, as automation_svc").secret(),
    Setting::with_default("KONVEKSI_AUTOMATION_POOL_SIZE", "8", "most database connections"),
    Setting::required("KONVEKSI_AUTOMATION_AMQP_URL", "RabbitMQ, as this service's own user")
        .fallback("AMQP_URL")
        .secret(),
    Setting::required(
        "KONVEKSI_AUTOMATION_IDENTITY_PUBLIC_KEY",
        "the gateway's public key (base64) that signs who calls",
    ),
    Setting::with_default("KONVEKSI_AUTOMATION_KEEP_DAYS", "90", "days that heard events are kept"),
    Setting::with_default(
        "KONVEKSI_AUTOMATION_PRUNE_INTERVAL_SECONDS",
        "3600",
        "seconds between two looks for events that are old enough to go",
    ),
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
    /// How long heard events are kept.
    pub keep: Duration,
    /// How long to wait between two looks for old ones.
    pub prune_every: std::time::Duration,
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
            port: reader.parse("KONVEKSI_AUTOMATION_PORT")?,
            bind: reader.text("KONVEKSI_AUTOMATION_BIND")?,
            database_url: reader.secret("KONVEKSI_AUTOMATION_DATABASE_URL")?,
            pool_size: reader.parse("KONVEKSI_AUTOMATION_POOL_SIZE")?,
            amqp_url: reader.secret("KONVEKSI_AUTOMATION_AMQP_URL")?,
            identity_public_key: reader.text("KONVEKSI_AUTOMATION_IDENTITY_PUBLIC_KEY")?,
            keep: Duration::days(reader.parse::<u16>("KONVEKSI_AUTOMATION_KEEP_DAYS")?.into()),
            prune_every: std::time::Duration::from_secs(
                reader.parse::<u32>("KONVEKSI_AUTOMATION_PRUNE_INTERVAL_SECONDS")?.max(1).into(),
            ),
        })
    }
}
