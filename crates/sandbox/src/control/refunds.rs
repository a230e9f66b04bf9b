//! `/_refunds`: what was asked to go back, and how the provider ends it when switches hold it.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde_json::{Value, json};

use crate::refund::RefundError;
use crate::world::World;

/// The most invoices looked at.
const SCANNED: usize = 2_000;

/// Every refund with its invoice's id, newest invoice first.
pub(crate) async fn list(world: Data<World>) -> HttpResponse {
    let invoices = world.invoices.list(None, SCANNED);
    let refunds: Vec<Value> = invoices
        .iter()
        .flat_map(|invoice| invoice.backstage.refunds.iter().map(|one| one.on_wire(invoice)))
        .collect();
    HttpResponse::Ok().json(refunds)
}

/// Pays a waiting one.
pub(crate) async fn succeed(world: Data<World>, id: Path<String>) -> HttpResponse {
    ended(world.end_refund(&id, true).map(|(invoice, refund)| refund.on_wire(&invoice)))
}

/// Lets a waiting one fail.
pub(crate) async fn fail(world: Data<World>, id: Path<String>) -> HttpResponse {
    ended(world.end_refund(&id, false).map(|(invoice, refund)| refund.on_wire(&invoice)))
}

fn ended(outcome: Result<Value, RefundError>) -> HttpResponse {
    match outcome {
        Ok(refund) => HttpResponse::Ok().json(refund),
        Err(error) => HttpResponse::BadRequest()
            .json(json!({ "error_code": "REFUND_STATE", "message": error.to_string() })),
    }
}
