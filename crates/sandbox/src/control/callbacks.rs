//! `/_callbacks`: what was told to the merchant, held ones let go, one told again.

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data, Path};
use serde::Deserialize;
use serde_json::json;

use crate::callback::ReleaseOrder;
use crate::provider_call::refuse_switches;
use crate::world::World;

/// The remembered callbacks, oldest first.
pub(crate) async fn list(world: Data<World>) -> HttpResponse {
    HttpResponse::Ok().json(world.courier.all())
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Release {
    #[serde(default)]
    order: ReleaseOrder,
}

/// Lets held callbacks go; the body may say `{"order": "made"}` or `"reversed"`. Later ones go
/// out at once again.
pub(crate) async fn release(world: Data<World>, body: Bytes) -> HttpResponse {
    let asked = if body.is_empty() {
        Release::default()
    } else {
        match serde_json::from_slice(&body) {
            Ok(release) => release,
            Err(error) => return refuse_switches(&error),
        }
    };
    HttpResponse::Ok().json(json!({ "released": world.release(asked.order) }))
}

/// Tells one again.
pub(crate) async fn resend(world: Data<World>, id: Path<u64>) -> HttpResponse {
    if world.courier.resend(*id, &world.switches.current().callbacks) {
        HttpResponse::Accepted().finish()
    } else {
        HttpResponse::NotFound().finish()
    }
}
