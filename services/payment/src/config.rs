//! What can be set from outside.

use std::num::ParseIntError;
use std::str::FromStr;
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
        "KONVEKSI_PAYMENT_ALONE_UP_TO_RUPIAH",
        "5000000",
        "up to which amount one person verifies a transfer alone; above it a second one approves",
    ),
    Setting::with_default(
        "KONVEKSI_PAYMENT_REMIND_BEFORE_DAYS",
        "3,0",
        "how many days before its due day a part of a plan is told, separated by commas",
    ),
    Setting::with_default(
        "KONVEKSI_PAYMENT_REMINDER_SWEEP_SECONDS",
        "600",
        "time between two sweeps for parts that are due, and for what is to be forgotten",
    ),
    Setting::optional(
        "KONVEKSI_PAYMENT_BANK_ACCOUNTS",
        "our bank accounts as BANK:NUMBER:HOLDER, separated by commas; none has no unique amounts",
    ),
    Setting::with_default(
        "KONVEKSI_PAYMENT_UNIQUE_AMOUNT_HOURS",
        "24",
        "how long an invoice holds a unique amount",
    ),
    Setting::optional(
        "KONVEKSI_PAYMENT_MUTATION_TOKEN",
        "what a bank-mutation service's messages must carry; two are accepted, separated by a comma",
    )
    .secret(),
    Setting::with_default(
        "KONVEKSI_PAYMENT_PROVIDER",
        "xendit",
        "where new payment links are made: xendit, midtrans, or manual (none)",
    ),
    Setting::with_default(
        "KONVEKSI_PAYMENT_SECOND_PERSON_ABOVE_RUPIAH",
        "5000000",
        "a payment's refunds above this sum wait for a second person",
    ),
    Setting::with_default(
        "KONVEKSI_PAYMENT_OVERDUE_STEPS_DAYS",
        "1,3,7,14",
        "days after which an unpaid invoice is told to be overdue, rising",
    ),
    Setting::with_default("KONVEKSI_PAYMENT_SHOP_NAME", "Konveksi", "the name on papers"),
    Setting::with_default("KONVEKSI_PAYMENT_SHOP_ADDRESS", "", "the address on papers"),
    Setting::with_default("KONVEKSI_PAYMENT_SHOP_CONTACT", "", "the contact on papers"),
    Setting::with_default(
        "MIDTRANS_BASE_URL",
        "https://api.midtrans.com",
        "Midtrans's Core API; the sandbox offline",
    ),
    Setting::with_default(
        "MIDTRANS_SNAP_BASE_URL",
        "https://app.midtrans.com",
        "Midtrans's payment pages; the sandbox offline",
    ),
    Setting::optional(
        "MIDTRANS_SERVER_KEY",
        "our server key at Midtrans; of two, separated by a comma, the first one calls and both sign",
    )
    .secret(),
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
    /// Up to what amount, in rupiah, one person verifies a transfer alone.
    pub alone_up_to_rupiah: u64,
    /// How many days before its due day a plan's part is told.
    pub remind_before_days: Vec<u32>,
    /// Time between two sweeps for parts that are due.
    pub reminder_sweep: Duration,
    /// Our bank accounts, as they are written.
    pub bank_accounts: Vec<String>,
    /// How long an invoice holds a unique amount, in hours.
    pub unique_amount_hours: u32,
    /// The tokens of bank-mutation services, separated by commas; empty accepts none.
    pub mutation_token: SecretString,
    /// Where new payment links are made.
    pub provider: String,
    /// A payment's refunds above this sum, in rupiah, wait for a second person.
    pub second_person_above_rupiah: u64,
    /// After how many days an unpaid invoice is told to be overdue, separated by commas.
    pub overdue_steps_days: String,
    /// The name on papers.
    pub shop_name: String,
    /// The address on papers.
    pub shop_address: String,
    /// The contact on papers.
    pub shop_contact: String,
    /// Midtrans's Core API.
    pub midtrans_base_url: String,
    /// Midtrans's payment pages.
    pub midtrans_snap_base_url: String,
    /// Our server keys there, separated by commas; absent: Midtrans is not used.
    pub midtrans_server_keys: Option<SecretString>,
    /// The provider's API.
    pub xendit_base_url: String,
    /// Our key there.
    pub xendit_secret_key: SecretString,
    /// The tokens of callbacks, separated by commas.
    pub xendit_webhook_token: SecretString,
}

/// Whole days, separated by commas.
struct Days(Vec<u32>);

impl FromStr for Days {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Days, ParseIntError> {
        let days = text.split(',').map(str::trim).filter(|day| !day.is_empty());
        days.map(str::parse).collect::<Result<_, _>>().map(Days)
    }
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
            alone_up_to_rupiah: reader.parse("KONVEKSI_PAYMENT_ALONE_UP_TO_RUPIAH")?,
            remind_before_days: reader.parse::<Days>("KONVEKSI_PAYMENT_REMIND_BEFORE_DAYS")?.0,
            reminder_sweep: Duration::from_secs(
                reader.parse::<u64>("KONVEKSI_PAYMENT_REMINDER_SWEEP_SECONDS")?.max(1),
            ),
            bank_accounts: reader.list("KONVEKSI_PAYMENT_BANK_ACCOUNTS")?,
            unique_amount_hours: reader.parse("KONVEKSI_PAYMENT_UNIQUE_AMOUNT_HOURS")?,
            mutation_token: SecretString::from(
                reader.optional("KONVEKSI_PAYMENT_MUTATION_TOKEN")?.unwrap_or_default(),
            ),
            provider: reader.text("KONVEKSI_PAYMENT_PROVIDER")?,
            second_person_above_rupiah: reader
                .parse("KONVEKSI_PAYMENT_SECOND_PERSON_ABOVE_RUPIAH")?,
            overdue_steps_days: reader.text("KONVEKSI_PAYMENT_OVERDUE_STEPS_DAYS")?,
            shop_name: reader.text("KONVEKSI_PAYMENT_SHOP_NAME")?,
            shop_address: reader.text("KONVEKSI_PAYMENT_SHOP_ADDRESS")?,
            shop_contact: reader.text("KONVEKSI_PAYMENT_SHOP_CONTACT")?,
            midtrans_base_url: bare(reader.text("MIDTRANS_BASE_URL")?),
            midtrans_snap_base_url: bare(reader.text("MIDTRANS_SNAP_BASE_URL")?),
            midtrans_server_keys: match reader.optional("MIDTRANS_SERVER_KEY")? {
                Some(_) => Some(reader.secret("MIDTRANS_SERVER_KEY")?),
                None => None,
            },
            xendit_base_url: bare(reader.text("XENDIT_BASE_URL")?),
            xendit_secret_key: reader.secret("XENDIT_SECRET_KEY")?,
            xendit_webhook_token: reader.secret("XENDIT_WEBHOOK_TOKEN")?,
        })
    }
}
