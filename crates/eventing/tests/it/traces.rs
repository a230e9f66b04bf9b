//! One order is one trace; a retry has a trace of its own that points at it.

use std::sync::{Arc, Mutex, OnceLock};

use chrono::TimeDelta;
use konveksi_test_support::eventually;
use opentelemetry::trace::{TraceContextExt as _, TraceId, TracerProvider as _};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use tracing::Instrument as _;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::support::{Answer, SOON, WAITING, World};

/// Keeps the spans of all tests of this binary.
#[derive(Debug, Clone, Default)]
struct Kept(Arc<Mutex<Vec<SpanData>>>);

impl SpanExporter for Kept {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.lock().unwrap().extend(batch);
        Ok(())
    }
}

/// Sets up tracing for this binary, once: spans are kept, logs are shown as `RUST_LOG` says.
pub(crate) fn set_up() {
    kept();
}

/// The spans so far.
fn kept() -> &'static Kept {
    static KEPT: OnceLock<Kept> = OnceLock::new();
    KEPT.get_or_init(|| {
        let kept = Kept::default();
        let provider = SdkTracerProvider::builder().with_simple_exporter(kept.clone()).build();
        let tracer = provider.tracer("it");
        opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
        opentelemetry::global::set_tracer_provider(provider);
        let wanted =
            EnvFilter::try_from_default_env().unwrap_or_else(|_absent| EnvFilter::new("off"));
        tracing_subscriber::registry()
            .with(tracing_opentelemetry::layer().with_tracer(tracer))
            .with(tracing_subscriber::fmt::layer().with_test_writer().with_filter(wanted))
            .init();
        kept
    })
}

async fn span_where(wanted: impl Fn(&SpanData) -> bool) -> SpanData {
    eventually(SOON, async || kept().0.lock().unwrap().iter().find(|span| wanted(span)).cloned())
        .await
}

fn is_handling(span: &SpanData) -> bool {
    span.name == "order.created.v1 process"
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_delivery_continues_the_trace_and_a_retry_points_at_it() {
    let world = World::new().await;
    let (_relay, _consumer) = (world.order.start(), world.payment.start());
    let order = konveksi_kernel::OrderId::generate(&*world.order.clock).as_uuid();
    world.payment.app.will_answer(order, &[Answer::Retry]);
    let request = tracing::info_span!("request");
    let trace: TraceId = request.context().span().span_context().trace_id();
    world.order.tell_about(order, 1).instrument(request).await;
    let first = span_where(|span| is_handling(span) && span.span_context.trace_id() == trace).await;
    world.payment.until(WAITING, 1).await;
    world.payment.clock.advance(TimeDelta::seconds(6));
    let retry = span_where(|span| {
        is_handling(span) && span.links.iter().any(|link| link.span_context.trace_id() == trace)
    })
    .await;
    assert_ne!(retry.span_context.trace_id(), trace);
    assert_ne!(first.span_context.span_id(), retry.span_context.span_id());
    world.payment.until_applied(order).await;
}
