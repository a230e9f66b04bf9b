//! The WhatsApp gateway's API. Like the real one it answers 200 to everything it understood and
//! says in `status` whether it took the message, and it has no idempotency: a message sent twice
//! arrives twice.

mod input;
mod send;

use actix_web::web;

/// Mounts `POST /send`.
pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/send", web::post().to(send::send)).route("/send/", web::post().to(send::send));
}
