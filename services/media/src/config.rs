//! What can be set from outside.

use std::path::PathBuf;
use std::time::Duration;

use konveksi_settings::{Reader, SecretString, Setting, SettingsError};

/// Every variable this service understands.
pub static SETTINGS: &[Setting] = &[
    Setting::with_default("KONVEKSI_MEDIA_PORT", "8104", "port to listen on; 0 takes a free one"),
    Setting::with_default("KONVEKSI_MEDIA_BIND", "127.0.0.1", "address to listen on"),
    Setting::required("KONVEKSI_MEDIA_DATABASE_URL", "PostgreSQL, as media_svc").secret(),
    Setting::with_default("KONVEKSI_MEDIA_POOL_SIZE", "8", "most database connections"),
    Setting::required("KONVEKSI_MEDIA_AMQP_URL", "RabbitMQ, as this service's own user")
        .fallback("AMQP_URL")
        .secret(),
    Setting::required(
        "KONVEKSI_MEDIA_IDENTITY_PUBLIC_KEY",
        "the gateway's public key (base64) that signs who calls",
    ),
    Setting::required("CLAMD_ADDR", "host:port of clamd, which scans every upload"),
    Setting::with_default(
        "KONVEKSI_MEDIA_SCAN_TIMEOUT_MS",
        "30000",
        "milliseconds one scan may take before the file goes into quarantine",
    ),
    Setting::with_default(
        "KONVEKSI_MEDIA_RESCAN_INTERVAL_MS",
        "10000",
        "milliseconds between two looks for quarantined files",
    ),
    Setting::with_default(
        "KONVEKSI_MEDIA_SWEEP_INTERVAL_MS",
        "3600000",
        "milliseconds between two looks for drafts nobody claimed",
    ),
    Setting::with_default(
        "KONVEKSI_MEDIA_DATA_DIR",
        ".konveksi/media",
        "folder for files when no S3_ENDPOINT is set",
    ),
    Setting::optional("S3_ENDPOINT", "URL of an S3 store; files go there instead of a folder"),
    Setting::with_default("KONVEKSI_MEDIA_S3_REGION", "us-east-1", "the S3 store's region"),
    Setting::with_default("KONVEKSI_MEDIA_S3_BUCKET", "konveksi-media", "the bucket for files"),
    Setting::optional("KONVEKSI_MEDIA_S3_ACCESS_KEY_ID", "who uses the bucket").secret(),
    Setting::optional("KONVEKSI_MEDIA_S3_SECRET_ACCESS_KEY", "the secret that goes with it")
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
    /// `host:port` of clamd.
    pub clamd_addr: String,
    /// How long one scan may take.
    pub scan_timeout: Duration,
    /// Time between two looks for quarantined files.
    pub rescan_interval: Duration,
    /// Time between two looks for drafts nobody claimed.
    pub sweep_interval: Duration,
    /// Where files are kept.
    pub storage: Storage,
}

/// Where files are kept.
pub enum Storage {
    /// In a folder.
    Folder(PathBuf),
    /// In an S3 bucket.
    S3 {
        /// The store's URL.
        endpoint: String,
        /// Its region.
        region: String,
        /// The bucket.
        bucket: String,
        /// Who uses it.
        access_key_id: SecretString,
        /// The secret that goes with it.
        secret_access_key: SecretString,
    },
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
            port: reader.parse("KONVEKSI_MEDIA_PORT")?,
            bind: reader.text("KONVEKSI_MEDIA_BIND")?,
            database_url: reader.secret("KONVEKSI_MEDIA_DATABASE_URL")?,
            pool_size: reader.parse("KONVEKSI_MEDIA_POOL_SIZE")?,
            amqp_url: reader.secret("KONVEKSI_MEDIA_AMQP_URL")?,
            identity_public_key: reader.text("KONVEKSI_MEDIA_IDENTITY_PUBLIC_KEY")?,
            clamd_addr: reader.text("CLAMD_ADDR")?,
            scan_timeout: milliseconds(reader, "KONVEKSI_MEDIA_SCAN_TIMEOUT_MS")?,
            rescan_interval: milliseconds(reader, "KONVEKSI_MEDIA_RESCAN_INTERVAL_MS")?,
            sweep_interval: milliseconds(reader, "KONVEKSI_MEDIA_SWEEP_INTERVAL_MS")?,
            storage: storage(reader)?,
        })
    }
}

/// At least one, so that no worker spins.
fn milliseconds(reader: &Reader, name: &str) -> Result<Duration, SettingsError> {
    Ok(Duration::from_millis(reader.parse::<u64>(name)?.max(1)))
}

fn storage(reader: &Reader) -> Result<Storage, SettingsError> {
    let Some(endpoint) = reader.optional("S3_ENDPOINT")? else {
        return Ok(Storage::Folder(reader.parse("KONVEKSI_MEDIA_DATA_DIR")?));
    };
    Ok(Storage::S3 {
        endpoint,
        region: reader.text("KONVEKSI_MEDIA_S3_REGION")?,
        bucket: reader.text("KONVEKSI_MEDIA_S3_BUCKET")?,
        access_key_id: reader.secret("KONVEKSI_MEDIA_S3_ACCESS_KEY_ID")?,
        secret_access_key: reader.secret("KONVEKSI_MEDIA_S3_SECRET_ACCESS_KEY")?,
    })
}
