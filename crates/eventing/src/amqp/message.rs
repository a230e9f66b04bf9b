//! An event as an AMQP message: `CloudEvents` in binary mode, attributes as headers
//! (`reliability.md` part B, Envelope).

use chrono::{DateTime, SecondsFormat, Utc};
use konveksi_kernel::EventId;
use konveksi_telemetry::TraceContext;
use lapin::BasicProperties;
use lapin::message::Delivery;
use lapin::types::{AMQPValue, FieldTable, ShortString};

use crate::envelope::{Attributes, Envelope, EnvelopeError};

/// Set on messages that come from the event log again.
const REPLAY: &str = "kv-replay";
const SOURCE: &str = "/konveksi/";
/// AMQP's delivery mode for messages that are kept on disk.
const PERSISTENT: u8 = 2;

/// The properties and headers `attributes` travel in.
pub(crate) fn properties(attributes: &Attributes) -> BasicProperties {
    let mut headers = Headers::default();
    headers.put("cloudEvents_specversion", "1.0");
    headers.put("cloudEvents_id", attributes.id.to_string());
    headers.put("cloudEvents_source", format!("{SOURCE}{}", attributes.producer));
    headers.put("cloudEvents_type", attributes.event_type.as_str());
    headers.put("cloudEvents_subject", attributes.subject.to_string());
    headers.put(
        "cloudEvents_time",
        attributes.occurred_at.to_rfc3339_opts(SecondsFormat::Micros, true),
    );
    headers.put("cloudEvents_dataschema", message_name(&attributes.event_type));
    headers.put("cloudEvents_subjectkind", attributes.subject_kind.as_str());
    headers.put("cloudEvents_partitionkey", attributes.subject.to_string());
    headers.put("cloudEvents_sequence", attributes.version.to_string());
    headers.put("cloudEvents_correlationid", attributes.correlation.to_string());
    if let Some(causation) = attributes.causation {
        headers.put("cloudEvents_causationid", causation.to_string());
    }
    if let Some(actor) = &attributes.actor {
        headers.put("cloudEvents_actor", actor.as_str());
    }
    for (name, value) in attributes.trace.headers() {
        headers.put(name, value);
    }
    BasicProperties::default()
        .with_content_type("application/protobuf".into())
        .with_delivery_mode(PERSISTENT)
        .with_message_id(short(attributes.id.to_string()))
        .with_correlation_id(short(attributes.correlation.to_string()))
        .with_type(short(attributes.event_type.clone()))
        .with_app_id(short(attributes.producer.clone()))
        .with_timestamp(u64::try_from(attributes.occurred_at.timestamp()).unwrap_or(0))
        .with_headers(headers.0)
}

/// As [`properties`], marked as a repetition from the event log.
pub(crate) fn replay_properties(attributes: &Attributes) -> BasicProperties {
    let properties = properties(attributes);
    let mut headers = properties.headers().clone().unwrap_or_default();
    headers.insert(REPLAY.into(), AMQPValue::Boolean(true));
    properties.with_headers(headers)
}

/// Whether `delivery` is a repetition from the event log.
pub(crate) fn is_replay(delivery: &Delivery) -> bool {
    let headers = delivery.properties.headers().as_ref();
    headers.is_some_and(|headers| headers.contains_key(REPLAY))
}

/// Reads the event `delivery` carries.
///
/// # Errors
/// [`EnvelopeError::Attribute`] naming the first attribute that is missing or unreadable.
pub(crate) fn envelope(delivery: &Delivery) -> Result<Envelope, EnvelopeError> {
    let headers = Headers(delivery.properties.headers().clone().unwrap_or_default());
    let id: EventId = headers.parsed("cloudEvents_id")?;
    let attributes = Attributes {
        id,
        event_type: headers.required("cloudEvents_type")?,
        producer: headers.required("cloudEvents_source")?.replacen(SOURCE, "", 1),
        subject_kind: headers.text("cloudEvents_subjectkind").unwrap_or_default(),
        subject: headers.parsed("cloudEvents_subject")?,
        version: headers.parsed("cloudEvents_sequence")?,
        occurred_at: headers.parsed::<DateTime<Utc>>("cloudEvents_time")?,
        correlation: headers.parsed("cloudEvents_correlationid").unwrap_or(id.as_uuid()),
        causation: headers.parsed("cloudEvents_causationid").ok(),
        actor: headers.text("cloudEvents_actor"),
        trace: TraceContext {
            traceparent: headers.text("traceparent"),
            tracestate: headers.text("tracestate"),
        },
    };
    Ok(Envelope { attributes, body: delivery.data.clone() })
}

