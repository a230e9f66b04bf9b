//! `GET /v2/invoices/{id}` and `GET /v2/invoices`.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::{auth, error};
use crate::invoice::{Invoice, ProviderKind};
use crate::provider_call;
use crate::switches::Api;
use crate::world::World;

/// The provider's default and largest number of invoices in a list.
const DEFAULT_LIMIT: usize = 10;
const LARGEST_LIMIT: usize = 100;

/// How many invoices are looked at when a list is filtered by status.
const SCANNED: usize = 20_000;

/// One invoice.
pub(crate) async fn get(
    world: Data<World>,
    request: HttpRequest,
    id: Path<String>,
) -> HttpResponse {
    let act = || match (auth::refusal(&world, &request), own(world.invoice(&id))) {
        (Some(refusal), _) => refusal,
        (None, Some(invoice)) => HttpResponse::Ok().json(invoice),
        (None, None) => error::not_found("Could not find invoice with that id"),
    };
    provider_call::answer(&world, Api::XenditGet, (&request, &[]), error::broken, act).await
}

/// Whether it was made here and not at another provider of the sandbox.
fn is_own(invoice: &Invoice) -> bool {
    invoice.backstage.provider == ProviderKind::Xendit
}

fn own(found: Option<Invoice>) -> Option<Invoice> {
    found.filter(is_own)
}

/// What a list is filtered by.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Filter {
    /// The merchant's reference.
    external_id: Option<String>,
    /// A JSON list of statuses, such as `["PENDING"]`.
    statuses: Option<String>,
    /// How many.
    limit: Option<usize>,
}

/// Invoices, newest first.
pub(crate) async fn list(
    world: Data<World>,
    request: HttpRequest,
    filter: Query<Filter>,
) -> HttpResponse {
    let act = || {
        if let Some(refusal) = auth::refusal(&world, &request) {
            return refusal;
        }
        world.expire_due();
        let limit = filter.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, LARGEST_LIMIT);
        let statuses = filter.statuses.as_deref().unwrap_or_default();
        let wanted = |invoice: &Invoice| {
            is_own(invoice) && (statuses.is_empty() || statuses.contains(invoice.status.as_wire()))
        };
        let scanned = if statuses.is_empty() { limit } else { SCANNED };
        let found = world.invoices.list(filter.external_id.as_deref(), scanned);
        let found: Vec<Invoice> = found.into_iter().filter(wanted).take(limit).collect();
        HttpResponse::Ok().json(found)
    };
    provider_call::answer(&world, Api::XenditGet, (&request, &[]), error::broken, act).await
}
