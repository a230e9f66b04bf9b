//! `/_requests`: what the providers' APIs were asked, oldest first.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::world::World;

/// The remembered requests.
pub(crate) async fn list(world: Data<World>) -> HttpResponse {
    HttpResponse::Ok().json(world.requests.all())
}

/// Forgets them.
pub(crate) async fn clear(world: Data<World>) -> HttpResponse {
    world.requests.clear();
    HttpResponse::NoContent().finish()
}
