//! Whether the process lives, and whether what it needs is there.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::{HttpResponse, web};
use serde_json::{Map, json};

type Check = dyn Fn() -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync;

/// One thing a service depends on.
#[derive(Clone)]
pub struct Probe {
    name: &'static str,
    required: bool,
    check: Arc<Check>,
}

impl Probe {
    /// Without it the service is not ready (503).
    pub fn required<F, Fut>(name: &'static str, check: F) -> Probe
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = bool> + Send + 'static,
    {
        Probe { name, required: true, check: Arc::new(move || Box::pin(check())) }
    }

    /// Without it the service is ready, but degraded.
    pub fn optional<F, Fut>(name: &'static str, check: F) -> Probe
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = bool> + Send + 'static,
    {
        Probe { required: false, ..Probe::required(name, check) }
    }
}

/// Everything a service depends on.
#[derive(Clone, Default)]
pub struct Readiness(Vec<Probe>);

impl Readiness {
    /// These probes.
    pub fn new(probes: impl IntoIterator<Item = Probe>) -> Readiness {
        Readiness(probes.into_iter().collect())
    }
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/internal/health/live", web::get().to(live))
        .route("/internal/health/ready", web::get().to(ready));
}

/// The process answers; nothing else is looked at, so that a database outage kills no pods.
async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}

async fn ready(readiness: web::Data<Readiness>) -> HttpResponse {
    let mut checks = Map::new();
    let (mut healthy, mut complete) = (true, true);
    for probe in &readiness.0 {
        let up = (probe.check)().await;
        checks.insert(probe.name.to_owned(), json!(if up { "connected" } else { "disconnected" }));
        complete &= up;
        healthy &= up || !probe.required;
    }
    let (mut answer, status) = match (healthy, complete) {
        (false, _) => (HttpResponse::ServiceUnavailable(), "unhealthy"),
        (true, false) => (HttpResponse::Ok(), "degraded"),
        (true, true) => (HttpResponse::Ok(), "healthy"),
    };
    answer.json(json!({ "status": status, "checks": checks }))
}
