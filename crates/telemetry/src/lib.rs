//! Logs, traces and metrics, set up the same way in every process.
//!
//! Logs go to standard error, pretty or as JSON. Traces and metrics go out over OTLP
//! (HTTP/protobuf) when `OTEL_EXPORTER_OTLP_ENDPOINT` is set, and nowhere otherwise.

mod context;
pub mod fields;
mod setup;

pub use context::{TraceContext, rename};
pub use setup::{SETTINGS, Telemetry, TelemetryError, init};

/// The meter of one of our crates; a no-op meter when metrics are off.
pub fn meter(name: &'static str) -> opentelemetry::metrics::Meter {
    opentelemetry::global::meter(name)
}
