//! Every message the providers took, in the order they took them. Nothing is merged: a message
//! sent twice is there twice.

use std::collections::VecDeque;
use std::sync::Mutex;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::lock::locked;

/// How many messages are remembered.
const KEPT: usize = 2_000;

/// The providers' ids begin here, so that they do not look like a count.
const FIRST_PROVIDER_ID: u64 = 80_000_000;

/// By which way a message went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageChannel {
    /// Through the WhatsApp gateway.
    Whatsapp,
    /// Through the mail sink.
    Email,
}

/// One message to one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Counts up from 1.
    pub id: u64,
    /// By which way it went.
    pub channel: MessageChannel,
    /// Digits of the number with country code, or the mail address in lower case.
    pub recipient: String,
    /// Sender's address, of a mail.
    pub sender: Option<String>,
    /// Subject, of a mail.
    pub subject: Option<String>,
    /// What it says, as text.
    pub text: String,
    /// The HTML part of a mail that has one.
    pub html: Option<String>,
    /// Names of the files a mail carries.
    pub attachments: Vec<String>,
    /// When the provider took it.
    pub received_at: DateTime<Utc>,
    /// When it is to be sent, if that was asked.
    pub scheduled_at: Option<DateTime<Utc>>,
    /// The provider's id of the message.
    pub provider_id: String,
}

impl Message {
    /// `waiting` before its appointed time, else `sent`.
    pub fn status(&self, now: DateTime<Utc>) -> &'static str {
        match self.scheduled_at {
            Some(at) if at > now => "waiting",
            Some(_) | None => "sent",
        }
    }

    /// Whether it went to `recipient`, in whatever way the number is written.
    pub fn is_to(&self, recipient: &str) -> bool {
        self.recipient == recipient.trim().to_lowercase()
            || phone_digits(recipient, "62").is_some_and(|digits| digits == self.recipient)
    }
}

/// The digits of a telephone number, a leading zero replaced by `country_code` (`0` keeps it);
/// absent when it cannot be one.
pub(crate) fn phone_digits(number: &str, country_code: &str) -> Option<String> {
    let bare: String =
        number.chars().filter(|c| !matches!(c, '+' | '-' | ' ' | '.' | '(' | ')')).collect();
    let digits = match bare.strip_prefix('0') {
        Some(rest) if country_code != "0" => format!("{country_code}{rest}"),
        Some(_) | None => bare,
    };
    let plausible = (8..=15).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit());
    plausible.then_some(digits)
}

/// The last messages of one sandbox.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    last_id: u64,
    messages: VecDeque<Message>,
}

impl Messages {
    /// Keeps a message, whose two ids are given here, and gives the provider's.
    pub(crate) fn add(&self, mut message: Message) -> String {
        let mut inner = locked(&self.inner);
        inner.last_id += 1;
        message.id = inner.last_id;
        message.provider_id = FIRST_PROVIDER_ID.saturating_add(message.id).to_string();
        let provider_id = message.provider_id.clone();
        inner.messages.push_back(message);
        if inner.messages.len() > KEPT {
            inner.messages.pop_front();
        }
        provider_id
    }

    /// Messages, oldest first, to one recipient or to all.
    pub(crate) fn list(&self, recipient: Option<&str>) -> Vec<Message> {
        let inner = locked(&self.inner);
        let wanted = |message: &&Message| recipient.is_none_or(|to| message.is_to(to));
        inner.messages.iter().filter(wanted).cloned().collect()
    }

    /// Forgets them all.
    pub(crate) fn clear(&self) {
        locked(&self.inner).messages.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_known_however_they_are_written() {
        for written in ["081234567890", "+62 812-3456-7890", "6281234567890"] {
            assert_eq!(phone_digits(written, "62").as_deref(), Some("6281234567890"));
        }
        assert_eq!(phone_digits("08123456789", "0").as_deref(), Some("08123456789"));
        assert!(phone_digits("budi@contoh.id", "62").is_none());
        assert!(phone_digits("0812", "62").is_none());
    }
}
