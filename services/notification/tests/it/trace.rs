//! A message belongs to the trace of the event that asked for it.

use konveksi_telemetry::TraceContext;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::support::{Story, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_message_keeps_the_trace_of_its_event() {
    opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    let tracer = SdkTracerProvider::builder().build().tracer("test");
    tracing_subscriber::registry().with(tracing_opentelemetry::layer().with_tracer(tracer)).init();
    let trace_id = "0af7651916cd43dd8448eb211c80319c";
    let world = World::new().await;
    let mut events = Story::new().beginning();
    for event in &mut events {
        event.attributes.trace = TraceContext {
            traceparent: Some(format!("00-{trace_id}-b7ad6b7169203331-01")),
            tracestate: None,
        };
    }
    world.tell(&events).await;
    world.received("081234567890", 1).await;
    world.settled().await;
    let of_message = world.one("SELECT trace ->> 'traceparent' AS text FROM messages").await;
    assert!(of_message.contains(trace_id), "{of_message}");
    let of_event = "SELECT headers ->> 'traceparent' AS text FROM
        (SELECT headers FROM outbox UNION ALL SELECT headers FROM event_log) AS told";
    let of_event = world.one(of_event).await;
    assert!(of_event.contains(trace_id), "{of_event}");
}
