//! E-mail by SMTP: one recipient each, plain text, our id as `Message-ID`.
//!
//! TLS is required, implicit on port 465 and by STARTTLS elsewhere; only a server on this very
//! machine (the sandbox) is spoken to in the clear, and one for which the settings say so.

use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use konveksi_settings::{ExposeSecret as _, SecretString};
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use super::{ProviderError, SendError};
use crate::domain::delivery::ErrorKind;
use crate::domain::email_address::EmailAddress;
use crate::domain::message::Message;

const TIMEOUT: Duration = Duration::from_secs(20);
const IMPLICIT_TLS_PORT: u16 = 465;

/// How the mail server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTls {
    /// With TLS, unless the server is on this very machine.
    Auto,
    /// Without, for a sandbox in a private network of its own.
    Off,
}

impl FromStr for MailTls {
    type Err = ();

    fn from_str(text: &str) -> Result<MailTls, ()> {
        match text {
            "auto" => Ok(MailTls::Auto),
            "off" => Ok(MailTls::Off),
            _ => Err(()),
        }
    }
}

/// How to reach the mail server.
pub struct SmtpSettings {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether TLS is used.
    pub tls: MailTls,
    /// Who logs in; absent: nobody does.
    pub user: Option<String>,
    /// With what password.
    pub password: Option<SecretString>,
    /// Who mails are from, such as `Konveksi <halo@konveksi.example>`.
    pub from: String,
}

/// The mail client; cheap to clone.
#[derive(Clone)]
pub(crate) struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    id_domain: String,
}

impl Smtp {
    /// Prepares the client. Connects when first used.
    ///
    /// # Errors
    /// [`ProviderError::Smtp`], [`ProviderError::From`].
    pub(crate) fn new(settings: &SmtpSettings) -> Result<Smtp, ProviderError> {
        let host = settings.host.as_str();
        let in_the_clear = settings.tls == MailTls::Off || is_loopback(host);
        let builder = if in_the_clear {
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
        } else if settings.port == IMPLICIT_TLS_PORT {
            AsyncSmtpTransport::<Tokio1Executor>::relay(host).map_err(ProviderError::Smtp)?
        } else {
            AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host)
                .map_err(ProviderError::Smtp)?
        };
        let mut builder = builder
            .port(settings.port)
            .timeout(Some(TIMEOUT))
            .pool_config(PoolConfig::new().max_size(8));
        if let (Some(user), Some(password)) = (&settings.user, &settings.password) {
            let password = password.expose_secret().to_owned();
            builder = builder.credentials(Credentials::new(user.clone(), password));
        }
        let from: Mailbox =
            settings.from.parse().map_err(|_source| ProviderError::From(settings.from.clone()))?;
        let id_domain = from.email.domain().to_owned();
        Ok(Smtp { transport: builder.build(), from, id_domain })
    }

    /// Sends one mail.
    ///
    /// # Errors
    /// [`SendError`].
    pub(super) async fn send(
        &self,
        message: &Message,
        address: &EmailAddress,
    ) -> Result<Option<String>, SendError> {
        let mail = self.write(message, address)?;
        // Before this succeeds the server has nothing, so a failure here is never a lost outcome.
        let alive = self.transport.test_connection().await.map_err(|error| unconnected(&error))?;
        if !alive {
            return Err(SendError::new(ErrorKind::Unreachable, "the connection does not answer"));
        }
        let answer = self.transport.send(mail).await.map_err(|error| untaken(&error))?;
        Ok(answer.message().next().map(|line| line.chars().take(200).collect()))
    }

    fn write(
        &self,
        message: &Message,
        address: &EmailAddress,
    ) -> Result<lettre::Message, SendError> {
        let refused = |reason: &str| SendError::new(ErrorKind::Refused, reason);
        let to = address.as_str().parse().map_err(|_source| refused("not an address"))?;
        let auto = HeaderName::new_from_ascii_str("Auto-Submitted");
        lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(message.subject.as_str())
            .message_id(Some(format!("<{}@{}>", message.id, self.id_domain)))
            // Keeps out-of-office replies from answering us (RFC 3834).
            .raw_header(HeaderValue::new(auto, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(message.body.clone())
            .map_err(|_source| refused("the mail could not be written"))
    }
}

/// Whether `host` is this machine, where nobody can listen in between.
fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// No session: nothing was handed over, whatever the reason. A refused login is ours to mend, but
/// the mails should wait for that and not be thrown away.
fn unconnected(error: &lettre::transport::smtp::Error) -> SendError {
    SendError::new(ErrorKind::Unreachable, code_or(error, "no session"))
}

fn untaken(error: &lettre::transport::smtp::Error) -> SendError {
    if error.is_permanent() {
        SendError::new(ErrorKind::Refused, code_or(error, "refused"))
    } else if error.is_transient() {
        SendError::new(ErrorKind::Unreachable, code_or(error, "not now"))
    } else if error.is_client() {
        SendError::new(ErrorKind::Refused, "the client refused to send it")
    } else {
        SendError::new(ErrorKind::OutcomeLost, "the session broke off")
    }
}

/// The server's code only: its words tend to repeat the address.
fn code_or(error: &lettre::transport::smtp::Error, otherwise: &str) -> String {
    error.status().map_or_else(|| otherwise.to_owned(), |code| format!("SMTP {code}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_spoken_to_in_the_clear() {
        for host in ["localhost", "127.0.0.1", "::1"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["localhost.evil.example", "10.0.0.1", "mail.example"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
