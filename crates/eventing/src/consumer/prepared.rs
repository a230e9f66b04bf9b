//! One event that was read and is ready to be applied, with its place in the trace.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use konveksi_db::Connection;
use tracing::{Instrument as _, Span};
use uuid::Uuid;

use crate::cause::Cause;
use crate::envelope::Envelope;
use crate::handlers::{Apply, HandlerError};

/// How an event's handling belongs to the trace that told it (`settled.md` 17).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tracing {
    /// A first delivery: the same trace goes on.
    Continue,
    /// A retry or a replay: a trace of its own that points at the old one.
    Link,
}

/// An event that can be applied.
pub(crate) struct Prepared<'h, App> {
    pub(crate) envelope: Envelope,
    pub(crate) work: Box<dyn Apply<App> + 'h>,
    pub(crate) tracing: Tracing,
}

impl<App: Send + Sync + 'static> Prepared<'_, App> {
    pub(crate) fn id(&self) -> Uuid {
        self.envelope.attributes.id.as_uuid()
    }

    pub(crate) fn event_type(&self) -> &str {
        &self.envelope.attributes.event_type
    }

    /// Runs the handler within `tx`. A handler that panics refuses the event: the same event
    /// would make it panic again.
    pub(crate) async fn apply(&self, app: &App, tx: &mut Connection) -> Result<(), HandlerError> {
        let attributes = &self.envelope.attributes;
        let cause = Cause {
            causation: Some(attributes.id),
            correlation: Some(attributes.correlation),
            actor: attributes.actor.clone(),
        };
        let work = cause.scope(AssertUnwindSafe(self.work.apply(app, tx)).catch_unwind());
        match work.instrument(self.span()).await {
            Ok(answer) => answer,
            Err(panic) => {
                Err(HandlerError::Refuse(format!("the handler panicked: {}", words_of(&*panic))))
            }
        }
    }

    fn span(&self) -> Span {
        let attributes = &self.envelope.attributes;
        let span = tracing::info_span!(
            "event",
            otel.name = format!("{} process", attributes.event_type),
            otel.kind = "consumer",
            event.id = %attributes.id,
            event.type = attributes.event_type,
        );
        match self.tracing {
            Tracing::Continue => attributes.trace.attach_to(&span),
            Tracing::Link => attributes.trace.link_to(&span),
        }
        span
    }
}

fn words_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "without words".to_owned())
}
