//! Is all well: `GET /api/v1/health/` (`contract.md` row 6, `settled.md` 35). The database or a
//! core service away is 503 `unhealthy`; Redis, broker, scanner or another service away is 200
//! `degraded`.

mod check;
mod uptime;

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::HttpResponse;
use chrono::SecondsFormat;
use konveksi_cache::Cache;
use konveksi_eventing::Listener;
use serde_json::{Value, json};

use crate::edge::Call;
use crate::error::Stop;

/// How long an answer is repeated: a flood of probes must not become a flood on the services.
const KEPT: Duration = Duration::from_secs(1);

/// What health looks at, besides what the edge has anyway.
pub(crate) struct Health {
    /// Asked with more patience than limits have.
    pub(crate) redis: Cache,
    pub(crate) listener: Listener,
    last: Mutex<Option<(Instant, bool, Value)>>,
}

impl Health {
    pub(crate) fn new(redis: Cache, listener: Listener) -> Health {
        Health { redis, listener, last: Mutex::new(None) }
    }

    fn recent(&self) -> Option<(bool, Value)> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, healthy, body) = last.as_ref()?;
        (at.elapsed() < KEPT).then(|| (*healthy, body.clone()))
    }

    fn keep(&self, healthy: bool, body: Value) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some((Instant::now(), healthy, body));
    }
}

/// `GET /api/v1/health/`
pub(crate) async fn endpoint(call: Call) -> Result<HttpResponse, Stop> {
    let edge = &call.edge;
    let (healthy, mut body) = if let Some(recent) = edge.health.recent() {
        recent
    } else {
        let (healthy, body) = check::all(edge, &call.system_context()).await;
        edge.health.keep(healthy, body.clone());
        (healthy, body)
    };
    if let Some(body) = body.as_object_mut() {
        body.insert("version".to_owned(), json!(env!("CARGO_PKG_VERSION")));
        body.insert("uptime".to_owned(), json!(uptime::display(edge.started.elapsed())));
        let since = edge.started_at.to_rfc3339_opts(SecondsFormat::Secs, true);
        body.insert("last_deployment".to_owned(), json!(since));
    }
    let mut answer = if healthy { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    Ok(answer.json(body))
}

/// `GET /health/live`: the process answers; nothing else is looked at.
pub(crate) fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}
