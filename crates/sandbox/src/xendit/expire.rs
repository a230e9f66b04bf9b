//! `POST /invoices/{id}/expire!`: kills a payment link. The exclamation mark is the provider's.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::{auth, error};
use crate::provider_call;
use crate::switches::Api;
use crate::world::World;

/// Expires a waiting invoice; any other is answered as if there were none.
pub(crate) async fn expire(
    world: Data<World>,
    request: HttpRequest,
    id: Path<String>,
) -> HttpResponse {
    let act = || match auth::refusal(&world, &request) {
        Some(refusal) => refusal,
        None => match world.expire(&id) {
            Ok(invoice) => HttpResponse::Ok().json(invoice),
            Err(refusal) => error::refused(refusal),
        },
    };
    provider_call::answer(&world, Api::XenditExpire, (&request, &[]), error::broken, act).await
}
