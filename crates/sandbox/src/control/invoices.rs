//! `/_invoices`: the provider's invoices without a key, newest first, and two moves that the
//! provider makes by itself.

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data, Path, Query};
use serde::Deserialize;
use serde_json::json;

use crate::invoice::{Invoice, InvoiceError};
use crate::provider_call::body_as_json;
use crate::world::World;

/// The most invoices shown at once.
const LIMIT: usize = 2_000;

/// Which invoices.
#[derive(Debug, Deserialize)]
pub(crate) struct Filter {
    /// The merchant's reference.
    external_id: Option<String>,
}

/// The invoices.
pub(crate) async fn list(world: Data<World>, filter: Query<Filter>) -> HttpResponse {
    world.expire_due();
    HttpResponse::Ok().json(world.invoices.list(filter.external_id.as_deref(), LIMIT))
}

/// Expires one at once.
pub(crate) async fn expire(world: Data<World>, id: Path<String>) -> HttpResponse {
    moved(world.expire(&id))
}

/// The customer chooses a way to pay; the body may say `{"method": "QRIS"}`.
pub(crate) async fn choose(world: Data<World>, id: Path<String>, body: Bytes) -> HttpResponse {
    let fields = body_as_json(&body);
    moved(world.choose(&id, fields.get("method").and_then(serde_json::Value::as_str)))
}

/// Settles a paid one.
pub(crate) async fn settle(world: Data<World>, id: Path<String>) -> HttpResponse {
    moved(world.settle(&id))
}

fn moved(outcome: Result<Invoice, InvoiceError>) -> HttpResponse {
    match outcome {
        Ok(invoice) => HttpResponse::Ok().json(invoice),
        Err(error) => HttpResponse::BadRequest()
            .json(json!({ "error_code": "INVOICE_STATE", "message": error.to_string() })),
    }
}
