//! `/_messages`: every message as JSON, oldest first, of one recipient or of all.

use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use serde::{Deserialize, Serialize};

use crate::messages::Message;
use crate::world::World;

/// Whose messages.
#[derive(Debug, Deserialize)]
pub(crate) struct Filter {
    /// A telephone number however written, or a mail address.
    recipient: Option<String>,
}

#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    message: &'a Message,
    status: &'static str,
}

/// The messages.
pub(crate) async fn list(world: Data<World>, filter: Query<Filter>) -> HttpResponse {
    let now = world.now();
    let messages = world.messages.list(filter.recipient.as_deref());
    let shown: Vec<Shown<'_>> =
        messages.iter().map(|message| Shown { message, status: message.status(now) }).collect();
    HttpResponse::Ok().json(shown)
}

/// Forgets them.
pub(crate) async fn clear(world: Data<World>) -> HttpResponse {
    world.messages.clear();
    HttpResponse::NoContent().finish()
}
