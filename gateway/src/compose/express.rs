//! Read your own write across services (`settled.md` 5): the events a service has just committed
//! are handed to the next one at once. The broker brings them again, which then changes nothing.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::edge::Edge;
use crate::forward::{Answer, Context, Service};
use konveksi_identity::Identity;

/// Longer than this nobody waits for it: the broker delivers anyway.
const PATIENCE: Duration = Duration::from_secs(2);

/// Hands what `answer` carries to `hearer`. That it fails is no failure of the call.
pub(super) async fn deliver(edge: &Edge, answer: &Answer, hearer: Service, context: &Context) {
    let Some(events) = answer.express() else { return };
    let deadline = context.deadline.min(Instant::now() + PATIENCE);
    let context = Context {
        identity: Identity::system(),
        deadline,
        idempotency_key: None,
        ..context.clone()
    };
    let body = json!({ "events": events });
    let delivered = edge.upstreams.post(hearer, "/internal/v1/events", &body, &context).await;
    if !delivered.is_ok_and(|answer| answer.is_success()) {
        tracing::info!(hearer = hearer.name(), "express delivery failed; the broker delivers");
    }
}
