//! What the sandbox is told when it starts.

use std::net::IpAddr;
use std::path::PathBuf;

use konveksi_settings::{Reader, SecretString, Setting, SettingsError};

/// Every environment variable the sandbox understands.
pub static SETTINGS: &[Setting] = &[
    Setting::with_default("KONVEKSI_SANDBOX_PORT", "8190", "port of the provider APIs and pages"),
    Setting::with_default("KONVEKSI_SANDBOX_BIND", "127.0.0.1", "address both servers listen on"),
    Setting::with_default("KONVEKSI_SANDBOX_SMTP_PORT", "8191", "port of the mail sink"),
    Setting::optional(
        "KONVEKSI_SANDBOX_PUBLIC_URL",
        "how browsers reach the checkout pages; http://localhost:<port> when absent",
    ),
    Setting::optional(
        "KONVEKSI_SANDBOX_CALLBACK_URL",
        "the gateway's Xendit webhook; without it no callback is sent",
    ),
    Setting::required(
        "KONVEKSI_SANDBOX_CALLBACK_TOKEN",
        "value of X-CALLBACK-TOKEN in every callback",
    )
    .secret(),
    Setting::required("KONVEKSI_SANDBOX_API_KEY", "the secret key the invoice API accepts")
        .secret(),
    Setting::optional(
        "KONVEKSI_SANDBOX_MIDTRANS_SERVER_KEY",
        "the server key Midtrans's API accepts and signs with; without it that API refuses all",
    )
    .secret(),
    Setting::optional(
        "KONVEKSI_SANDBOX_MIDTRANS_CALLBACK_URL",
        "the gateway's Midtrans webhook; without it no notification is sent",
    ),
    Setting::required("KONVEKSI_SANDBOX_FONNTE_TOKEN", "the token the WhatsApp API accepts")
        .secret(),
    Setting::optional(
        "KONVEKSI_SANDBOX_SMTP_USER",
        "login the mail sink demands; without it any login is accepted and none is needed",
    ),
    Setting::optional("KONVEKSI_SANDBOX_SMTP_PASSWORD", "password of that login").secret(),
    Setting::optional(
        "KONVEKSI_SANDBOX_DATA_DIR",
        "folder where invoices are kept over a restart; without it they are forgotten",
    ),
];

/// The login the mail sink demands.
#[derive(Debug, Clone)]
pub struct SmtpLogin {
    /// User name.
    pub user: String,
    /// Password.
    pub password: SecretString,
}

/// How one sandbox is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address both servers listen on.
    pub bind: IpAddr,
    /// Port of the provider APIs and pages; 0 takes a free one.
    pub port: u16,
    /// Port of the mail sink; 0 takes a free one.
    pub smtp_port: u16,
    /// How browsers reach the checkout pages, without a slash at the end; absent: the bound port
    /// on localhost.
    pub public_url: Option<String>,
    /// Where callbacks go; absent: none is sent until one is set.
    pub callback_url: Option<String>,
    /// Value of `X-CALLBACK-TOKEN`.
    pub callback_token: SecretString,
    /// The secret key of the invoice API.
    pub api_key: SecretString,
    /// The server key of Midtrans's API; empty: it refuses all.
    pub midtrans_server_key: SecretString,
    /// Where Midtrans's notifications go; absent: none is sent until one is set.
    pub midtrans_callback_url: Option<String>,
    /// The token of the WhatsApp API.
    pub fonnte_token: SecretString,
    /// The login the mail sink demands; absent: any is accepted and none is needed.
    pub smtp_login: Option<SmtpLogin>,
    /// Where invoices are kept over a restart; absent: in memory only.
    pub data_dir: Option<PathBuf>,
}

impl Config {
    /// Reads the settings of the process.
    ///
    /// # Errors
    /// [`SettingsError`] naming the variable that is absent or malformed.
    pub fn from_env() -> Result<Config, SettingsError> {
        Config::read(&Reader::from_env(SETTINGS))
    }

    fn read(reader: &Reader) -> Result<Config, SettingsError> {
        let without_slash = |url: String| url.trim_end_matches('/').to_owned();
        let smtp_login = match reader.optional("KONVEKSI_SANDBOX_SMTP_USER")? {
            Some(user) => {
                Some(SmtpLogin { user, password: reader.secret("KONVEKSI_SANDBOX_SMTP_PASSWORD")? })
            }
            None => None,
        };
        Ok(Config {
            bind: reader.parse("KONVEKSI_SANDBOX_BIND")?,
            port: reader.parse("KONVEKSI_SANDBOX_PORT")?,
            smtp_port: reader.parse("KONVEKSI_SANDBOX_SMTP_PORT")?,
            public_url: reader.optional("KONVEKSI_SANDBOX_PUBLIC_URL")?.map(without_slash),
            callback_url: reader.optional("KONVEKSI_SANDBOX_CALLBACK_URL")?,
            callback_token: reader.secret("KONVEKSI_SANDBOX_CALLBACK_TOKEN")?,
            api_key: reader.secret("KONVEKSI_SANDBOX_API_KEY")?,
            midtrans_server_key: match reader.optional("KONVEKSI_SANDBOX_MIDTRANS_SERVER_KEY")? {
                Some(_) => reader.secret("KONVEKSI_SANDBOX_MIDTRANS_SERVER_KEY")?,
                None => SecretString::from(""),
            },
            midtrans_callback_url: reader.optional("KONVEKSI_SANDBOX_MIDTRANS_CALLBACK_URL")?,
            fonnte_token: reader.secret("KONVEKSI_SANDBOX_FONNTE_TOKEN")?,
            smtp_login,
            data_dir: reader.optional("KONVEKSI_SANDBOX_DATA_DIR")?.map(PathBuf::from),
        })
    }

    /// Free ports on loopback, fixed test secrets, nothing kept: what an integration test wants.
    pub fn for_tests() -> Config {
        Config {
            bind: IpAddr::from([127, 0, 0, 1]),
            port: 0,
            smtp_port: 0,
            public_url: None,
            callback_url: None,
            callback_token: SecretString::from("test-callback-token"),
            api_key: SecretString::from("xnd_development_test"),
            midtrans_server_key: SecretString::from("SB-Mid-server-test"),
            midtrans_callback_url: None,
            fonnte_token: SecretString::from("test-fonnte-token"),
            smtp_login: None,
            data_dir: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(extra: &'static [(&str, &str)]) -> Reader {
        let base = [
            ("KONVEKSI_SANDBOX_CALLBACK_TOKEN", "t"),
            ("KONVEKSI_SANDBOX_API_KEY", "k"),
            ("KONVEKSI_SANDBOX_FONNTE_TOKEN", "f"),
        ];
        Reader::from_lookup(SETTINGS, move |wanted| {
            base.iter()
                .chain(extra)
                .find(|(name, _)| *name == wanted)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_three_secrets_are_enough() {
        let config = Config::read(&reader(&[])).unwrap();
        assert_eq!((config.port, config.smtp_port), (8190, 8191));
        assert!(config.smtp_login.is_none());
    }

    #[test]
    fn a_login_without_a_password_is_refused() {
        assert!(Config::read(&reader(&[("KONVEKSI_SANDBOX_SMTP_USER", "kon")])).is_err());
    }

    #[test]
    fn the_public_address_loses_its_last_slash() {
        let config =
            Config::read(&reader(&[("KONVEKSI_SANDBOX_PUBLIC_URL", "http://lan:8190/")])).unwrap();
        assert_eq!(config.public_url.as_deref(), Some("http://lan:8190"));
    }
}
