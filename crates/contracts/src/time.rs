//! Instants in events: protobuf's `Timestamp` and back.

use chrono::{DateTime, Utc};
use prost_types::Timestamp;

/// `instant` as events carry it.
pub fn to_timestamp(instant: DateTime<Utc>) -> Timestamp {
    Timestamp {
        seconds: instant.timestamp(),
        nanos: i32::try_from(instant.timestamp_subsec_nanos()).unwrap_or(0),
    }
}

/// The instant an event carries; `None` when it is absent or outside the calendar.
pub fn from_timestamp(stamp: Option<&Timestamp>) -> Option<DateTime<Utc>> {
    let stamp = stamp?;
    DateTime::from_timestamp(stamp.seconds, u32::try_from(stamp.nanos).ok()?)
}
