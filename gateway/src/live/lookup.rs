//! Reads for sockets: an order by id for staff, by code for anybody, the dashboard's figures.

use std::time::{Duration, Instant};

use konveksi_identity::Identity;
use konveksi_kernel::ids::uuid_v7_at;
use serde_json::Value;
use uuid::Uuid;

use crate::compose::order_code;
use crate::edge::Edge;
use crate::error::Stop;
use crate::forward::{Answer, Context, Service};
use crate::json::At as _;

const PATIENCE: Duration = Duration::from_secs(5);

/// Speaks for the system: nobody's request is behind these reads.
fn context(edge: &Edge) -> Context {
    Context {
        identity: Identity::system(),
        request_id: uuid_v7_at(edge.clock.now()).to_string(),
        deadline: Instant::now() + PATIENCE,
        long_read: Duration::ZERO,
        public_url: edge.public_url_of_nobody().to_owned(),
        idempotency_key: None,
    }
}

fn found(answer: Answer) -> Result<Option<Value>, Stop> {
    if answer.status == 404 { Ok(None) } else { answer.success().map(Some) }
}

/// The full order; `None` when there is none.
pub(super) async fn order(edge: &Edge, id: &str) -> Result<Option<Value>, Stop> {
    let Ok(id) = Uuid::try_parse(id) else { return Ok(None) };
    let path = format!("/api/v1/order/{id}/");
    found(edge.upstreams.get(Service::Order, &path, &context(edge)).await?)
}

/// The order as anybody with its code may see it; `None` when there is none.
pub(super) async fn order_by_code(edge: &Edge, code: &str) -> Result<Option<Value>, Stop> {
    if !order_code::is_plain(code) {
        return Ok(None);
    }
    let path = format!("/internal/v1/orders/by-code/{code}");
    let answer = edge.upstreams.get(Service::Order, &path, &context(edge)).await?;
    Ok(found(answer)?.map(|found| found.at("data").clone()))
}

/// The dashboard's figures.
pub(super) async fn dashboard(edge: &Edge) -> Result<Value, Stop> {
    let path = "/api/v1/admin/dashboard/stats/";
    edge.upstreams.get(Service::Analytics, path, &context(edge)).await?.success()
}
