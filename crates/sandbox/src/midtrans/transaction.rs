//! `GET /v2/{id}/status`, `POST /v2/{id}/expire`, `POST /v2/{id}/cancel`.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::{auth, body};
use crate::invoice::{Invoice, InvoiceStatus, ProviderKind};
use crate::provider_call;
use crate::switches::Api;
use crate::world::World;

/// How many pages of one order id are looked at.
const PAGES: usize = 100;

/// The transaction with this order id or transaction id, once its customer chose a way to pay.
pub(super) fn find(world: &World, id: &str) -> Option<Invoice> {
    world.expire_due();
    let named = world.invoices.list(Some(id), PAGES).into_iter();
    named
        .chain(world.invoices.find(id))
        .find(|one| one.backstage.provider == ProviderKind::Midtrans && one.backstage.chosen)
}

/// Where a transaction stands.
pub(super) async fn status(
    world: Data<World>,
    request: HttpRequest,
    id: Path<String>,
) -> HttpResponse {
    let act = || match (auth::refusal(&world, &request), find(&world, &id)) {
        (Some(refusal), _) => refusal,
        (None, None) => body::unknown(),
        (None, Some(invoice)) => {
            let verdict = match invoice.status {
                InvoiceStatus::Pending => ("201", "Success, transaction is found"),
                InvoiceStatus::Paid | InvoiceStatus::Settled => {
                    ("200", "Success, transaction is found")
                }
                InvoiceStatus::Expired => ("407", "Success, transaction is found"),
            };
            HttpResponse::Ok().json(body::of(&invoice, verdict, &world.config.midtrans_server_key))
        }
    };
    provider_call::answer(&world, Api::MidtransGet, (&request, &[]), body::broken, act).await
}

/// Ends a waiting transaction.
pub(super) async fn expire(
    world: Data<World>,
    request: HttpRequest,
    id: Path<String>,
) -> HttpResponse {
    end(&world, &request, &id, ("407", "Success, transaction is expired")).await
}

/// Ends a waiting transaction the other way.
pub(super) async fn cancel(
    world: Data<World>,
    request: HttpRequest,
    id: Path<String>,
) -> HttpResponse {
    end(&world, &request, &id, ("200", "Success, transaction is canceled")).await
}

async fn end(
    world: &World,
    request: &HttpRequest,
    id: &str,
    verdict: (&str, &str),
) -> HttpResponse {
    let act = || {
        if let Some(refusal) = auth::refusal(world, request) {
            return refusal;
        }
        let Some(invoice) = find(world, id) else { return body::unknown() };
        match world.expire(&invoice.id) {
            Ok(ended) => HttpResponse::Ok().json(body::of(
                &ended,
                verdict,
                &world.config.midtrans_server_key,
            )),
            Err(_ended_before) => body::answer(
                StatusCode::PRECONDITION_FAILED,
                "412",
                "Merchant cannot modify the status of the transaction",
            ),
        }
    };
    provider_call::answer(world, Api::MidtransExpire, (request, &[]), body::broken, act).await
}
