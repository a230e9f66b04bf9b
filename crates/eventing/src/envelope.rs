//! One event on its way: the `CloudEvents` attributes and the protobuf body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::{DateTime, Utc};
use konveksi_contracts::EventMessage;
use konveksi_kernel::EventId;
use konveksi_telemetry::TraceContext;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

/// Everything about an event but its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attributes {
    /// `CloudEvents` id and AMQP `message_id`; fixed when the event is written.
    pub id: EventId,
    /// `CloudEvents` type and routing key, such as `order.created.v1`.
    pub event_type: String,
    /// The service that told it, such as `order`.
    pub producer: String,
    /// What kind of thing it is about, such as `order`.
    pub subject_kind: String,
    /// The thing it is about.
    pub subject: Uuid,
    /// The version of that thing after the change.
    pub version: i64,
    /// When the change happened, in business time.
    pub occurred_at: DateTime<Utc>,
    /// The first event of the chain this one belongs to.
    pub correlation: Uuid,
    /// The event whose handling told this one; absent when something else did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causation: Option<EventId>,
    /// Who acted, such as `staff:7`; absent when nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Where the change stands in its trace.
    #[serde(default)]
    pub trace: TraceContext,
}

/// One event: attributes and body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Everything but the content.
    #[serde(flatten)]
    pub attributes: Attributes,
    /// The protobuf message.
    #[serde(with = "base64_bytes")]
    pub body: Vec<u8>,
}

/// An event as a handler gets it.
#[derive(Debug, Clone, PartialEq)]
pub struct Received<E> {
    /// The event's own id; the same for every copy of it.
    pub id: EventId,
    /// The thing it is about.
    pub subject: Uuid,
    /// The version of that thing after the change.
    pub version: i64,
    /// When the change happened, in business time.
    pub occurred_at: DateTime<Utc>,
    /// The content.
    pub message: E,
}

/// Why bytes are not an event, or not the expected one.
#[derive(Debug, Error)]
pub enum EnvelopeError {
    /// The body is not the protobuf message its type says.
    #[error("the body is not a {event_type}")]
    Body {
        /// The type it claims to be.
        event_type: String,
        /// The decoder's words.
        #[source]
        source: prost::DecodeError,
    },
    /// Another type than the one asked for.
    #[error("expected {expected}, got {got}")]
    Type {
        /// The type asked for.
        expected: &'static str,
        /// The type it is.
        got: String,
    },
    /// An AMQP message without an attribute we need, or with one that cannot be read.
    #[error("the attribute {0} is missing or unreadable")]
    Attribute(&'static str),
    /// A list of envelopes that is not base64 of JSON.
    #[error("not a list of events: {0}")]
    List(String),
}

impl Envelope {
    /// Whether this is an `E`.
    pub fn is<E: EventMessage>(&self) -> bool {
        self.attributes.event_type == E::TYPE
    }

    /// Reads the content.
    ///
    /// # Errors
    /// [`EnvelopeError::Type`] when it is another event, [`EnvelopeError::Body`] when the body
    /// cannot be decoded.
    pub fn decode<E: EventMessage>(&self) -> Result<Received<E>, EnvelopeError> {
        let attributes = &self.attributes;
        if !self.is::<E>() {
            let got = attributes.event_type.clone();
            return Err(EnvelopeError::Type { expected: E::TYPE, got });
        }
        let message = E::decode(self.body.as_slice()).map_err(|source| EnvelopeError::Body {
            event_type: attributes.event_type.clone(),
            source,
        })?;
        Ok(Received {
            id: attributes.id,
            subject: attributes.subject,
            version: attributes.version,
            occurred_at: attributes.occurred_at,
            message,
        })
    }

    /// Packs events into one header value, for express delivery (`settled.md` 5).
    pub fn encode_all(events: &[Envelope]) -> String {
        // Only maps with keys that are not text can fail here, and there are none.
        let json = serde_json::to_vec(events).unwrap_or_default();
        BASE64.encode(json)
    }

    /// Unpacks what [`Envelope::encode_all`] packed; an empty text is no events.
    ///
    /// # Errors
    /// [`EnvelopeError::List`].
    pub fn decode_all(packed: &str) -> Result<Vec<Envelope>, EnvelopeError> {
        if packed.is_empty() {
            return Ok(Vec::new());
        }
        let json = BASE64.decode(packed).map_err(|error| EnvelopeError::List(error.to_string()))?;
        serde_json::from_slice(&json).map_err(|error| EnvelopeError::List(error.to_string()))
    }
}

/// Bytes as base64 text, because JSON has no bytes.
mod base64_bytes {
    use base64::Engine as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    use super::BASE64;

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&BASE64.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        BASE64.decode(text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
#[path = "envelope_tests.rs"]
mod tests;