/// The protobuf message of an event type: `order.status_changed.v1` is
/// `konveksi.events.v1.OrderStatusChanged`.
fn message_name(event_type: &str) -> String {
    let (name, version) = event_type.rsplit_once('.').unwrap_or((event_type, "v1"));
    let mut message = format!("konveksi.events.{version}.");
    for word in name.split(['.', '_']) {
        let mut letters = word.chars();
        message.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        message.extend(letters);
    }
    message
}

/// AMQP keeps property texts below 256 bytes; ours are ids and names and always fit.
fn short(text: String) -> ShortString {
    ShortString::try_new(text).unwrap_or_default()
}

#[derive(Default)]
struct Headers(FieldTable);

impl Headers {
    fn put(&mut self, name: &'static str, value: impl Into<String>) {
        self.0.insert(name.into(), AMQPValue::LongString(value.into().into()));
    }

    fn text(&self, name: &str) -> Option<String> {
        match self.0.inner().get(name)? {
            AMQPValue::LongString(value) => String::from_utf8(value.as_bytes().to_vec()).ok(),
            AMQPValue::ShortString(value) => Some(value.to_string()),
            _ => None,
        }
    }

    fn required(&self, name: &'static str) -> Result<String, EnvelopeError> {
        self.text(name).ok_or(EnvelopeError::Attribute(name))
    }

    fn parsed<T: std::str::FromStr>(&self, name: &'static str) -> Result<T, EnvelopeError> {
        self.text(name).and_then(|text| text.parse().ok()).ok_or(EnvelopeError::Attribute(name))
    }
}

#[cfg(test)]
mod tests {
    use konveksi_kernel::{Clock as _, SystemClock};

    use super::*;

    fn attributes() -> Attributes {
        let id = EventId::generate(&SystemClock);
        Attributes {
            id,
            event_type: "order.status_changed.v1".to_owned(),
            producer: "order".to_owned(),
            subject_kind: "order".to_owned(),
            subject: id.as_uuid(),
            version: 3,
            occurred_at: SystemClock.now(),
            correlation: id.as_uuid(),
            causation: Some(id),
            actor: Some("staff:7".to_owned()),
            trace: TraceContext {
                traceparent: Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".into()),
                tracestate: None,
            },
        }
    }

    fn delivered(properties: BasicProperties) -> Delivery {
        let mut delivery = Delivery::mock(1, "kv.events".into(), "x".into(), false, vec![1, 2]);
        delivery.properties = properties;
        delivery
    }

    #[test]
    fn an_event_survives_its_way_through_amqp() {
        let sent = attributes();
        let arrived = delivered(properties(&sent));
        assert_eq!(envelope(&arrived).unwrap(), Envelope { attributes: sent, body: vec![1, 2] });
        assert!(!is_replay(&arrived));
    }

    #[test]
    fn a_replay_keeps_the_id_and_says_what_it_is() {
        let sent = attributes();
        let arrived = delivered(replay_properties(&sent));
        assert!(is_replay(&arrived));
        assert_eq!(envelope(&arrived).unwrap().attributes.id, sent.id);
    }

    #[test]
    fn a_message_without_our_headers_is_no_event() {
        let error = envelope(&delivered(BasicProperties::default())).unwrap_err();
        assert!(matches!(error, EnvelopeError::Attribute("cloudEvents_id")));
    }

    #[test]
    fn the_schema_is_the_messages_full_name() {
        let name = message_name("order.status_changed.v1");
        assert_eq!(name, "konveksi.events.v1.OrderStatusChanged");
    }
}
