//! WhatsApp through Fonnte's gateway (`contract.md` section 8).
//!
//! The gateway answers 200 to everything it understood and says in `status` whether it took the
//! message. It has no idempotency, so a lost answer is a lost outcome.

use std::time::Duration;

use konveksi_settings::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::{ProviderError, SendError};
use crate::domain::delivery::ErrorKind;
use crate::domain::message::Message;
use crate::domain::phone_number::PhoneNumber;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Well under the lease of 60 s, so that a slow answer is still ours to note.
const TIMEOUT: Duration = Duration::from_secs(20);
/// The most of an answer we read, in bytes.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// How to reach the gateway.
pub struct FonnteSettings {
    /// Base URL, such as `https://api.fonnte.com`.
    pub base_url: String,
    /// The device's token.
    pub token: SecretString,
}

/// The gateway's client; cheap to clone.
#[derive(Clone)]
pub(crate) struct Fonnte {
    http: reqwest::Client,
    url: String,
    token: SecretString,
}

/// What the gateway answers, as far as we read it.
#[derive(Debug, Deserialize)]
struct Answer {
    status: bool,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    id: Vec<serde_json::Value>,
}

impl Fonnte {
    /// Prepares the client.
    ///
    /// # Errors
    /// [`ProviderError::Http`].
    pub(crate) fn new(settings: &FonnteSettings) -> Result<Fonnte, ProviderError> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(ProviderError::Http)?;
        let url = format!("{}/send", settings.base_url.trim_end_matches('/'));
        Ok(Fonnte { http, url, token: settings.token.clone() })
    }

    /// Sends one message.
    ///
    /// # Errors
    /// [`SendError`].
    pub(super) async fn send(
        &self,
        message: &Message,
        number: &PhoneNumber,
    ) -> Result<Option<String>, SendError> {
        let form = [
            ("target", number.as_str()),
            ("message", message.body.as_str()),
            ("countryCode", "62"),
        ];
        let answer = self
            .http
            .post(&self.url)
            .header("Authorization", self.token.expose_secret())
            // The gateway ignores it; its support and our sandbox's journal can be asked for it.
            .header("X-Request-Id", message.id.to_string())
            .form(&form)
            .send()
            .await
            .map_err(|error| unanswered(&error))?;
        let status = answer.status();
        if !status.is_success() {
            let kind = match status.as_u16() {
                429 => ErrorKind::Throttled,
                500..=599 => ErrorKind::Unreachable,
                _ => ErrorKind::Refused,
            };
            return Err(SendError::new(kind, format!("HTTP {}", status.as_u16())));
        }
        let body = answer.bytes().await.map_err(|error| unanswered(&error))?;
        read(body.get(..MAX_ANSWER_BYTES).unwrap_or(&body))
    }
}

/// Without a connection the gateway has nothing; after it was there, nobody knows.
fn unanswered(error: &reqwest::Error) -> SendError {
    if error.is_connect() {
        SendError::new(ErrorKind::Unreachable, "no connection")
    } else if error.is_timeout() {
        SendError::new(ErrorKind::OutcomeLost, "no answer in time")
    } else {
        SendError::new(ErrorKind::OutcomeLost, "the answer was cut off")
    }
}

fn read(body: &[u8]) -> Result<Option<String>, SendError> {
    let answer: Answer = serde_json::from_slice(body)
        .map_err(|_unreadable| SendError::new(ErrorKind::OutcomeLost, "an unreadable answer"))?;
    if answer.status {
        return Ok(answer.id.first().map(|id| match id {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        }));
    }
    let reason = answer.reason.unwrap_or_else(|| "no reason given".to_owned());
    Err(SendError::new(kind_of(&reason), reason))
}

/// Some refusals pass by themselves: the workshop's phone is off, or a quota is refilled.
fn kind_of(reason: &str) -> ErrorKind {
    let reason = reason.to_ascii_lowercase();
    if reason.contains("disconnect") || reason.contains("server error") {
        ErrorKind::Unreachable
    } else if reason.contains("quota") || reason.contains("limit") {
        ErrorKind::Throttled
    } else {
        ErrorKind::Refused
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_message_has_the_gateways_id() {
        let body = br#"{"detail":"success! message in queue","id":["80367170"],"process":"pending","status":true,"target":["6282227097005"]}"#;
        assert_eq!(read(body), Ok(Some("80367170".to_owned())));
        assert_eq!(read(br#"{"status":true,"id":[7]}"#), Ok(Some("7".to_owned())));
        assert_eq!(read(br#"{"status":true}"#), Ok(None));
    }

    #[test]
    fn a_refusal_inside_a_200_is_a_refusal() {
        let kind = |reason: &str| {
            let body = serde_json::json!({ "status": false, "reason": reason }).to_string();
            read(body.as_bytes()).unwrap_err().kind
        };
        assert_eq!(kind("target invalid"), ErrorKind::Refused);
        assert_eq!(kind("disconnected device"), ErrorKind::Unreachable);
        assert_eq!(kind("insufficient quota"), ErrorKind::Throttled);
    }

    #[test]
    fn an_answer_that_cannot_be_read_is_a_lost_outcome() {
        assert_eq!(read(b"<html>").unwrap_err().kind, ErrorKind::OutcomeLost);
    }
}
