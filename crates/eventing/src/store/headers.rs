//! The attributes that have no column of their own, kept as one JSON value.

use konveksi_db::DbError;
use konveksi_kernel::EventId;
use konveksi_telemetry::TraceContext;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::envelope::Attributes;

/// `outbox.headers` and `event_log.headers`; the names are those of the envelope's extensions.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Headers {
    producer: String,
    correlationid: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    causationid: Option<EventId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    actor: Option<String>,
    #[serde(flatten)]
    trace: TraceContext,
}

impl Headers {
    pub(crate) fn of(attributes: &Attributes) -> Headers {
        Headers {
            producer: attributes.producer.clone(),
            correlationid: attributes.correlation,
            causationid: attributes.causation,
            actor: attributes.actor.clone(),
            trace: attributes.trace.clone(),
        }
    }

    pub(crate) fn to_json(&self) -> serde_json::Value {
        // A struct of texts always has a JSON form.
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// The columns that outbox and event log share with the envelope.
pub(crate) struct Columns {
    pub(crate) id: Uuid,
    pub(crate) aggregate_type: String,
    pub(crate) aggregate_id: Uuid,
    pub(crate) aggregate_version: i64,
    pub(crate) event_type: String,
    pub(crate) headers: serde_json::Value,
    pub(crate) occurred_at: chrono::DateTime<chrono::Utc>,
}

impl TryFrom<Columns> for Attributes {
    type Error = DbError;

    fn try_from(columns: Columns) -> Result<Attributes, DbError> {
        let headers: Headers = serde_json::from_value(columns.headers)
            .map_err(|error| DbError::Corrupt(format!("headers of {}: {error}", columns.id)))?;
        Ok(Attributes {
            id: EventId::from_uuid(columns.id),
            event_type: columns.event_type,
            producer: headers.producer,
            subject_kind: columns.aggregate_type,
            subject: columns.aggregate_id,
            version: columns.aggregate_version,
            occurred_at: columns.occurred_at,
            correlation: headers.correlationid,
            causation: headers.causationid,
            actor: headers.actor,
            trace: headers.trace,
        })
    }
}
