//! The world outside: one module a vendor, real protocols against the sandbox in tests too.

mod fonnte;
mod smtp;

use thiserror::Error;

pub(crate) use fonnte::Fonnte;
pub use fonnte::FonnteSettings;
pub(crate) use smtp::Smtp;
pub use smtp::{MailTls, SmtpSettings};

use crate::domain::delivery::ErrorKind;
use crate::domain::message::Message;
use crate::domain::recipient::Recipient;

/// Why a provider did not take a message.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{kind:?}: {detail}")]
pub(crate) struct SendError {
    /// What follows from it: retry or give up, theirs or lost.
    pub(crate) kind: ErrorKind,
    /// The provider's words, without anybody's address.
    pub(crate) detail: String,
}

/// The longest provider's words we keep, in characters.
const MAX_DETAIL_CHARS: usize = 300;

impl SendError {
    fn new(kind: ErrorKind, detail: impl AsRef<str>) -> SendError {
        SendError { kind, detail: detail.as_ref().chars().take(MAX_DETAIL_CHARS).collect() }
    }
}

/// Why a provider's client could not be set up.
#[derive(Debug, Error)]
pub(crate) enum ProviderError {
    /// The HTTP client.
    #[error("the HTTP client could not be built")]
    Http(#[source] reqwest::Error),
    /// The mail client.
    #[error("the SMTP client could not be built")]
    Smtp(#[source] lettre::transport::smtp::Error),
    /// The sender's own address.
    #[error("the mail sender {0:?} is not an address")]
    From(String),
}

/// One client for each channel.
#[derive(Clone)]
pub(crate) struct Senders {
    fonnte: Fonnte,
    smtp: Smtp,
}

impl Senders {
    /// These clients.
    pub(crate) const fn new(fonnte: Fonnte, smtp: Smtp) -> Senders {
        Senders { fonnte, smtp }
    }

    /// Sends `message` to `recipient`, with our id as reference. Answers the provider's id, if it
    /// gives one.
    ///
    /// # Errors
    /// [`SendError`].
    pub(crate) async fn send(
        &self,
        message: &Message,
        recipient: &Recipient,
    ) -> Result<Option<String>, SendError> {
        match recipient {
            Recipient::Phone(number) => self.fonnte.send(message, number).await,
            Recipient::Email(address) => self.smtp.send(message, address).await,
        }
    }
}
