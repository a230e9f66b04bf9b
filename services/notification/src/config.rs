//! What this service is told when it starts, read once.

use konveksi_settings::{Reader, SecretString, Setting, SettingsError};

use crate::providers::{FonnteSettings, SmtpSettings};

/// Every environment variable this service understands.
pub static SETTINGS: &[Setting] = &[
    Setting::with_default("KONVEKSI_NOTIFICATION_BIND", "127.0.0.1", "address to listen on"),
    Setting::with_default("KONVEKSI_NOTIFICATION_PORT", "8103", "port to listen on; 0 takes any"),
    Setting::with_default("KONVEKSI_NOTIFICATION_HTTP_THREADS", "1", "threads that serve requests"),
    Setting::required("KONVEKSI_NOTIFICATION_DATABASE_URL", "PostgreSQL, as notification_svc")
        .secret(),
    Setting::with_default("KONVEKSI_NOTIFICATION_POOL_SIZE", "12", "most database connections"),
    Setting::required("KONVEKSI_NOTIFICATION_AMQP_URL", "RabbitMQ, as this service's user")
        .fallback("AMQP_URL")
        .secret(),
    Setting::required(
        "KONVEKSI_NOTIFICATION_IDENTITY_PUBLIC_KEY",
        "the gateway's public key, base64, by which its statements about callers are believed",
    )
    .fallback("KONVEKSI_IDENTITY_PUBLIC_KEY"),
    Setting::with_default(
        "FONNTE_BASE_URL",
        "https://api.fonnte.com",
        "base URL of the WhatsApp gateway",
    ),
    Setting::required("FONNTE_API_TOKEN", "the WhatsApp device's token").secret(),
    Setting::required("EMAIL_HOST", "the mail server; TLS is required unless it is this machine"),
    Setting::with_default("EMAIL_PORT", "587", "its port; 465 means TLS from the first byte"),
    Setting::optional("EMAIL_HOST_USER", "who logs in to the mail server; nobody when absent"),
    Setting::optional("EMAIL_HOST_PASSWORD", "that user's password").secret(),
    Setting::with_default(
        "KONVEKSI_NOTIFICATION_MAIL_TLS",
        "auto",
        "auto: TLS unless the mail server is this machine; off: never, for a sandbox elsewhere",
    ),
    Setting::with_default(
        "KONVEKSI_NOTIFICATION_MAIL_FROM",
        "Konveksi <noreply@konveksi.example>",
        "who mails are from",
    ),
    Setting::with_default(
        "KONVEKSI_NOTIFICATION_SEND_ORDER_CREATED",
        "false",
        "true: a new order is acknowledged by a message of its own, beside the one with the link",
    ),
];

/// The settings, read and typed. No `Debug`: some are secret.
pub struct Settings {
    /// Address to listen on.
    pub bind: String,
    /// Port to listen on; 0 takes any.
    pub port: u16,
    /// Threads that serve requests.
    pub http_threads: usize,
    /// PostgreSQL, as this service's role.
    pub database_url: SecretString,
    /// Most database connections.
    pub pool_size: usize,
    /// RabbitMQ, as this service's user.
    pub amqp_url: SecretString,
    /// The gateway's public key, base64.
    pub identity_public_key: String,
    /// The WhatsApp gateway.
    pub fonnte: FonnteSettings,
    /// The mail server.
    pub smtp: SmtpSettings,
    /// Whether a new order is acknowledged by a message of its own.
    pub send_order_created: bool,
}

impl Settings {
    /// Reads the process's environment.
    ///
    /// # Errors
    /// [`SettingsError`], naming the variable.
    pub fn from_env() -> Result<Settings, SettingsError> {
        Settings::read(&Reader::from_env(SETTINGS))
    }

    /// Reads from `reader`, which was made with [`SETTINGS`].
    ///
    /// # Errors
    /// [`SettingsError`], naming the variable.
    pub fn read(reader: &Reader) -> Result<Settings, SettingsError> {
        let password = match reader.optional("EMAIL_HOST_PASSWORD")? {
            Some(_) => Some(reader.secret("EMAIL_HOST_PASSWORD")?),
            None => None,
        };
        Ok(Settings {
            bind: reader.text("KONVEKSI_NOTIFICATION_BIND")?,
            port: reader.parse("KONVEKSI_NOTIFICATION_PORT")?,
            http_threads: reader.parse("KONVEKSI_NOTIFICATION_HTTP_THREADS")?,
            database_url: reader.secret("KONVEKSI_NOTIFICATION_DATABASE_URL")?,
            pool_size: reader.parse("KONVEKSI_NOTIFICATION_POOL_SIZE")?,
            amqp_url: reader.secret("KONVEKSI_NOTIFICATION_AMQP_URL")?,
            identity_public_key: reader.text("KONVEKSI_NOTIFICATION_IDENTITY_PUBLIC_KEY")?,
            fonnte: FonnteSettings {
                base_url: reader.text("FONNTE_BASE_URL")?,
                token: reader.secret("FONNTE_API_TOKEN")?,
            },
            smtp: SmtpSettings {
                host: reader.text("EMAIL_HOST")?,
                port: reader.parse("EMAIL_PORT")?,
                tls: reader.parse("KONVEKSI_NOTIFICATION_MAIL_TLS")?,
                user: reader.optional("EMAIL_HOST_USER")?,
                password,
                from: reader.text("KONVEKSI_NOTIFICATION_MAIL_FROM")?,
            },
            send_order_created: reader.parse("KONVEKSI_NOTIFICATION_SEND_ORDER_CREATED")?,
        })
    }
}
