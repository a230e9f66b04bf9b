//! Looks at everything at once; whatever does not answer within a second is away.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Map, Value, json};

use crate::edge::Edge;
use crate::forward::{Context, Service};

const PATIENCE: Duration = Duration::from_secs(1);

/// How one service is.
struct Seen {
    service: Service,
    status: String,
    /// What it says of the things it needs.
    checks: Map<String, Value>,
}

impl Seen {
    fn serves(&self) -> bool {
        self.status != "unhealthy"
    }
}

/// Whether the system serves, and the figures of the answer.
pub(super) async fn all(edge: &Edge, context: &Context) -> (bool, Value) {
    let context = &Context { deadline: Instant::now() + PATIENCE, ..context.clone() };
    let services = join_all(Service::ALL.map(|service| look_at(edge, service, context)));
    let database = tokio::time::timeout(PATIENCE, edge.pool.ping());
    let (database, redis, services) = tokio::join!(database, edge.health.redis.is_up(), services);
    let database = matches!(database, Ok(Ok(())));
    let broker = edge.health.listener.is_connected();

    let serves = database && services.iter().all(|seen| seen.serves() || !seen.service.is_core());
    let complete = redis && broker && services.iter().all(|seen| seen.status == "healthy");
    let status = match (serves, complete) {
        (false, _) => "unhealthy",
        (true, false) => "degraded",
        (true, true) => "healthy",
    };
    let word = |up: bool| if up { "connected" } else { "disconnected" };
    let names: Map<String, Value> =
        services.iter().map(|seen| (seen.service.name().to_owned(), json!(seen.status))).collect();
    let scanner = services.iter().find_map(|seen| seen.checks.get("clamd"));
    let body = json!({
        "status": status,
        "database": word(database),
        "redis": word(redis),
        "broker": word(broker),
        "scanner": scanner.cloned().unwrap_or_else(|| json!("unknown")),
        "websocket": if broker { "active" } else { "degraded" },
        "services": names,
    });
    (serves, body)
}

async fn look_at(edge: &Edge, service: Service, context: &Context) -> Seen {
    let away = Seen { service, status: "unhealthy".to_owned(), checks: Map::new() };
    let Ok(answer) = edge.upstreams.get(service, "/internal/health/ready", context).await else {
        return away;
    };
    let Ok(Value::Object(body)) = serde_json::from_slice::<Value>(&answer.body) else {
        return away;
    };
    let status = body.get("status").and_then(Value::as_str).unwrap_or("unhealthy").to_owned();
    let checks = body.get("checks").and_then(Value::as_object).cloned().unwrap_or_default();
    Seen { service, status, checks }
}
