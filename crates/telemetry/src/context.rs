//! A trace's position as two header values (W3C Trace Context), so that it can cross HTTP, the
//! outbox and the broker.

use std::collections::HashMap;

use opentelemetry::trace::TraceContextExt as _;
use opentelemetry::{Context, global};
use serde::{Deserialize, Serialize};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// Where a piece of work stands in its trace. Both values are absent when tracing is off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceContext {
    /// `00-<trace id>-<span id>-<flags>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// Vendors' additions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracestate: Option<String>,
}

impl TraceContext {
    /// The position of the span that is current now.
    pub fn current() -> TraceContext {
        let mut carrier = HashMap::new();
        let context = Span::current().context();
        global::get_text_map_propagator(|propagator| {
            propagator.inject_context(&context, &mut carrier);
        });
        TraceContext {
            traceparent: carrier.remove("traceparent"),
            tracestate: carrier.remove("tracestate").filter(|state| !state.is_empty()),
        }
    }

    /// The headers to send along, by name.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let parent = self.traceparent.as_deref().map(|value| ("traceparent", value));
        let state = self.tracestate.as_deref().map(|value| ("tracestate", value));
        parent.into_iter().chain(state)
    }

    /// Makes `span` a child of this position. Must be called before the span is first entered.
    pub fn attach_to(&self, span: &Span) {
        if let Some(context) = self.extract()
            && span.set_parent(context).is_err()
        {
            tracing::debug!("the span was entered before its parent was known");
        }
    }

    /// Lets `span` point at this position without being part of its trace; for retries, replays
    /// and callbacks.
    pub fn link_to(&self, span: &Span) {
        if let Some(context) = self.extract() {
            span.add_link(context.span().span_context().clone());
        }
    }

    fn extract(&self) -> Option<Context> {
        let traceparent = self.traceparent.clone()?;
        let mut carrier = HashMap::from([("traceparent".to_owned(), traceparent)]);
        if let Some(tracestate) = self.tracestate.clone() {
            carrier.insert("tracestate".to_owned(), tracestate);
        }
        let context = global::get_text_map_propagator(|propagator| propagator.extract(&carrier));
        context.span().span_context().is_valid().then_some(context)
    }
}

/// Names `span` anew in its trace, for a span whose name is known only once it runs (a recorded
/// `otel.name` no longer counts then).
pub fn rename(span: &Span, name: String) {
    span.context().span().update_name(name);
}
