//! Starts logging and, when an endpoint is given, the export of traces and metrics.

use konveksi_settings::{Reader, Setting, SettingsError};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry::{KeyValue, global};
use opentelemetry_otlp::{ExporterBuildError, Protocol, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use thiserror::Error;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};
use tracing_subscriber::{EnvFilter, Layer as _, fmt};

/// What every process understands about its telemetry.
pub static SETTINGS: &[Setting] = &[
    Setting::with_default("KONVEKSI_LOG_FORMAT", "pretty", "how logs are written: pretty or json"),
    Setting::with_default("RUST_LOG", "info", "which logs are written, as tracing's EnvFilter"),
    Setting::optional(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "base URL of an OTLP/HTTP receiver; without it nothing is exported",
    ),
];

/// Why telemetry could not be set up.
#[derive(Debug, Error)]
pub enum TelemetryError {
    /// A setting is wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// `RUST_LOG` could not be read.
    #[error("RUST_LOG is not a filter")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// The exporter could not be built.
    #[error("the OTLP exporter could not be built")]
    Exporter(#[from] ExporterBuildError),
    /// Telemetry was set up twice in one process.
    #[error("logging was set up already")]
    Twice(#[from] TryInitError),
}

/// Keeps the exporters; [`Telemetry::shutdown`] sends what is left.
#[derive(Default)]
pub struct Telemetry {
    tracer: Option<SdkTracerProvider>,
    meter: Option<SdkMeterProvider>,
}

/// Sets up logs and, if asked for, traces and metrics, for the process of `service`.
///
/// # Errors
/// [`TelemetryError`].
pub fn init(service: &'static str) -> Result<Telemetry, TelemetryError> {
    let reader = Reader::from_env(SETTINGS);
    let telemetry = match reader.optional("OTEL_EXPORTER_OTLP_ENDPOINT")? {
        Some(endpoint) => export_to(endpoint.trim_end_matches('/'), service)?,
        None => Telemetry::default(),
    };
    global::set_text_map_propagator(TraceContextPropagator::new());
    // The exporter's own HTTP calls must not be traced, or they would feed themselves.
    let directives = format!("{},hyper=off,reqwest=off,h2=off", reader.text("RUST_LOG")?);
    let logs = if reader.text("KONVEKSI_LOG_FORMAT")? == "json" {
        fmt::layer().json().flatten_event(true).with_writer(std::io::stderr).boxed()
    } else {
        fmt::layer().with_target(false).with_ansi(false).with_writer(std::io::stderr).boxed()
    };
    let spans = telemetry
        .tracer
        .as_ref()
        .map(|provider| tracing_opentelemetry::layer().with_tracer(provider.tracer(service)));
    tracing_subscriber::registry()
        .with(EnvFilter::builder().parse(directives)?)
        .with(logs)
        .with(spans)
        .try_init()?;
    Ok(telemetry)
}

fn export_to(endpoint: &str, service: &'static str) -> Result<Telemetry, TelemetryError> {
    let resource = Resource::builder()
        .with_service_name(service)
        .with_attribute(KeyValue::new("service.namespace", "konveksi"))
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    let spans = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{endpoint}/v1/traces"))
        .build()?;
    let figures = opentelemetry_otlp::MetricExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{endpoint}/v1/metrics"))
        .build()?;
    let tracer = SdkTracerProvider::builder()
        .with_batch_exporter(spans)
        .with_resource(resource.clone())
        .build();
    let meter =
        SdkMeterProvider::builder().with_periodic_exporter(figures).with_resource(resource).build();
    global::set_tracer_provider(tracer.clone());
    global::set_meter_provider(meter.clone());
    Ok(Telemetry { tracer: Some(tracer), meter: Some(meter) })
}

impl Telemetry {
    /// Sends what is left and stops. Blocks for some seconds when the receiver is away, so call it
    /// from `spawn_blocking`.
    pub fn shutdown(self) {
        if let Some(tracer) = self.tracer
            && let Err(error) = tracer.shutdown()
        {
            tracing::warn!(%error, "the last traces were not exported");
        }
        if let Some(meter) = self.meter
            && let Err(error) = meter.shutdown()
        {
            tracing::warn!(%error, "the last metrics were not exported");
        }
    }
}
