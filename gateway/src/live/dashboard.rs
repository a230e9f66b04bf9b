//! The dashboard's figures, told when they may have changed: once for many events, and only while
//! a dashboard is open.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::sync::Notify;

use super::frames::{frame, object};
use super::{Feed, lookup};
use crate::edge::Edge;

/// Analytics hears the same events as we do and needs a moment to count them.
const SETTLE: Duration = Duration::from_millis(700);

/// Tells figures each time they changed.
pub(super) async fn run(edge: Arc<Edge>, changed: Arc<Notify>) {
    loop {
        changed.notified().await;
        tokio::time::sleep(SETTLE).await;
        if !edge.hub.any(|feed| feed == Feed::Dashboard) {
            continue;
        }
        let Ok(figures) = lookup::dashboard(&edge).await else { continue };
        for kind in ["dashboard_update", "stats_update"] {
            let frame: Arc<str> = frame(kind, payload(&figures), edge.clock.now()).into();
            edge.hub.tell(|feed, _| (feed == Feed::Dashboard).then(|| frame.clone()));
        }
    }
}

/// The figures, by name and as a whole.
pub(super) fn payload(figures: &Value) -> Map<String, Value> {
    let mut payload = figures.as_object().cloned().unwrap_or_default();
    payload.extend(object([
        ("stats", figures.clone()),
        ("message", json!("Data dasbor diperbarui.")),
    ]));
    payload
}
