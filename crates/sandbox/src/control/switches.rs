//! `/_switches`: GET shows all, PUT changes what it names, DELETE resets.

use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data};

use crate::provider_call::refuse_switches;
use crate::world::World;

/// All switches.
pub(crate) async fn show(world: Data<World>) -> HttpResponse {
    HttpResponse::Ok().json(world.switches.current())
}

/// Changes what the body names.
pub(crate) async fn change(world: Data<World>, body: Bytes) -> HttpResponse {
    let changed = serde_json::from_slice(&body).and_then(|part| world.switches.merge(&part));
    match changed {
        Ok(switches) => HttpResponse::Ok().json(switches),
        Err(error) => refuse_switches(&error),
    }
}

/// Everything as at the start.
pub(crate) async fn reset(world: Data<World>) -> HttpResponse {
    HttpResponse::Ok().json(world.switches.reset())
}
